import type { StatoAggiornamenti } from '../../contract/shell.ts'
import type { Status } from '../../contract/status.ts'
import type { UpdatesForPage } from './shell-requests.ts'
import { waitToDownload, waitToInstall, workOf } from './update-decisions.ts'
import { UpdateSignatureError } from './update-signature.ts'

/** The part of electron-updater that is used. */
export interface Updater {
  /** A newer version for this machine; null when there is none, or when its turn has not come yet. Rejects. */
  check(): Promise<{ versione: string } | null>
  /** Fulfils when the file is here and is what the signed description says. Rejects. */
  download(progress: (percent: number) => void): Promise<void>
  /** Ends the program and installs. */
  install(startAgain: boolean): void
}

export interface UpdateCourse extends UpdatesForPage {
  /** The status has changed: something may have been waited for. */
  workChanged(status: Status): void
  /** Called when the program has ended its work. True: it is being installed, and the program ended. */
  installAtEnd(): boolean
}

export interface CourseOptions {
  updater: Updater
  now: () => number
  /** Runs `task` after `ms`; for the life of the program. */
  after: (ms: number, task: () => void) => void
  told: (state: StatoAggiornamenti) => void
  quit: () => void
}

export const FIRST_CHECK_MS = 2 * 60_000
export const CHECK_EVERY_MS = 4 * 3600_000

/** Which words a failure has. */
export function failureOf(cause: unknown): Extract<StatoAggiornamenti, { stato: 'errore' }>['motivo'] {
  if (cause instanceof UpdateSignatureError) return 'firma'
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const text = cause instanceof Error ? cause.message : ''
  if (/CHECKSUM_MISMATCH|INVALID_SIGNATURE|INVALID_UPDATE_INFO/.test(code)) return 'file'
  // Chromium's own codes stand in the text.
  if (
    /^(ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN)$/.test(code) ||
    /net::ERR_|^HttpError|HTTP_ERROR_/.test(`${text}${code}`)
  )
    return 'rete'
  return 'altro'
}

/** One version after the other: looked for, fetched when nothing is disturbed, installed when the program ends. */
export function updateCourse({ updater, now, after, told, quit }: CourseOptions): UpdateCourse {
  let state: StatoAggiornamenti = { stato: 'fermo', ultimoControllo: null }
  let status: Status | null = null
  let lastCheck: string | null = null
  /** Since when the present state waits. */
  let since = now()
  let startAgain = false

  function set(next: StatoAggiornamenti): void {
    if (next.stato !== state.stato) since = now()
    if (JSON.stringify(next) === JSON.stringify(state)) return
    state = next
    told(next)
  }
  const failed = (cause: unknown): void => {
    set({ stato: 'errore', motivo: failureOf(cause), ultimoControllo: lastCheck })
  }

  async function check(): Promise<void> {
    if (state.stato !== 'fermo' && state.stato !== 'errore') return
    set({ stato: 'ricerca' })
    try {
      const found = await updater.check()
      lastCheck = new Date(now()).toISOString()
      if (found === null) set({ stato: 'fermo', ultimoControllo: lastCheck })
      else {
        set({ stato: 'disponibile', versione: found.versione, attesa: null })
        lookAgain()
      }
    } catch (cause) {
      lastCheck = new Date(now()).toISOString()
      failed(cause)
    }
  }

  async function download(versione: string): Promise<void> {
    set({ stato: 'scaricamento', versione, percentuale: 0 })
    try {
      await updater.download((percent) => {
        if (state.stato === 'scaricamento')
          set({ stato: 'scaricamento', versione, percentuale: Math.min(100, Math.max(0, Math.floor(percent))) })
      })
      set({ stato: 'pronto', versione, attesa: null })
      lookAgain()
    } catch (cause) {
      failed(cause)
    }
  }

  /** What is waited for may be over. */
  function lookAgain(): void {
    const work = workOf(status, false)
    if (state.stato === 'disponibile') {
      const attesa = waitToDownload(work, now() - since)
      if (attesa === null) void download(state.versione)
      else set({ ...state, attesa })
    } else if (state.stato === 'pronto') set({ ...state, attesa: waitToInstall(work, now() - since) })
  }

  const everyNow = (): void => {
    lookAgain()
    void check()
    after(CHECK_EVERY_MS, everyNow)
  }
  after(FIRST_CHECK_MS, everyNow)

  return {
    state: () => state,
    check: () => void check(),
    install: (editing) => {
      if (state.stato !== 'pronto') return false
      const attesa = waitToInstall(workOf(status, editing), now() - since)
      if (attesa !== null) {
        set({ ...state, attesa })
        return false
      }
      startAgain = true
      quit()
      return true
    },
    workChanged: (next) => {
      status = next
      lookAgain()
    },
    installAtEnd: () => {
      // The window has closed: nothing is being written any more.
      if (state.stato !== 'pronto' || waitToInstall(workOf(status, false), now() - since) !== null) return false
      updater.install(startAgain)
      return true
    },
  }
}

/** Of a copy that does not update itself. */
export function noUpdates(motivo: Extract<StatoAggiornamenti, { stato: 'spento' }>['motivo']): UpdateCourse {
  return {
    state: () => ({ stato: 'spento', motivo }),
    check: () => undefined,
    install: () => false,
    workChanged: () => undefined,
    installAtEnd: () => false,
  }
}
