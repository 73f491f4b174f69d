import { z } from 'zod'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { Titolare, type TitolareNew } from '../provider-contract/titolare.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { editableFields } from '../caselle/casella-fields.ts'
import type { FieldValue } from '../contract/operation.ts'
import type { Operation } from './operation.ts'

export type Verification =
  | { kind: 'applied'; body: unknown }
  | { kind: 'not_applied' }
  /** The row holds values that are not all the operator's and not all those that were seen. */
  | { kind: 'changed_since'; casella: Casella }
  | { kind: 'undecidable' }
  | { kind: 'unreachable' }

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

const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
/** What a provider with a million rows needs, ten times over; pages may be short, even empty, before the last one. */
const MOST_PAGES = 1000

/**
 * A creation is known by its natural key: one match is it, none is not, several are for a person. None counts only when
 * the last page has been read. `read` answers the page at a cursor (the first one: null), null where there is none.
 */
export async function judgeCreation<T>(
  schema: z.ZodType<T>,
  read: (cursor: string | null) => Promise<{ body: unknown } | null>,
  isMine: (item: T) => boolean,
): Promise<Verification> {
  const mine: T[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await read(cursor)
    if (answer === null) return { kind: 'unreachable' }
    const page = Page.safeParse(answer.body)
    if (!page.success) return { kind: 'undecidable' }
    for (const item of page.data.items) {
      const parsed = schema.safeParse(item)
      if (parsed.success && isMine(parsed.data)) mine.push(parsed.data)
    }
    if (mine.length > 1) return { kind: 'undecidable' }
    if (page.data.nextCursor === null) {
      return mine.length === 0 ? { kind: 'not_applied' } : { kind: 'applied', body: mine[0] }
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

/** Rule 4, for providers that keep no idempotency keys: asks the registry whether the operation stands there. */
export async function verifyByNaturalKey(
  operation: Pick<Operation, 'args' | 'seen'>,
  session: Pick<ProviderSession, 'send'>,
  serverId: (id: string) => string | undefined,
): Promise<Verification> {
  const ask = async (path: string): Promise<{ status: number; body: unknown } | null> => {
    const result = await session.send({ method: 'GET', path })
    return result.kind === 'answer' && (result.status === 200 || result.problem?.code === 'not_found')
      ? { status: result.status, body: result.body }
      : null
  }
  const search = (path: string, filter: string) => (cursor: string | null) =>
    ask(`${path}?filter=${encodeURIComponent(filter)}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
  const { args } = operation
  switch (args.type) {
    case 'casella.update': {
      const id = serverId(args.casellaId)
      if (id === undefined) return { kind: 'undecidable' }
      const answer = await ask(`/caselle/${encodeURIComponent(id)}`)
      if (answer === null) return { kind: 'unreachable' }
      const casella = Casella.safeParse(answer.body)
      if (!casella.success) return { kind: 'undecidable' }
      const verdict = judgeUpdate(args.fields, operation.seen, editableFields(casella.data))
      if (verdict === 'undecidable') return { kind: 'changed_since', casella: casella.data }
      return verdict === 'applied' ? { kind: 'applied', body: casella.data } : { kind: 'not_applied' }
    }
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
    case 'documento.attach': {
      const casellaId = serverId(args.casellaId)
      if (casellaId === undefined) return { kind: 'undecidable' }
      return judgeCreation(
        Documento,
        search('/documenti', `casellaId eq ${quoted(casellaId)}`),
        (documento) => documento.sha256 === args.sha256 && documento.tipo === args.tipo,
      )
    }
  }
}
