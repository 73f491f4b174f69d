import type { Policy } from '../../contract/policy.ts'
import type { StatoAggiornamenti } from '../../contract/shell.ts'
import type { Status } from '../../contract/status.ts'

/** Where newer versions come from, as whoever made the installer wrote it into the package. */
export interface Distribution {
  url: string | null
  /** Ed25519, base64 of the key in SPKI; null where no installer was made to be updated. */
  publicKey: string | null
}

/** How this copy of the program was started. */
export interface Installation {
  packaged: boolean
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
}

type Off = Extract<StatoAggiornamenti, { stato: 'spento' }>['motivo']

/** Why this copy does not update itself; null when it does. */
export function offReason(policy: Policy, { url, publicKey }: Distribution, installation: Installation): Off | null {
  if (!installation.packaged) return 'non_installato'
  if (policy.state === 'broken') return 'policy_guasta'
  if (!policy.updates.allowed) return 'policy'
  // The portable file unpacks itself anew at each start.
  if (installation.env['PORTABLE_EXECUTABLE_FILE'] !== undefined) return 'portatile'
  // A package of the system is the system's to update.
  if (installation.platform === 'linux' && !installation.env['APPIMAGE']) return 'pacchetto'
  if (publicKey === null) return 'senza_chiave'
  return (policy.updates.url ?? url) === null ? 'senza_indirizzo' : null
}

/** The work that an update would disturb. */
export interface Work {
  /** Operations that have not reached their end by themselves. */
  pending: number
  aligning: boolean
  /** Something is being written that would be lost. */
  editing: boolean
}

export function workOf(status: Pick<Status, 'pending' | 'sync'> | null, editing: boolean): Work {
  return { pending: status?.pending ?? 0, aligning: status?.sync != null, editing }
}

const DAY_MS = 24 * 3600 * 1000
/** An operator who sends by hand may always have something waiting: no version is held up for longer than this. */
export const MOST_DOWNLOAD_WAIT_MS = DAY_MS
export const MOST_INSTALL_WAIT_MS = 7 * DAY_MS

/** What the fetching waits for, since `waitedMs`; null when it may begin. */
export function waitToDownload(work: Work, waitedMs: number): 'coda' | 'allineamento' | null {
  if (work.aligning) return 'allineamento'
  return work.pending > 0 && waitedMs < MOST_DOWNLOAD_WAIT_MS ? 'coda' : null
}

/**
 * What the installation waits for; null when it may begin. It begins only when the program ends, so that nothing is under
 * way; what waits in the queue is kept by any version, and holds it up for a week at most.
 */
export function waitToInstall(work: Work, waitedMs: number): 'coda' | 'allineamento' | 'scrittura' | null {
  if (work.editing) return 'scrittura'
  if (work.aligning) return 'allineamento'
  return work.pending > 0 && waitedMs < MOST_INSTALL_WAIT_MS ? 'coda' : null
}

/** The file of a channel on the server, without its ending. */
export function channelName(channel: Policy['updates']['channel']): string {
  switch (channel) {
    case 'stabile':
      return 'latest'
    case 'anteprima':
      return 'beta'
  }
}
