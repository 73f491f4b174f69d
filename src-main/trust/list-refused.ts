import type { MotivoElenco } from '../contract/fiducia.ts'

/** Why a list is not believed or not to be had. The reason is what the screen says of it; the message is for a developer. */
export class ListRefused extends Error {
  override readonly name = 'ListRefused'
  readonly reason: MotivoElenco
  constructor(reason: MotivoElenco, message: string) {
    super(message)
    this.reason = reason
  }
}
