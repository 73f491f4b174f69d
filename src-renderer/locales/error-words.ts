import type { ErrorCode } from '../../src-main/contract/error.ts'
import type { OperationView } from '../../src-main/contract/operation.ts'
import { CommandError } from '../bridge/bridge.ts'
import { i18n } from './i18n.ts'

export interface ErrorWords {
  what: string
  kept: string
  todo: string
  /** To be quoted to whoever helps. */
  code: string
}

/** The words for anything that was thrown; what is not a CommandError is a defect and reads as `internal`. */
export function errorWords(error: unknown): ErrorWords {
  const { t } = i18n.global
  const code = error instanceof CommandError ? error.code : 'internal'
  const what = t(`errors.${code}.what`)
  const proxy = error instanceof CommandError ? error.details['proxy'] : undefined
  return {
    // Which proxy, for whoever keeps the network.
    what: typeof proxy === 'string' ? t('errors.proxyAt', { what: what.replace(/\.$/, ''), proxy }) : what,
    kept: t(`errors.${code}.kept`),
    todo: t(`errors.${code}.todo`),
    code,
  }
}

/** The words of a code that came as data. */
export function errorWordsOf(code: ErrorCode): ErrorWords {
  return errorWords(new CommandError(code, '', {}))
}

/** Why an operation stands where it stands; empty when there is no reason to tell. */
export function reasonWords(reason: OperationView['reason']): string {
  if (reason === null) return ''
  const words = i18n.global
  const key = `errors.reasons.${reason.code}`
  return words.te(key) ? words.t(key, { ...reason.params }) : words.t('errors.reasons.unknown', { code: reason.code })
}

/** What happened, for a code alone, as part of a sentence: without its last stop and in lower case. */
export function errorCodeWords(code: ErrorCode): string {
  const words = i18n.global.t(`errors.${code}.what`).replace(/\.$/, '')
  return words.charAt(0).toLowerCase() + words.slice(1)
}
