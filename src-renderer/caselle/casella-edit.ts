import type { CasellaDetail, CasellaUpdateRequest } from '../../src-main/contract/casella.ts'
import { cleanEmail, isEmail } from '../../src-main/contract/rules/email.ts'
import { defaultSoftLimitMb } from '../../src-main/contract/rules/soft-limit.ts'

type Values = Pick<CasellaDetail['values'], 'comunicazioniEmail' | 'quotaMb' | 'softLimitMb' | 'tipologia'>
export type EditField = keyof Values

/** What is being written, as text, beside the values that were on the screen when the editing began. */
export interface CasellaEdit {
  readonly seen: Readonly<Values>
  comunicazioniEmail: string
  quotaMb: string
  softLimitMb: string
  tipologia: string
  /** The person wrote a soft limit of their own: it no longer follows the quota (D69). */
  softLimitOwn: boolean
}

export interface EditIssue {
  field: EditField
  /** Words under `caselle.problemi`. */
  code: string
  params: Record<string, number>
  /** A warning does not stop the saving. */
  level: 'error' | 'warning'
}

export function startEdit(values: Values): CasellaEdit {
  const { comunicazioniEmail, quotaMb, softLimitMb, tipologia } = values
  return {
    seen: { comunicazioniEmail, quotaMb, softLimitMb, tipologia },
    tipologia,
    comunicazioniEmail: comunicazioniEmail ?? '',
    quotaMb: String(quotaMb),
    softLimitMb: String(softLimitMb),
    softLimitOwn: false,
  }
}

/** A whole number of MB, with or without the dots of the thousands; null for anything else. */
export function parseMb(text: string): number | null {
  const plain = text.trim()
  if (!/^(?:\d{1,8}|\d{1,3}(?:\.\d{3})+)$/.test(plain)) return null
  return Number(plain.replaceAll('.', ''))
}

/** D69: a new quota brings the soft limit to 80% of it, unless the person wrote one. */
export function withQuota(edit: CasellaEdit, quotaMb: string): CasellaEdit {
  const parsed = parseMb(quotaMb)
  if (edit.softLimitOwn || parsed === null) return { ...edit, quotaMb }
  const soft = parsed === edit.seen.quotaMb ? edit.seen.softLimitMb : defaultSoftLimitMb(parsed)
  return { ...edit, quotaMb, softLimitMb: String(soft) }
}

/** D15: another class comes with its own space; the one that was there, with what was there. */
export function withTipologia(edit: CasellaEdit, piano: { tipologia: string; quotaMb: number }): CasellaEdit {
  const isBack = piano.tipologia === edit.seen.tipologia
  return withQuota({ ...edit, tipologia: piano.tipologia }, String(isBack ? edit.seen.quotaMb : piano.quotaMb))
}

export function withSoftLimit(edit: CasellaEdit, softLimitMb: string): CasellaEdit {
  return { ...edit, softLimitMb, softLimitOwn: true }
}

/** Takes the person's own soft limit back: it is 80% of the quota again. */
export function withDefaultSoftLimit(edit: CasellaEdit): CasellaEdit {
  const quota = parseMb(edit.quotaMb)
  if (quota === null) return { ...edit, softLimitOwn: false }
  return { ...edit, softLimitOwn: false, softLimitMb: String(defaultSoftLimitMb(quota)) }
}

/** D69: a quota below the used space is discouraged, not forbidden. */
export function issuesOf(
  edit: CasellaEdit,
  context: {
    usatoMb: number
    quotaMinMb: number | null
    quotaMaxMb: number | null
    /** Of the class that is chosen, where the class changes. */
    pianoMb?: number | undefined
  },
): EditIssue[] {
  const issues: EditIssue[] = []
  const add = (
    field: EditField,
    code: string,
    params: Record<string, number> = {},
    level: EditIssue['level'] = 'error',
  ): void => {
    issues.push({ field, code, params, level })
  }
  const email = cleanEmail(edit.comunicazioniEmail)
  // A value that was already there is the provider's: it is not judged again.
  if (email !== null && email !== edit.seen.comunicazioniEmail && !isEmail(email))
    add('comunicazioniEmail', 'email_invalid')
  const quota = parseMb(edit.quotaMb)
  const soft = parseMb(edit.softLimitMb)
  if (quota === null || quota < 1) add('quotaMb', 'not_a_number')
  else if (context.pianoMb !== undefined && quota < context.pianoMb)
    add('quotaMb', 'quota_below_plan', { min: context.pianoMb })
  else if (quota !== edit.seen.quotaMb) {
    if (context.quotaMinMb !== null && quota < context.quotaMinMb) {
      add('quotaMb', 'quota_below_minimum', { min: context.quotaMinMb })
    } else if (context.quotaMaxMb !== null && quota > context.quotaMaxMb) {
      add('quotaMb', 'quota_above_maximum', { max: context.quotaMaxMb })
    } else if (quota < context.usatoMb) add('quotaMb', 'quota_below_used', { used: context.usatoMb }, 'warning')
  }
  if (soft === null || soft < 1) add('softLimitMb', 'not_a_number')
  else if (quota !== null && soft > quota) add('softLimitMb', 'soft_limit_over_quota')
  return issues
}

/**
 * What to send, each field with the value that was seen; null when nothing differs. A new quota always goes with its
 * soft limit: left to the provider (D69), the reset would replace a colleague's soft limit unseen.
 */
export function changesOf(edit: CasellaEdit): Pick<CasellaUpdateRequest, 'changes' | 'seen'> | null {
  const changes: CasellaUpdateRequest['changes'] = {}
  const seen: CasellaUpdateRequest['seen'] = {}
  const email = cleanEmail(edit.comunicazioniEmail)
  const quota = parseMb(edit.quotaMb)
  const soft = parseMb(edit.softLimitMb)
  if (email !== edit.seen.comunicazioniEmail) {
    changes.comunicazioniEmail = email
    seen.comunicazioniEmail = edit.seen.comunicazioniEmail
  }
  const newTipologia = edit.tipologia !== edit.seen.tipologia
  if (newTipologia) {
    changes.tipologia = edit.tipologia
    seen.tipologia = edit.seen.tipologia
  }
  // Left to the provider, a new class would bring a quota that was not seen here.
  const newQuota = quota !== null && (newTipologia || quota !== edit.seen.quotaMb)
  if (newQuota) {
    changes.quotaMb = quota
    seen.quotaMb = edit.seen.quotaMb
  }
  if (soft !== null && (newQuota || soft !== edit.seen.softLimitMb)) {
    changes.softLimitMb = soft
    seen.softLimitMb = edit.seen.softLimitMb
  }
  return Object.keys(changes).length === 0 ? null : { changes, seen }
}

/** Whether leaving would lose something that was written. */
export function isDirty(edit: CasellaEdit): boolean {
  return (
    edit.tipologia !== edit.seen.tipologia ||
    edit.comunicazioniEmail.trim() !== (edit.seen.comunicazioniEmail ?? '') ||
    edit.quotaMb.trim() !== String(edit.seen.quotaMb) ||
    edit.softLimitMb.trim() !== String(edit.seen.softLimitMb)
  )
}
