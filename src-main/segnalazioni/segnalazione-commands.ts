import { CommandError } from '../command-error.ts'
import { romeDay } from '../caselle/rome-day.ts'
import type {
  MessaggioRow,
  SegnalazioneDetail,
  SegnalazioneDiCasella,
  SegnalazioneRow,
  SegnalazioniRequest,
} from '../contract/registro.ts'
import { searchWords } from '../db/search-index.ts'
import { newLocalId, type About } from '../outbox/enqueue.ts'
import { laneOfSegnalazione, type Fields, type Operation, type OperationArgs } from '../outbox/operation.ts'
import { pendingFields, shownRow } from '../outbox/pending-row.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { SegnalazioneNew, type Segnalazione } from '../provider-contract/segnalazione.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { AllegatiDeposito } from './allegati-deposito.ts'
import type { Reader, SegnalazioneStore } from './segnalazione-store.ts'

type Input = Pick<Segnalazione, 'tipo' | 'titolo' | 'descrizione' | 'casellaId' | 'destinatario'> & {
  allegati: readonly string[]
  bozzaId?: string | undefined
}

const MOST_TOLD = 5

/** D105 to D110. Each throws what RowEdits throws, and CommandError `invalid_field` or `tickets_by_link`. */
export interface SegnalazioneCommands {
  /** D109: before the provider's those that it does not have, as far as they suit. */
  list(request: SegnalazioniRequest): { total: number; offset: number; rows: SegnalazioneRow[] }
  operatori(): string[]
  /** What others moved since the signed-in operator looked; `mie`: of those that this operator opened, the latest. */
  unread(): { quante: number; mie: SegnalazioneRow[] }
  markRead(id: string): void
  allegati: AllegatiDeposito
  /** Those that name the casella; first those that the provider does not have, then the newest. */
  ofCasella(casellaId: string): SegnalazioneDiCasella[]
  /** Throws CommandError `not_found`. */
  get(id: string): SegnalazioneDetail
  create(input: Input): { id: string; operationId: string }
  update(id: string, changes: Fields, seen: Fields): { operationId: string }
  /** Throws CommandError `segnalazione_closed`. */
  write(input: { segnalazioneId: string; testo: string; allegati: readonly string[]; bozzaId?: string | undefined }): {
    operationId: string
  }
}

function rowOf(row: Segnalazione, nonLetta: boolean, inCoda: number): SegnalazioneRow {
  const { id, tipo, titolo, stato, casellaId, apertaDa, aperta, updatedAt, updatedBy } = row
  const moved = { aggiornata: updatedAt, aggiornataDa: updatedBy }
  return { id, tipo, titolo, stato, casellaId, apertaDa, aperta, ...moved, nonLetta, inCoda, createdBy: null }
}

/** Whether one that the provider does not have belongs among what was asked for. Pure. */
export function suitsRequest(row: SegnalazioneRow, descrizione: string, request: SegnalazioniRequest): boolean {
  const have = searchWords(`${row.titolo} ${descrizione}`)
  const day = romeDay(Date.parse(row.aperta))
  return (
    (request.stato === null || request.stato === 'non_chiuse') &&
    !request.nonLette &&
    (request.tipo === null || request.tipo === row.tipo) &&
    (request.operatore === null || request.operatore === row.apertaDa) &&
    (request.dal === null || day >= request.dal) &&
    (request.al === null || day <= request.al) &&
    searchWords(request.search).every((word) => have.some((each) => each.startsWith(word)))
  )
}

const SHORT = 160

/** The beginning of a text, in one line. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= SHORT ? line : `${line.slice(0, SHORT)}…`
}

function queuedRow({ args, opId, operatorName, createdAt }: Operation): SegnalazioneRow[] {
  if (args.type !== 'segnalazione.create') return []
  const { tipo, titolo, casellaId } = args.segnalazione
  return [
    {
      id: args.id,
      tipo,
      titolo,
      stato: 'in_coda',
      casellaId,
      apertaDa: operatorName,
      aperta: createdAt,
      aggiornata: createdAt,
      aggiornataDa: operatorName,
      nonLetta: false,
      inCoda: 1,
      createdBy: opId,
    },
  ]
}

export function segnalazioneCommands(dependencies: {
  edits: RowEdits
  segnalazioni: SegnalazioneStore
  /** Those that open one which the provider does not have. */
  creations(): Operation[]
  /** Of one segnalazione, its messages included. */
  operations(id: string): Operation[]
  serverIdOf(localId: string): string | undefined
  casellaExists(id: string): boolean
  capabilities(): Capabilities
  timeOfDay(steady: number): string
  allegati: AllegatiDeposito
  operatore(): Operatore | null
  removeBozza(id: string): void
  /** The marks of a segnalazione changed. */
  touched(id: string): void
}): SegnalazioneCommands {
  const { edits, segnalazioni, allegati } = dependencies
  const invalid = (field: string): CommandError => new CommandError('invalid_field', 'empty', { field, rule: 'empty' })
  const known = (id: string): string => dependencies.serverIdOf(id) ?? id

  function queuedMessages(operations: readonly Operation[]): MessaggioRow[] {
    return operations.flatMap(({ args, opId, operatorName, createdAt }): MessaggioRow[] =>
      args.type === 'messaggio.create'
        ? [
            {
              id: args.id,
              autore: operatorName,
              parte: 'operatore',
              testo: args.messaggio.testo,
              inviato: createdAt,
              allegati:
                args.allegato === undefined
                  ? []
                  : [{ id: null, nomeFile: args.allegato.nomeFile, bytes: args.allegato.bytes }],
              createdBy: opId,
            },
          ]
        : [],
    )
  }

  /** An operation brings one file: the text goes with the first, the others come after it. */
  function messages(
    segnalazioneId: string,
    testo: string,
    depositoIds: readonly string[],
    about: { lane: string; subject: string; casellaId?: string | null },
  ): { args: OperationArgs; about: Omit<About, 'seen'> }[] {
    const message = (text: string) => ({ segnalazioneId, testo: text })
    if (depositoIds.length === 0)
      return [{ args: { type: 'messaggio.create', id: newLocalId(), messaggio: message(testo) }, about }]
    return depositoIds.map((depositoId, index) => {
      const { nomeFile, bytes, sha256 } = allegati.chosen(depositoId)
      allegati.assign(depositoId, segnalazioneId)
      const text = index === 0 && testo !== '' ? testo : `Allegato: ${nomeFile}`
      return {
        args: {
          type: 'messaggio.create',
          id: newLocalId(),
          messaggio: message(text),
          allegato: { depositoId, nomeFile, bytes, sha256 },
        },
        about: { ...about, depositoId },
      }
    })
  }

  /** Before anybody has signed in nothing is news, and nothing is marked. */
  function reader(): Reader {
    const operator = dependencies.operatore()
    return { id: operator?.id ?? '', user: operator?.user ?? '' }
  }

  /** The provider's rows with what waits on top. */
  function shownRows(rows: readonly Segnalazione[]): SegnalazioneRow[] {
    const unread = new Set(
      segnalazioni
        .unread(
          reader(),
          rows.map(({ id }) => id),
          rows.length,
        )
        .map(({ id }) => id),
    )
    return rows.map((row) => {
      const operations = dependencies.operations(row.id)
      const own = operations.filter(({ row: about }) => about?.kind === 'segnalazione')
      return rowOf(shownRow('segnalazione', row, own), unread.has(row.id), operations.length)
    })
  }

  return {
    list: (request) => {
      const { offset, limit } = request
      const queued = dependencies
        .creations()
        .flatMap((creation) => {
          const { args } = creation
          const descrizione = args.type === 'segnalazione.create' ? args.segnalazione.descrizione : ''
          return queuedRow(creation).filter((row) => suitsRequest(row, descrizione, request))
        })
        .reverse()
      const before = queued.slice(offset, offset + limit)
      const sent = segnalazioni.page(
        { ...request, offset: Math.max(0, offset - queued.length), limit: limit - before.length },
        reader(),
      )
      return { total: queued.length + sent.total, offset, rows: [...before, ...shownRows(sent.rows)] }
    },
    ofCasella: (given) => {
      const casellaId = known(given)
      const queued = dependencies
        .creations()
        .flatMap(queuedRow)
        .filter((row) => row.casellaId !== null && known(row.casellaId) === casellaId)
        .reverse()
      return [...queued, ...shownRows(segnalazioni.ofCasella(casellaId))].map((row) => {
        const waiting = queuedMessages(dependencies.operations(row.id))
        const sent = segnalazioni.exchange(row.id)
        const last = waiting.at(-1) ?? sent.at(-1)
        const ultimo =
          last === undefined
            ? null
            : { autore: last.autore, parte: last.parte, inviato: last.inviato, testo: shortened(last.testo) }
        return { ...row, ultimo, messaggi: sent.length + waiting.length }
      })
    },
    operatori: () => segnalazioni.operatori(),
    unread: () => {
      const who = reader()
      const mine = segnalazioni.unread(who, null, 200).filter(({ apertaDa }) => apertaDa === who.user)
      return { quante: segnalazioni.countUnread(who), mie: shownRows(mine.slice(0, MOST_TOLD)) }
    },
    markRead: (id) => {
      segnalazioni.markRead(reader().id, known(id))
      dependencies.touched(known(id))
    },
    allegati,
    get: (given) => {
      const id = known(given)
      const operations = dependencies.operations(id)
      const stored = segnalazioni.segnalazioni.get(id)
      if (stored === undefined) {
        const creation = operations.find(({ args }) => args.type === 'segnalazione.create')
        const [row] = creation === undefined ? [] : queuedRow(creation)
        if (row === undefined || creation?.args.type !== 'segnalazione.create')
          throw new CommandError('not_found', 'no such segnalazione')
        const { descrizione, destinatario } = creation.args.segnalazione
        const open = {
          presaEntro: null,
          presaInCarico: null,
          chiusa: null,
          problema: null,
          azione: null,
          soluzione: null,
        }
        const inCoda = operations.length
        return {
          ...row,
          ...open,
          inCoda,
          descrizione,
          destinatario,
          pendingFields: [],
          messaggi: queuedMessages(operations),
        }
      }
      const own = operations.filter(({ row }) => row?.kind === 'segnalazione')
      const shown = shownRow('segnalazione', stored, own)
      const { descrizione, destinatario, presaEntro, presaInCarico, chiusa, problema, azione, soluzione } = shown
      return {
        ...rowOf(shown, segnalazioni.unread(reader(), [id], 1).length > 0, operations.length),
        descrizione,
        destinatario,
        presaEntro,
        presaInCarico,
        chiusa,
        problema,
        azione,
        soluzione,
        pendingFields: pendingFields('segnalazione', stored, own, dependencies.timeOfDay),
        messaggi: [
          ...segnalazioni.exchange(id).map(({ id: own, autore, parte, testo, inviato, allegati: given }) => ({
            id: own,
            autore,
            parte,
            testo,
            inviato,
            allegati: given.map(({ id: file, nomeFile, bytes }) => ({ id: file, nomeFile, bytes })),
            createdBy: null,
          })),
          ...queuedMessages(operations),
        ],
      }
    },
    create: (input) => {
      if (dependencies.capabilities().tickets !== 'api')
        throw new CommandError('tickets_by_link', 'the provider takes them elsewhere (D105)')
      const casellaId = input.casellaId === null ? null : known(input.casellaId)
      if (casellaId !== null && !dependencies.casellaExists(casellaId))
        throw new CommandError('not_found', 'no such casella')
      if (input.titolo.trim() === '') throw invalid('titolo')
      if (input.descrizione.trim() === '') throw invalid('descrizione')
      const { allegati: depositoIds, bozzaId, ...asked } = input
      const segnalazione = SegnalazioneNew.parse({ ...asked, casellaId })
      const id = newLocalId()
      const about = { lane: laneOfSegnalazione(id), subject: segnalazione.titolo, casellaId }
      const { operationIds } = edits.add(() => {
        if (bozzaId !== undefined) dependencies.removeBozza(bozzaId)
        return [
          { args: { type: 'segnalazione.create', id, segnalazione }, about },
          ...(depositoIds.length === 0 ? [] : messages(id, '', depositoIds, about)),
        ]
      })
      return { id, operationId: operationIds[0] ?? '' }
    },
    update: (given, changes, seen) => {
      const { titolo } = changes
      if (typeof titolo === 'string' && titolo.trim() === '') throw invalid('titolo')
      const wanted = typeof titolo === 'string' ? { ...changes, titolo: titolo.trim() } : changes
      return edits.update({ kind: 'segnalazione', id: given, wanted, seen }, (row) => ({
        lane: laneOfSegnalazione(row.id),
        subject: row.titolo,
        casellaId: row.casellaId,
      }))
    },
    write: ({ segnalazioneId: given, testo, allegati: depositoIds, bozzaId }) => {
      const segnalazioneId = known(given)
      const operations = dependencies.operations(segnalazioneId)
      const stored = segnalazioni.segnalazioni.get(segnalazioneId)
      const creation = operations.find(({ args }) => args.type === 'segnalazione.create')
      if (stored === undefined && creation === undefined) throw new CommandError('not_found', 'no such segnalazione')
      const own = operations.filter(({ row }) => row?.kind === 'segnalazione')
      if (stored !== undefined && shownRow('segnalazione', stored, own).stato === 'chiusa')
        throw new CommandError('segnalazione_closed', 'it takes messages again once it is reopened')
      if (testo.trim() === '' && depositoIds.length === 0) throw invalid('testo')
      const subject = stored?.titolo ?? creation?.subject ?? ''
      const about = { lane: laneOfSegnalazione(segnalazioneId), subject }
      const { operationIds } = edits.add(() => {
        if (bozzaId !== undefined) dependencies.removeBozza(bozzaId)
        return messages(segnalazioneId, testo.trim(), depositoIds, about)
      })
      return { operationId: operationIds.at(-1) ?? '' }
    },
  }
}
