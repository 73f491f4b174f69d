import type { CommandHandlers } from '../answer-envelope.ts'
import { CommandError } from '../command-error.ts'
import type { ChannelName } from '../contract/channels.ts'
import type { FunzioneVietabile, Policy } from '../contract/policy.ts'

/** The commands of each function that an administrator may forbid. */
export const channelsOf: Readonly<Record<FunzioneVietabile, readonly ChannelName[]>> = {
  prova: ['demo.start'],
  esportazione: ['esporta.begin', 'esporta.part', 'scadenze.ics', 'registroOperatori.export', 'lotti.report'],
  copiaDati: ['titolari.copy'],
  modificheMultiple: ['caselle.actOnMany', 'caselle.createMany'],
  diagnostica: ['diagnostica.get', 'diagnostica.save'],
  chiaveRecupero: ['archive.printRecoveryKey'],
  credenzialiProxy: ['rete.keep'],
}

/** The handlers, with those of forbidden functions replaced by a refusal: hiding a button would forbid nothing. */
export function withoutForbidden(handlers: CommandHandlers, { forbidden }: Pick<Policy, 'forbidden'>): CommandHandlers {
  const refusals: Partial<CommandHandlers> = {}
  for (const funzione of forbidden) {
    const refuse = (): never => {
      throw new CommandError('forbidden_by_policy', 'the administrator of this machine forbids it', { funzione })
    }
    for (const channel of channelsOf[funzione]) refusals[channel] = refuse
  }
  return { ...handlers, ...refusals }
}
