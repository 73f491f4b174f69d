import { CommandError } from '../command-error.ts'
import type { MessaggioRow, SegnalazioneDetail, SegnalazioneDiCasella, SegnalazioneRow } from '../contract/registro.ts'
import { newLocalId } from '../outbox/enqueue.ts'
import { laneOfSegnalazione, type Fields, type Operation } from '../outbox/operation.ts'
import { pendingFields, shownRow } from '../outbox/pending-row.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { SegnalazioneNew, type Segnalazione } from '../provider-contract/segnalazione.ts'
import type { SegnalazioneStore } from './segnalazione-store.ts'

type Input = Pick<Segnalazione, 'tipo' | 'titolo' | 'descrizione' | 'casellaId' | 'destinatario'>

/** D105 to D110. Each throws what RowEdits throws, and CommandError `invalid_field` or `tickets_by_link`. */
export interface SegnalazioneCommands {
  /** The newest first; before them those that the provider does not have. */
  list(offset: number, limit: number): { total: number; offset: number; rows: SegnalazioneRow[] }
  /** Those that name the casella; first those that the provider does not have, then the newest. */
  ofCasella(casellaId: string): SegnalazioneDiCasella[]
  /** Throws CommandError `not_found`. */
  get(id: string): SegnalazioneDetail
  create(input: Input): { id: string; operationId: string }
  update(id: string, changes: Fields, seen: Fields): { operationId: string }
  /** Throws CommandError `segnalazione_closed`. */
  write(segnalazioneId: string, testo: string): { operationId: string }
}

function rowOf({ id, tipo, titolo, stato, casellaId, apertaDa, aperta }: Segnalazione): SegnalazioneRow {
  return { id, tipo, titolo, stato, casellaId, apertaDa, aperta, createdBy: null }
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
}): SegnalazioneCommands {
  const { edits, segnalazioni } = dependencies
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
              allegati: [],
              createdBy: opId,
            },
          ]
        : [],
    )
  }

  return {
    list: (offset, limit) => {
      const queued = dependencies.creations().flatMap(queuedRow).reverse()
      const before = queued.slice(offset, offset + limit)
      const sent = segnalazioni.page(Math.max(0, offset - queued.length), limit - before.length)
      return { total: queued.length + segnalazioni.count(), offset, rows: [...before, ...sent.map(rowOf)] }
    },
    ofCasella: (given) => {
      const casellaId = known(given)
      const queued = dependencies
        .creations()
        .flatMap(queuedRow)
        .filter((row) => row.casellaId !== null && known(row.casellaId) === casellaId)
        .reverse()
      return [...queued, ...segnalazioni.ofCasella(casellaId).map(rowOf)].map((row) => {
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
        return { ...row, ...open, descrizione, destinatario, pendingFields: [], messaggi: queuedMessages(operations) }
      }
      const own = operations.filter(({ row }) => row?.kind === 'segnalazione')
      const shown = shownRow('segnalazione', stored, own)
      const { descrizione, destinatario, presaEntro, presaInCarico, chiusa, problema, azione, soluzione } = shown
      return {
        ...rowOf(shown),
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
          ...segnalazioni.exchange(id).map(({ id: own, autore, parte, testo, inviato, allegati }) => ({
            id: own,
            autore,
            parte,
            testo,
            inviato,
            allegati: allegati.map(({ id: file, nomeFile, bytes }) => ({ id: file, nomeFile, bytes })),
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
      const segnalazione = SegnalazioneNew.parse({ ...input, casellaId })
      const id = newLocalId()
      const { operationIds } = edits.add(() => [
        {
          args: { type: 'segnalazione.create', id, segnalazione },
          about: { lane: laneOfSegnalazione(id), subject: segnalazione.titolo, casellaId },
        },
      ])
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
    write: (given, testo) => {
      const segnalazioneId = known(given)
      const operations = dependencies.operations(segnalazioneId)
      const stored = segnalazioni.segnalazioni.get(segnalazioneId)
      const creation = operations.find(({ args }) => args.type === 'segnalazione.create')
      if (stored === undefined && creation === undefined) throw new CommandError('not_found', 'no such segnalazione')
      const own = operations.filter(({ row }) => row?.kind === 'segnalazione')
      if (stored !== undefined && shownRow('segnalazione', stored, own).stato === 'chiusa')
        throw new CommandError('segnalazione_closed', 'it takes messages again once it is reopened')
      if (testo.trim() === '') throw invalid('testo')
      const subject = stored?.titolo ?? creation?.subject ?? ''
      const { operationIds } = edits.add(() => [
        {
          args: { type: 'messaggio.create', id: newLocalId(), messaggio: { segnalazioneId, testo: testo.trim() } },
          about: { lane: laneOfSegnalazione(segnalazioneId), subject },
        },
      ])
      return { operationId: operationIds[0] ?? '' }
    },
  }
}
