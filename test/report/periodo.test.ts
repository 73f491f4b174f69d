import { describe, expect, it } from 'vitest'
import { giorniDi, parsePeriodo, periodoPrima, writePeriodo } from '../../src-main/contract/rules/periodo.ts'

const today = '2026-11-26'

describe('the period of a report', () => {
  it('is what the address says, in any of its forms, and else the half-year that runs', () => {
    for (const text of ['2026-02', '2025-s1', '2024', '2026-01-10..2026-02-09'])
      expect(writePeriodo(parsePeriodo(text, today))).toBe(text)
    for (const wrong of ['', '2026-13', '2026-s3', '2026-02-30..2026-03-01', '2026-03-01..2026-02-01'])
      expect(writePeriodo(parsePeriodo(wrong, today))).toBe('2026-s2')
  })

  it('ends with its last day, and is compared with the one before it', () => {
    const days = (text: string) => giorniDi(parsePeriodo(text, today))
    const before = (text: string) => giorniDi(periodoPrima(parsePeriodo(text, today)))
    expect(days('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(before('2026-01')).toEqual({ from: '2025-12-01', to: '2025-12-31' })
    expect(days('2026-s2')).toEqual({ from: '2026-07-01', to: '2026-12-31' })
    expect(before('2026-s1')).toEqual({ from: '2025-07-01', to: '2025-12-31' })
    expect(before('2026')).toEqual({ from: '2025-01-01', to: '2025-12-31' })
    expect(before('2026-01-10..2026-01-19')).toEqual({ from: '2025-12-31', to: '2026-01-09' })
  })
})
