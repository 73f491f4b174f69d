import type { Deposito } from '../../src-main/contract/documento.ts'
import type {
  ShellMessage,
  ShellReady,
  ShellRequest,
  ShellWaiting,
  StatoAggiornamenti,
} from '../../src-main/contract/shell.ts'
import { dataOf, transport, whenOpen } from './bridge.ts'

interface ShellAnswers {
  ready: ShellReady
  takeFile: Deposito
  waitingFiles: ShellWaiting
  show: object
  checkUpdates: StatoAggiornamenti
  installUpdate: StatoAggiornamenti
}

/** True in the desktop window; in the browser the page has no such part beside the core. */
export const inDesktop = transport.shell !== undefined

/** Asks the desktop's own part. Throws CommandError; not to be called in the browser. */
export async function askDesktop<T extends ShellRequest['type']>(
  request: Extract<ShellRequest, { type: T }>,
): Promise<ShellAnswers[T]> {
  const { shell } = transport
  if (shell === undefined) throw new Error('there is no desktop window')
  // Both sides are of one build.
  return dataOf(await whenOpen(() => shell(request))) as ShellAnswers[T]
}

export function onDesktop(listener: (message: ShellMessage) => void): void {
  transport.onShell?.(listener)
}
