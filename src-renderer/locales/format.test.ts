import { describe, expect, it } from 'vitest'
import { i18n } from './i18n.ts'
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatLongDay,
  formatMb,
  formatMbExact,
  formatNumber,
  formatRecent,
  formatTime,
  secondsUntil,
} from './format.ts'

describe('Italian formats', () => {
  it('show dates as gg/mm/aaaa and times over 24 hours, in Rome', () => {
    expect(formatDateTime('2026-01-15T22:30:00Z')).toBe('15/01/2026 23:30')
    expect(formatTime('2026-07-15T22:30:00Z')).toBe('00:30')
    expect(formatDate('2026-07-15T22:30:00Z')).toBe('16/07/2026')
  })

  it('leave a day without a time where it is, and tolerate its absence (D44)', () => {
    expect(formatDate('2026-03-31')).toBe('31/03/2026')
    expect(formatDate(null)).toBe('–')
  })

  it('write the day of today in full (D13)', () => {
    expect(formatLongDay(Date.UTC(2026, 10, 25, 23, 30))).toBe('giovedì 26 novembre 2026')
  })

  it('say which rows of how many are in sight (D38)', () => {
    expect(i18n.global.t('common.righe.intervallo', { from: '1', to: '8', total: '8' })).toBe('1–8 di 8')
  })

  it('group thousands with dots from four digits on', () => {
    expect(formatNumber(1234)).toBe('1.234')
    expect(formatNumber(12431)).toBe('12.431')
    expect(formatNumber(999)).toBe('999')
  })

  it('write sizes with a decimal comma', () => {
    expect(formatMbExact(2048)).toBe('2 GB')
    expect(formatMbExact(1638)).toBe('1.638 MB')
    expect(formatMb(819)).toBe('819 MB')
    expect(formatMb(1024)).toBe('1 GB')
    expect(formatMb(1536)).toBe('1,5 GB')
    expect(formatBytes(345)).toBe('345 B')
    expect(formatBytes(1536)).toBe('1,5 KB')
    expect(formatBytes(3.25 * 1024 ** 2)).toBe('3,3 MB')
    expect(formatBytes(2 * 1024 ** 3)).toBe('2 GB')
  })

  it('leave out the day when it is today in Rome', () => {
    const now = Date.parse('2026-01-15T12:00:00Z')
    expect(formatRecent('2026-01-15T09:42:00Z', now)).toBe('10:42')
    expect(formatRecent('2026-01-14T09:42:00Z', now)).toBe('14/01/2026 10:42')
  })

  it('count seconds down to zero and not below', () => {
    const now = Date.parse('2026-01-15T12:00:00Z')
    expect(secondsUntil('2026-01-15T12:00:03.200Z', now)).toBe(4)
    expect(secondsUntil('2026-01-15T11:00:00Z', now)).toBe(0)
  })
})
