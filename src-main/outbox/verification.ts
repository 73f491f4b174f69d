import { z } from 'zod'
import type { FieldValue } from '../contract/operation.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { Nota } from '../provider-contract/nota.ts'
import { Operation as Richiesta } from '../provider-contract/operation.ts'
import { Messaggio, Segnalazione } from '../provider-contract/segnalazione.ts'
import { Attivita, Indirizzo, Titolare, type TitolareNew } from '../provider-contract/titolare.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { fieldsOfRow, pathOfRow, schemaOfRow, type RowOf } from './editable-rows.ts'
import { changeOf, isChange, type Change, type Fields, type Operation, type RowKind } from './operation.ts'

export type Verification =
  | { kind: 'applied'; body: unknown }
  | { kind: 'not_applied' }
  /** The row holds values that are not all the operator's and not all those that were seen. */
  | { kind: 'changed_since'; news: News }
  | { kind: 'undecidable' }
  | { kind: 'unreachable' }

/** The provider's row, as it is now. */
export type News = { [K in RowKind]: { row: K; data: RowOf[K] } }[RowKind]

/**
 * Whether an update whose outcome is unknown took effect, from the provider's row after the quiet period. All of the
 * operator's values stand there: applied. All of those that the operator saw: not applied. A mixture, or a third
 * value: nobody can tell. Pure.
 */
export function judgeUpdate(
  fields: Record<string, FieldValue>,
  seen: Record<string, FieldValue>,
  now: Record<string, FieldValue>,
): 'applied' | 'not_applied' | 'undecidable' {
  const names = Object.keys(fields)
  if (names.every((name) => now[name] === fields[name])) return 'applied'
  if (names.every((name) => now[name] === seen[name])) return 'not_applied'
  return 'undecidable'
}

/**
 * Whether a row that still stands there was to be deleted: with the values that the operator saw, the deletion did not
 * arrive; with others, somebody changed it and the person decides anew. Pure.
 */
export function judgeStanding(seen: Fields, now: Fields): 'not_applied' | 'changed_since' {
  return Object.keys(seen).every((name) => now[name] === seen[name]) ? 'not_applied' : 'changed_since'
}

const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
/** What a provider with a million rows needs, ten times over; pages may be short, even empty, before the last one. */
const MOST_PAGES = 1000

/**
 * A creation is known by its natural key: one match is it, none is not, several are for a person. None counts only when
 * the last page has been read, and when nothing there may be it after all (`isDoubtful`). `read` answers the page at a
 * cursor (the first one: null), null where there is none.
 */
export async function judgeCreation<T>(
  schema: z.ZodType<T>,
  read: (cursor: string | null) => Promise<{ body: unknown } | null>,
  isMine: (item: T) => boolean,
  isDoubtful: (item: T) => boolean = () => false,
): Promise<Verification> {
  const mine: T[] = []
  let doubtful = false
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await read(cursor)
    if (answer === null) return { kind: 'unreachable' }
    const page = Page.safeParse(answer.body)
    if (!page.success) return { kind: 'undecidable' }
    for (const item of page.data.items) {
      const parsed = schema.safeParse(item)
      if (!parsed.success) continue
      if (isMine(parsed.data)) mine.push(parsed.data)
      else if (isDoubtful(parsed.data)) doubtful = true
    }
    if (mine.length > 1) return { kind: 'undecidable' }
    if (page.data.nextCursor === null) {
      if (mine.length > 0) return { kind: 'applied', body: mine[0] }
      return { kind: doubtful ? 'undecidable' : 'not_applied' }
    }
    // A page that leads to itself has no end.
    if (page.data.nextCursor === cursor) return { kind: 'undecidable' }
    cursor = page.data.nextCursor
  }
  return { kind: 'undecidable' }
}

const quoted = (text: string): string => JSON.stringify(text)

/**
 * The filter that finds a new holder again, and whether one that it finds is it: by codice fiscale and name, or by e-mail
 * and name where it has none (D55); undefined where it has neither. Several without one may be alike. Pure.
 */
export function titolareKey({
  codiceFiscale,
  email,
  nome,
  cognome,
}: Pick<TitolareNew, 'codiceFiscale' | 'email' | 'nome' | 'cognome'>):
  { filter: string; isMine: (titolare: Titolare) => boolean } | undefined {
  const hasName = (titolare: Titolare): boolean => titolare.cognome === cognome && titolare.nome === nome
  if (codiceFiscale !== '') return { filter: `codiceFiscale eq ${quoted(codiceFiscale)}`, isMine: hasName }
  if (email === null) return undefined
  return {
    filter: `email eq ${quoted(email)} and cognome eq ${quoted(cognome)} and nome eq ${quoted(nome)}`,
    isMine: (titolare) => hasName(titolare) && titolare.codiceFiscale === '' && titolare.email === email,
  }
}

/** Clocks that are right differ by less than this, in milliseconds. */
const CLOCKS_APART_MS = 3600_000

type Ask = (path: string) => Promise<{ status: number; body: unknown } | null>

/** What became of a change of a row, from the row itself. */
async function verifyChange(
  change: Change,
  seen: Fields,
  row: { kind: RowKind; id: string },
  ask: Ask,
): Promise<Verification> {
  const answer = await ask(pathOfRow(row.kind, row.id))
  if (answer === null) return { kind: 'unreachable' }
  const isGone = answer.status === 404
  if (change.kind === 'delete' && isGone) return { kind: 'applied', body: undefined }
  const parsed = schemaOfRow(row.kind).safeParse(answer.body)
  if (!parsed.success) return { kind: 'undecidable' }
  const now = fieldsOfRow(row.kind, parsed.data)
  const changedSince: Verification = { kind: 'changed_since', news: newsOf(row.kind, parsed.data) }
  if (change.kind === 'delete') {
    // A deleted casella stays as a row (D68).
    if (row.kind === 'casella' && Casella.safeParse(answer.body).data?.ciclo === 'eliminata')
      return { kind: 'applied', body: parsed.data }
    return judgeStanding(seen, now) === 'not_applied' ? { kind: 'not_applied' } : changedSince
  }
  switch (judgeUpdate(change.fields, seen, now)) {
    case 'applied':
      return { kind: 'applied', body: parsed.data }
    case 'not_applied':
      return { kind: 'not_applied' }
    case 'undecidable':
      return changedSince
  }
}

/**
 * A merge has taken all of the absorbed away and set what was chosen, or it took none: then it did not arrive. Anything
 * else is nobody's merge as it was asked for.
 */
async function verifyFusione(
  { id, assorbiti, fields }: { id: string; assorbiti: readonly { id: string }[]; fields: Fields },
  ask: Ask,
): Promise<Verification> {
  const stays = await ask(pathOfRow('titolare', id))
  if (stays === null) return { kind: 'unreachable' }
  const row = Titolare.safeParse(stays.body)
  let gone = 0
  for (const each of assorbiti) {
    const answer = await ask(pathOfRow('titolare', each.id))
    if (answer === null) return { kind: 'unreachable' }
    if (answer.status === 404) gone += 1
  }
  if (gone === 0) return { kind: 'not_applied' }
  if (!row.success || gone < assorbiti.length) return { kind: 'undecidable' }
  // Somebody else may have made them one, without the values that this operator chose.
  const now = fieldsOfRow('titolare', row.data)
  const isAsChosen = Object.entries(fields).every(([name, value]) => now[name] === value)
  return isAsChosen ? { kind: 'applied', body: row.data } : { kind: 'undecidable' }
}

function newsOf<K extends RowKind>(row: K, data: RowOf[K]): News {
  // The pair is of one kind by the signature, which the mapped union cannot say.
  return { row, data } as News
}

/** Rule 4, for providers that keep no idempotency keys: asks the registry whether the operation stands there. */
export async function verifyByNaturalKey(
  operation: Pick<Operation, 'args' | 'seen' | 'row' | 'sentAt' | 'createdAt'>,
  session: Pick<ProviderSession, 'send'>,
  serverId: (id: string) => string | undefined,
): Promise<Verification> {
  const ask: Ask = async (path) => {
    const result = await session.send({ method: 'GET', path })
    return result.kind === 'answer' && (result.status === 200 || result.problem?.code === 'not_found')
      ? { status: result.status, body: result.body }
      : null
  }
  const search = (path: string, filter: string) => (cursor: string | null) =>
    ask(`${path}?filter=${encodeURIComponent(filter)}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
  const { args, row, seen, sentAt, createdAt } = operation
  if (args.type === 'titolare.fusione') return verifyFusione(args, ask)
  if (isChange(args)) {
    const id = row === null ? undefined : serverId(row.id)
    return row === null || id === undefined
      ? { kind: 'undecidable' }
      : verifyChange(changeOf(args), seen, { kind: row.kind, id }, ask)
  }
  /** A creation below another row, looked for among all that hangs there. */
  const below = <T>(
    schema: z.ZodType<T>,
    path: string,
    owner: { name: string; id: string },
    isMine: (item: T) => boolean,
    isDoubtful?: (item: T) => boolean,
  ): Promise<Verification> => {
    const id = serverId(owner.id)
    return id === undefined
      ? Promise.resolve({ kind: 'undecidable' })
      : judgeCreation(schema, search(path, `${owner.name} eq ${quoted(id)}`), isMine, isDoubtful)
  }
  const sameFields = (wanted: object, found: object): boolean =>
    Object.entries(wanted).every(([name, value]) => name.endsWith('Id') || Reflect.get(found, name) === value)
  /**
   * Of what may be alike twice, only the time tells one from the other: mine is what came since the sending (since it was
   * entered, where a restored backup does not remember the sending). An older one
   * may be mine still, for this clock may be wrong by any amount: then a person decides, and nothing is sent again.
   */
  const dated = <T>(
    isAlike: (found: T) => boolean,
    instant: (found: T) => string,
  ): [isMine: (found: T) => boolean, isDoubtful: (found: T) => boolean] => [
    (found) => isAlike(found) && Date.parse(instant(found)) >= Date.parse(sentAt ?? createdAt) - CLOCKS_APART_MS,
    isAlike,
  ]

  switch (args.type) {
    case 'casella.create': {
      const { denominazione, dominioId } = args.casella
      const filter = `denominazione eq ${quoted(denominazione)} and dominioId eq ${quoted(dominioId)}`
      const titolareId = serverId(args.casella.titolareId)
      return judgeCreation(
        Casella,
        search('/caselle', filter),
        (casella) => casella.titolareId === titolareId && casella.ciclo !== 'eliminata',
      )
    }
    case 'titolare.create': {
      const key = titolareKey(args.titolare)
      if (key === undefined) return { kind: 'undecidable' }
      return judgeCreation(Titolare, search('/titolari', key.filter), key.isMine)
    }
    case 'indirizzo.create':
      return below(Indirizzo, '/indirizzi', { name: 'titolareId', id: args.indirizzo.titolareId }, (found) =>
        sameFields(args.indirizzo, found),
      )
    case 'attivita.create':
      return below(Attivita, '/attivita', { name: 'titolareId', id: args.attivita.titolareId }, (found) =>
        sameFields(args.attivita, found),
      )
    case 'nota.create': {
      const { casellaId, titolareId, testo } = args.nota
      const owner =
        casellaId === null ? { name: 'titolareId', id: titolareId ?? '' } : { name: 'casellaId', id: casellaId }
      return below(
        Nota,
        '/note',
        owner,
        ...dated<Nota>(
          (found) => found.testo === testo,
          ({ scritta }) => scritta,
        ),
      )
    }
    case 'segnalazione.create': {
      const { titolo, descrizione } = args.segnalazione
      return judgeCreation(
        Segnalazione,
        search('/segnalazioni', `titolo eq ${quoted(titolo)}`),
        ...dated<Segnalazione>(
          (found) => found.descrizione === descrizione,
          ({ aperta }) => aperta,
        ),
      )
    }
    case 'messaggio.create':
      return below(
        Messaggio,
        '/messaggi',
        { name: 'segnalazioneId', id: args.messaggio.segnalazioneId },
        ...dated<Messaggio>(
          (found) =>
            found.testo === args.messaggio.testo &&
            found.allegati.map(({ sha256 }) => sha256).join() === (args.allegato?.sha256 ?? ''),
          ({ inviato }) => inviato,
        ),
      )
    case 'casella.richiesta':
      return below(
        Richiesta,
        '/operations',
        { name: 'casellaId', id: args.casellaId },
        ...dated<Richiesta>(
          ({ kind, estratto }) =>
            kind === args.richiesta.tipo &&
            (args.richiesta.tipo !== 'estratto_log' ||
              (estratto?.dal === args.richiesta.dal &&
                estratto.al === args.richiesta.al &&
                estratto.scopo === args.richiesta.scopo)),
          ({ created }) => created,
        ),
      )
    case 'casella.azione':
      return below(
        Richiesta,
        '/operations',
        { name: 'casellaId', id: args.casellaId },
        ...dated<Richiesta>(
          (found) => found.kind === args.azione,
          ({ created }) => created,
        ),
      )
    case 'documento.attach':
      return below(
        Documento,
        '/documenti',
        { name: 'casellaId', id: args.casellaId },
        (documento) => documento.sha256 === args.sha256 && documento.tipo === args.tipo,
      )
  }
}
