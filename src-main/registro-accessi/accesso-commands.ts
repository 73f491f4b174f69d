import { CommandError } from '../command-error.ts'
import type { AccessoInput, AccessoRow } from '../contract/accesso.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { AccessoStore } from './accesso-store.ts'

export interface AccessoCommands {
  /**
   * On the disk when it returns: a file is handed over after it, never before. Who may only read is recorded too.
   * Throws CommandError `not_signed_in`, and what the database throws: then nothing is handed over.
   */
  record(accesso: AccessoInput): void
  list(offset: number, limit: number): { total: number; offset: number; rows: AccessoRow[] }
}

export function accessoCommands(ports: {
  store: AccessoStore
  operatore(): Operatore | null
  /** ISO 8601. */
  now(): string
  changed(): void
}): AccessoCommands {
  const { store } = ports
  return {
    record: (accesso) => {
      const operatore = ports.operatore()
      if (operatore === null) throw new CommandError('not_signed_in', 'nobody has signed in')
      store.append({ ...accesso, quando: ports.now(), operatore: operatore.user, ruolo: operatore.ruolo })
      ports.changed()
    },
    list: (offset, limit) => ({ total: store.count(), offset, rows: store.page(offset, limit) }),
  }
}
