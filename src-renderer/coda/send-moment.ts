import type { OperationView } from '../../src-main/contract/operation.ts'
import { formatRecent, secondsUntil } from '../locales/format.ts'

/** What the column "Invio" says; words under `coda.invio.<key>`, or a moment as it stands. */
export type SendMoment = { key: string; params: Record<string, string | number> } | { text: string }

/** `now` in milliseconds since the epoch; `upload` is newer than the operation's own figures, when it is known. */
export function sendMomentOf(
  operation: OperationView,
  now: number,
  upload: { sent: number; total: number } | null,
): SendMoment {
  const said = (key: string, params: Record<string, string | number> = {}): SendMoment => ({ key, params })
  switch (operation.state) {
    case 'settled':
    case 'cancelled':
      return { text: formatRecent(operation.settledAt, now) }
    case 'acknowledged':
      return said('allineamento')
    case 'in_flight': {
      const bytes = upload ?? operation.upload
      return bytes === null || bytes.total === 0
        ? said('risposta')
        : said('percentuale', { n: Math.floor((bytes.sent / bytes.total) * 100) })
    }
    case 'conflict':
    case 'rejected':
    case 'needs_review':
    case 'pending':
    case 'uncertain': {
      if (operation.foreign) return said('accesso', { operator: operation.operator })
      if (operation.held) return said('tuo')
      if (operation.waitsFor !== null) return said('dopo')
      if (operation.nextAt === null) return { text: '–' }
      const seconds = secondsUntil(operation.nextAt, now)
      if (seconds === 0) return said('ora')
      if (seconds < 60) return said('secondi', { n: seconds })
      if (seconds < 3600) return said('minuti', { n: Math.ceil(seconds / 60) })
      return said('ore', { n: Math.ceil(seconds / 3600) })
    }
  }
}
