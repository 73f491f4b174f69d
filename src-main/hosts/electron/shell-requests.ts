import type { ResponseEnvelope } from '../../contract/envelope.ts'
import type { ShellMessage, ShellReady, ShellRequest, ShellWaiting, StatoAggiornamenti } from '../../contract/shell.ts'
import type { AnswerShell } from './ipc-router.ts'
import { MOST_DOCUMENTS, type Launch } from './launch-arguments.ts'
import type { CoreClient } from './port-transport.ts'

/** What keeps the program up to date, as the page's requests need it. */
export interface UpdatesForPage {
  state(): StatoAggiornamenti
  check(): void
  /** Answers false where it may not be installed now. */
  install(editing: boolean): boolean
}

export interface ShellRequests {
  answer: AnswerShell
  /** Something is to be opened: the page is told, or learns it when it asks. */
  open(launch: Pick<Launch, 'open' | 'files'>): void
  /** The page begins anew, and asks again. */
  pageGone(): void
}

const refused = (code: 'not_found' | 'sync_running', message: string): ResponseEnvelope => ({
  ok: false,
  error: { code, message, details: {} },
})

/**
 * Answers the page's requests to the desktop's own part. `first`: what this start was meant to open. Of a document only the
 * core learns the path; the page gets the private copy.
 */
export function shellRequests(
  first: Pick<Launch, 'open' | 'files'>,
  client: () => Promise<CoreClient>,
  updates: UpdatesForPage,
  tell: (message: ShellMessage) => void,
  show: () => void,
): ShellRequests {
  let pageIsThere = false
  let waitingPath = first.open
  /** In the order in which they were opened: one is verified after the other. */
  let files = first.files

  async function takeFile(): Promise<ResponseEnvelope> {
    const [taken] = files
    if (taken === undefined) return refused('not_found', 'no document was handed over')
    const answer = await (await client()).deposit(taken)
    // Before somebody has signed in, or unlocked the screen, there is no archive to take it: it stays.
    const waits = !answer.ok && ['not_signed_in', 'archive_locked', 'screen_locked'].includes(answer.error.code)
    if (!waits) files = files.filter((path) => path !== taken)
    return answer
  }

  return {
    answer: async (request: ShellRequest) => {
      switch (request.type) {
        case 'ready': {
          pageIsThere = true
          const open = waitingPath
          waitingPath = null
          return { ok: true, data: { open, aggiornamenti: updates.state() } satisfies ShellReady }
        }
        case 'takeFile':
          return takeFile()
        case 'waitingFiles':
          return { ok: true, data: { count: files.length } satisfies ShellWaiting }
        case 'show':
          show()
          return { ok: true, data: {} }
        case 'checkUpdates':
          updates.check()
          return { ok: true, data: updates.state() }
        case 'installUpdate':
          return updates.install(request.editing)
            ? { ok: true, data: updates.state() }
            : refused('sync_running', 'work is pending')
      }
    },
    open: (launch) => {
      files = [...new Set([...files, ...launch.files])].slice(0, MOST_DOCUMENTS)
      if (launch.open === null) return
      if (pageIsThere) tell({ type: 'open', path: launch.open })
      else waitingPath = launch.open
    },
    pageGone: () => {
      pageIsThere = false
    },
  }
}
