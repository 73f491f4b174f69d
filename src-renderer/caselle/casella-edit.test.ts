import { describe, expect, it } from 'vitest'
import {
  changesOf,
  isDirty,
  issuesOf,
  parseMb,
  startEdit,
  withDefaultSoftLimit,
  withQuota,
  withSoftLimit,
  withTipologia,
} from './casella-edit.ts'

const values = { comunicazioniEmail: 'a@esempio.it', quotaMb: 1024, softLimitMb: 819, tipologia: 'STANDARD' }
const context = { usatoMb: 600, quotaMinMb: 512, quotaMaxMb: 10_240 }
const codes = (edit: ReturnType<typeof startEdit>): string[] =>
  issuesOf(edit, context).map((issue) => `${issue.level} ${issue.field} ${issue.code}`)

describe('editing a casella', () => {
  it('brings the space of another class, and sends both as they were seen; back again is no change (D15)', () => {
    const other = withTipologia(startEdit(values), { tipologia: 'MASSIVA-BASE', quotaMb: 2048 })
    expect(changesOf(other)).toEqual({
      changes: { tipologia: 'MASSIVA-BASE', quotaMb: 2048, softLimitMb: 1638 },
      seen: { tipologia: 'STANDARD', quotaMb: 1024, softLimitMb: 819 },
    })
    const back = withTipologia(other, { tipologia: 'STANDARD', quotaMb: 1024 })
    expect([changesOf(back), isDirty(back)]).toEqual([null, false])
    const small = withQuota(other, '1024')
    expect(issuesOf(small, { ...context, pianoMb: 2048 }).map(({ code }) => code)).toEqual(['quota_below_plan'])
  })

  it('resets the soft limit to 80% of a new quota (D69)', () => {
    expect(withQuota(startEdit(values), '2048').softLimitMb).toBe('1638')
    expect(withQuota(startEdit(values), '2.048').softLimitMb).toBe('1638')
  })

  it('leaves a soft limit that the person wrote alone, until they take it back', () => {
    const own = withQuota(withSoftLimit(startEdit(values), '1000'), '4096')
    expect(own.softLimitMb).toBe('1000')
    expect(withDefaultSoftLimit(own).softLimitMb).toBe('3276')
    expect(withQuota(withDefaultSoftLimit(own), '2048').softLimitMb).toBe('1638')
  })

  it('gives the soft limit back when the quota returns to what it was', () => {
    const own = startEdit({ ...values, softLimitMb: 900 })
    expect(withQuota(withQuota(own, '2048'), '1024').softLimitMb).toBe('900')
  })

  it('does not touch the soft limit while the quota is not a number', () => {
    expect(withQuota(startEdit(values), '20a').softLimitMb).toBe('819')
  })

  it('warns of a quota below the used space without forbidding it (D69)', () => {
    expect(codes(withQuota(startEdit(values), '550'))).toEqual(['warning quotaMb quota_below_used'])
  })

  it('refuses a quota outside the plan, and a soft limit above the quota', () => {
    expect(codes(withQuota(startEdit(values), '100'))).toEqual(['error quotaMb quota_below_minimum'])
    expect(codes(withQuota(startEdit(values), '20480'))).toEqual(['error quotaMb quota_above_maximum'])
    expect(codes(withSoftLimit(startEdit(values), '1025'))).toEqual(['error softLimitMb soft_limit_over_quota'])
  })

  it('refuses an e-mail that cannot be written to, accepts none, and does not judge the one that was there', () => {
    expect(codes({ ...startEdit(values), comunicazioniEmail: 'a@' })).toEqual([
      'error comunicazioniEmail email_invalid',
    ])
    expect(codes({ ...startEdit(values), comunicazioniEmail: ' ' })).toEqual([])
    expect(codes(startEdit({ ...values, comunicazioniEmail: 'strana@@esempio' }))).toEqual([])
  })

  it('sends only what differs, each with the value that was seen', () => {
    const edit = { ...startEdit(values), comunicazioniEmail: '' }
    expect(changesOf(edit)).toEqual({
      changes: { comunicazioniEmail: null },
      seen: { comunicazioniEmail: 'a@esempio.it' },
    })
  })

  it('sends a new quota together with its soft limit', () => {
    expect(changesOf(withQuota(startEdit(values), '2048'))).toEqual({
      changes: { quotaMb: 2048, softLimitMb: 1638 },
      seen: { quotaMb: 1024, softLimitMb: 819 },
    })
  })

  it('sends nothing when nothing differs', () => {
    const edit = startEdit(values)
    expect(changesOf(edit)).toBeNull()
    expect(isDirty(edit)).toBe(false)
    expect(isDirty({ ...edit, quotaMb: 'x' })).toBe(true)
  })

  it('reads MB with or without the dots of the thousands, and nothing else', () => {
    expect(parseMb('10.240')).toBe(10_240)
    expect(parseMb(' 512 ')).toBe(512)
    expect(parseMb('1,5')).toBeNull()
    expect(parseMb('10.24')).toBeNull()
    expect(parseMb('')).toBeNull()
  })
})
