import { CommandError } from '../command-error.ts'
import type { NotaOwner, NotaRow } from '../contract/registro.ts'
import { newLocalId, type About } from '../outbox/enqueue.ts'
import type { Fields, Operation } from '../outbox/operation.ts'
import { pendingDeletion, pendingFields, shownRow } from '../outbox/pending-row.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import { NotaNew, type Nota } from '../provider-contract/nota.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { NotaStore } from './nota-store.ts'

/** D88. Each throws what RowEdits throws, and CommandError `invalid_field`. */
export interface NotaCommands {
  /** The newest first; before them those that the provider does not have. */
  list(owner: NotaOwner): NotaRow[]
  create(owner: NotaOwner, testo: string): { operationId: string }
  /** Throws CommandError `nota_of_another`: only who wrote a note, or the ente, changes it. */
  update(id: string, testo: string, seen: Fields): { operationId: string }
  remove(id: string, seen: Fields): { operationId: string }
}

const laneOfNota = (id: string): string => `nota:${id}`

export function notaCommands(dependencies: {
  edits: RowEdits
  note: NotaStore
  /** What a note may hang on, as the screens name it. Throws CommandError `not_found`. */
  owner(owner: NotaOwner): { casellaId: string | null; titolareId: string | null; subject: string }
  operations(owner: { casellaId: string | null; titolareId: string | null }): Operation[]
  timeOfDay(steady: number): string
}): NotaCommands {
  const { edits, note } = dependencies

  function written(given: string): string {
    const testo = given.trim()
    if (testo === '') throw new CommandError('invalid_field', 'empty', { field: 'testo', rule: 'empty' })
    return testo
  }

  function about(nota: Nota, operator: Operatore): Omit<About, 'seen'> {
    if (operator.ruolo === 'assistente' && nota.autore !== operator.user)
      throw new CommandError('nota_of_another', 'written by somebody else')
    const { casellaId, titolareId } = nota
    const owner = casellaId === null ? { titolareId: titolareId ?? '' } : { casellaId }
    return { lane: laneOfNota(nota.id), ...dependencies.owner(owner) }
  }

  return {
    list: (given) => {
      const owner = dependencies.owner(given)
      const visible = dependencies.operations(owner)
      const stored =
        owner.casellaId === null ? note.ofTitolare(owner.titolareId ?? '') : note.ofCasella(owner.casellaId)
      const sent = stored.map((nota): NotaRow => {
        const operations = visible.filter(({ row }) => row?.kind === 'nota' && row.id === nota.id)
        const { id, casellaId, titolareId, testo, autore, scritta } = shownRow('nota', nota, operations)
        return {
          id,
          casellaId,
          titolareId,
          testo,
          autore,
          scritta,
          createdBy: null,
          pendingFields: pendingFields('nota', nota, operations, dependencies.timeOfDay),
          deletedBy: pendingDeletion('nota', operations)?.opId ?? null,
        }
      })
      const queued = visible.flatMap(({ args, opId, operatorName, createdAt }): NotaRow[] =>
        args.type === 'nota.create'
          ? [
              {
                ...args.nota,
                id: args.id,
                autore: operatorName,
                scritta: createdAt,
                createdBy: opId,
                pendingFields: [],
                deletedBy: null,
              },
            ]
          : [],
      )
      return [...queued.reverse(), ...sent]
    },
    create: (given, testo) => {
      const { subject, ...owner } = dependencies.owner(given)
      const nota = NotaNew.parse({ ...owner, testo: written(testo) })
      const id = newLocalId()
      const { operationIds } = edits.add(() => [
        { args: { type: 'nota.create', id, nota }, about: { lane: laneOfNota(id), subject, ...owner } },
      ])
      return { operationId: operationIds[0] ?? '' }
    },
    update: (id, testo, seen) => edits.update({ kind: 'nota', id, wanted: { testo: written(testo) }, seen }, about),
    remove: (id, seen) => edits.remove({ kind: 'nota', id, seen }, about),
  }
}
