import { CommandError } from '../command-error.ts'
import type { ImpostazioniDetail } from '../contract/registro.ts'
import { laneOfCasella, type Fields, type Operation } from '../outbox/operation.ts'
import { pendingFields, shownFields } from '../outbox/pending-row.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import { Impostazioni } from '../provider-contract/impostazioni.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { checkedImpostazioni, cleanImpostazioni, fieldsOfImpostazioni } from './impostazioni-fields.ts'
import type { ImpostazioniStore } from './impostazioni-store.ts'

const ASK_MS = 5000
/** Readings under way together. */
const TOGETHER = 4

/** The settings of a casella (D111 to D118): not in the feed, so read where they are looked at. */
export interface ImpostazioniCommands {
  get(casellaId: string): Promise<ImpostazioniDetail>
  /** Reads those that were never read, a few at a time; what cannot be read stays unknown. */
  ensureKnown(casellaIds: readonly string[]): Promise<void>
  /** Throws CommandError `impostazioni_unknown` before they were ever read, `invalid_field`, and what RowEdits throws. */
  update(casellaId: string, changes: Fields, seen: Fields): { operationId: string }
}

export function impostazioniCommands(dependencies: {
  edits: RowEdits
  impostazioni: ImpostazioniStore
  casella(id: string): Casella
  /** Writes what the provider says now, and what waits on top of it. */
  pulled(impostazioni: Impostazioni): void
  operations(casellaId: string): Operation[]
  session: Pick<ProviderSession, 'send'>
  isOffline(): boolean
  capabilities(): Capabilities
  timeOfDay(steady: number): string
}): ImpostazioniCommands {
  const { edits, impostazioni } = dependencies
  const invalid = (field: string, rule: string): CommandError =>
    new CommandError('invalid_field', rule, { field, rule })

  async function read(casellaId: string): Promise<boolean> {
    if (dependencies.isOffline()) return false
    const result = await dependencies.session.send({
      method: 'GET',
      path: `/caselle/${encodeURIComponent(casellaId)}/impostazioni`,
      timeoutMs: ASK_MS,
    })
    const parsed = result.kind === 'answer' && result.status === 200 ? Impostazioni.safeParse(result.body) : null
    if (parsed?.success !== true || parsed.data.casellaId !== casellaId) return false
    dependencies.pulled(parsed.data)
    return true
  }

  return {
    get: async (given) => {
      const { id } = dependencies.casella(given)
      const fresh = await read(id)
      const known = impostazioni.get(id)
      if (known === undefined) return { values: null, fields: {}, pendingFields: [], fresh, readAt: null }
      const visible = dependencies.operations(id)
      const { version: _version, ...values } = known
      return {
        values,
        fields: shownFields('impostazioni', known, visible),
        pendingFields: pendingFields('impostazioni', known, visible, dependencies.timeOfDay),
        fresh,
        readAt: impostazioni.readAt(id),
      }
    },
    ensureKnown: async (casellaIds) => {
      const left = casellaIds.filter((id) => impostazioni.get(id) === undefined).values()
      const reader = async (): Promise<void> => {
        for (const id of left) await read(id)
      }
      await Promise.all(Array.from({ length: TOGETHER }, reader))
    },
    update: (given, entered, seen) => {
      const changes = cleanImpostazioni(entered)
      const casella = dependencies.casella(given)
      if (casella.ciclo === 'eliminata') throw new CommandError('casella_deleted', 'a deleted casella stays so (D68)')
      const known = impostazioni.get(casella.id)
      if (known === undefined) throw new CommandError('impostazioni_unknown', 'they were never read')
      const names = Object.keys(fieldsOfImpostazioni(known))
      for (const name of Object.keys(changes)) if (!names.includes(name)) throw invalid(name, 'unknown')
      const whole = { ...shownFields('impostazioni', known, dependencies.operations(casella.id)), ...changes }
      checkedImpostazioni(whole, changes, dependencies.capabilities())
      return edits.update({ kind: 'impostazioni', id: casella.id, wanted: changes, seen }, () => ({
        lane: laneOfCasella(casella.id),
        subject: casella.indirizzo,
        casellaId: casella.id,
      }))
    },
  }
}
