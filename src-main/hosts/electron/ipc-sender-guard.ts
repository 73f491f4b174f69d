import { mayNavigate } from './navigation-guard.ts'

/** Who sent a message, as the window's process can see it. */
export interface IpcSender {
  /** The frame's address; null when the frame has gone meanwhile. */
  frameUrl: string | null
  topFrame: boolean
  /** Whether the message comes from the application's own window. */
  ownWindow: boolean
}

/** Only the top frame of the application's window, while it shows the application's page, may speak to the core. */
export function mayAsk(sender: IpcSender): boolean {
  return sender.ownWindow && sender.topFrame && sender.frameUrl !== null && mayNavigate(sender.frameUrl)
}
