import type { ChannelName } from '../contract/channels.ts'

/** Asking one of these is an act of an operator: a change, a decision, or something that leaves the archive. */
const recorded = [
  'session.login',
  'archive.copy',
  'archive.restore',
  'archive.startAnew',
  'archive.exportUnsent',
  'archive.printRecoveryKey',
  'archive.recoverKey',
  'archive.unlock',
  'lock.setPin',
  'lock.removePin',
  'lock.settings',
  'lock.openWithKey',
  'caselle.create',
  'caselle.createMany',
  'caselle.update',
  'caselle.remove',
  'caselle.richiesta',
  'caselle.azione',
  'caselle.actOnMany',
  'esporta.begin',
  'titolari.create',
  'titolari.update',
  'titolari.remove',
  'titolari.merge',
  'indirizzi.create',
  'indirizzi.update',
  'indirizzi.remove',
  'attivita.create',
  'attivita.update',
  'attivita.remove',
  'note.create',
  'note.update',
  'note.remove',
  'impostazioni.update',
  'documenti.attach',
  'documenti.remove',
  'documenti.fetch',
  'documenti.keepCopies',
  'documenti.purgeCopies',
  'documenti.verificationReport',
  'lotti.create',
  'lotti.decide',
  'lotti.send',
  'lotti.pause',
  'lotti.remove',
  'lotti.report',
  'lotti.retry',
  'moduli.print',
  'moduli.begin',
  'outbox.cancel',
  'outbox.retry',
  'outbox.resolve',
  'outbox.actOnMany',
  'outbox.release',
  'outbox.undoMany',
  'outbox.declare',
  'outbox.takeOver',
  'scadenze.ics',
  'segnalazioni.create',
  'segnalazioni.update',
  'segnalazioni.scarica',
  'messaggi.create',
  'settings.set',
  'registroOperatori.export',
  'diagnostica.save',
] as const satisfies readonly ChannelName[]

const names: ReadonlySet<ChannelName> = new Set(recorded)

export function isRecorded(channel: ChannelName): boolean {
  return names.has(channel)
}

const idKeys = /^(id|ids|.*Id|.*Ids)$/

/** The ids that a request or an answer names, without the values around them. Pure. */
export function idsIn(value: unknown, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 3) return []
  return Object.entries(value).flatMap(([key, held]: [string, unknown]): string[] => {
    if (idKeys.test(key)) {
      if (typeof held === 'string') return [held]
      if (Array.isArray(held)) return held.filter((each): each is string => typeof each === 'string')
    }
    return idsIn(held, depth + 1)
  })
}
