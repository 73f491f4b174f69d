import type { Core } from '../../src-main/core.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { flatFields } from './flat-fields.ts'
import { indirizziPath, messaggiPath, notePath, richiestePath, rowsAt, type Subject } from './registro-acts.ts'
import { ask } from './world.ts'

interface ShownRow {
  id: string
  createdBy: string | null
  deletedBy: string | null
  pendingFields: readonly { field: string }[]
}

/** Rows that the application shows beside those that the provider holds; what waits in the outbox is left out. */
function listDifferences(
  what: string,
  shown: readonly (ShownRow & object)[],
  held: readonly { id: string }[],
  fields: readonly string[],
): string[] {
  const sent = shown.filter(({ createdBy }) => createdBy === null)
  const ids = (rows: readonly { id: string }[]): string =>
    rows
      .map(({ id }) => id)
      .toSorted()
      .join(' ')
  if (ids(sent) !== ids(held)) return [`${what} shown are ${ids(sent)}, are ${ids(held)}`]
  return sent.flatMap((row) => {
    const pending = row.pendingFields.map(({ field }) => field)
    const theirs = flatFields(held.find(({ id }) => id === row.id))
    const ours = flatFields(row)
    return fields
      .filter((field) => !pending.includes(field) && ours[field] !== theirs[field])
      .map((field) => `${what} ${row.id} shows ${field} ${String(ours[field])}, is ${String(theirs[field])}`)
  })
}

/** Where what the application shows beyond the caselle's own fields is not what the provider holds, in words. */
export async function registroDifferences(
  core: Core,
  other: Colleague,
  {
    subjects,
    segnalazioni,
    merged,
    isTouched,
  }: {
    subjects: readonly Subject[]
    segnalazioni: readonly string[]
    /** Holders that were to pass into another. */
    merged: readonly string[]
    isTouched(what: string): boolean
  },
): Promise<string[]> {
  const found: string[] = []

  async function ofTitolare(casellaId: string): Promise<void> {
    const { titolareId } = await other.casella(casellaId)
    const shown = await ask(core, 'titolari.get', { id: titolareId })
    if (!shown.ok) {
      found.push(`titolare ${titolareId} is not shown (${shown.code})`)
      return
    }
    const { titolare, indirizzi, pendingFields } = shown.data
    const row = { ...titolare, createdBy: null, deletedBy: null, pendingFields }
    const held = await other.row(`/titolari/${titolareId}`)
    found.push(...listDifferences('titolare', [row], [{ ...held, id: titolareId }], ['telefono', 'fax', 'cognome']))
    found.push(
      ...listDifferences('indirizzo', indirizzi, await rowsAt(other, indirizziPath(titolareId)), ['via', 'cap']),
    )
  }

  async function ofCasella(id: string): Promise<void> {
    if (isTouched('titolare') || isTouched('indirizzo')) await ofTitolare(id)
    if (isTouched('nota')) {
      const shown = await ask(core, 'note.list', { casellaId: id })
      const rows = shown.ok ? shown.data.rows : []
      found.push(...listDifferences('nota', rows, await rowsAt(other, notePath(id)), ['testo']))
    }
    if (isTouched('impostazioni')) {
      const shown = await ask(core, 'impostazioni.get', { casellaId: id })
      const held = { ...(await other.row(`/caselle/${id}/impostazioni`)), id }
      const pendingFields = shown.ok ? shown.data.pendingFields : []
      const fields = shown.ok ? shown.data.fields : {}
      const row = { ...fields, id, createdBy: null, deletedBy: null, pendingFields }
      found.push(...listDifferences('impostazioni', [row], [held], ['notifica.indirizzi', 'notifica.mittenti']))
    }
    if (isTouched('cessazione') || isTouched('activation_data')) {
      const shown = await ask(core, 'richieste.list', { casellaId: id })
      const rows = (shown.ok ? shown.data.rows : []).map(({ operationId, ...row }) => ({
        ...row,
        createdBy: operationId,
        deletedBy: null,
        pendingFields: [],
      }))
      found.push(...listDifferences('richiesta', rows, await rowsAt(other, richiestePath(id)), ['kind', 'state']))
    }
  }

  for (const id of merged) {
    const shown = await ask(core, 'titolari.get', { id })
    const isHeld = await other.row(`/titolari/${id}`).then(
      () => true,
      () => false,
    )
    if (shown.ok !== isHeld)
      found.push(`titolare ${id} is ${shown.ok ? '' : 'not '}shown, is ${isHeld ? '' : 'not '}held`)
  }
  for (const { serverId } of subjects) if (serverId !== null) await ofCasella(serverId)
  for (const id of segnalazioni) {
    const shown = await ask(core, 'segnalazioni.get', { id })
    // Given up, or forgotten with the archive that was put back; or it waits.
    if (!shown.ok || shown.data.createdBy !== null) continue
    const rows = shown.data.messaggi.map((row) => ({ ...row, deletedBy: null, pendingFields: [] }))
    found.push(...listDifferences('messaggio', rows, await rowsAt(other, messaggiPath(shown.data.id)), ['testo']))
  }
  return found
}
