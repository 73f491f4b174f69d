import { describe, expect, test } from 'vitest'
import { type EstrattoFacts, estrattoProblem, requestableUntil } from '../../src-main/provider-contract/estratto-log.ts'

const facts = (more: Partial<EstrattoFacts>): EstrattoFacts => ({
  dal: '2026-01-01',
  al: '2026-01-31',
  today: '2026-11-26',
  months: 30,
  from: '2020-03-01',
  deleted: null,
  ...more,
})

describe('the period of an extract of the logs (D119)', () => {
  test.each([
    [{}, null],
    [{ dal: '2024-05-26', al: '2024-05-26' }, null],
    [{ dal: '2024-05-25' }, 'log_gone'],
    [{ al: '2026-11-26' }, null],
    [{ al: '2026-11-27' }, 'future'],
    [{ dal: '2026-02-01' }, 'order'],
    [{ from: '2026-01-31' }, null],
    [{ from: '2026-02-01' }, 'before_activation'],
    [{ deleted: '2026-01-01' }, null],
    [{ deleted: '2025-12-31' }, 'after_deletion'],
    [{ dal: '2024-01-10', al: '2024-01-20', deleted: '2024-01-20' }, 'log_gone'],
  ] as const)('%j: %s', (more, rule) => {
    expect(estrattoProblem(facts(more))?.rule ?? null).toBe(rule)
  })

  test('of a deleted casella is requestable for thirty months, to the last day of a shorter month', () => {
    expect(requestableUntil('2024-05-26', 30)).toBe('2026-11-26')
    expect(requestableUntil('2024-08-31', 30)).toBe('2027-02-28')
    const last = { dal: '2024-05-26', al: '2024-05-26', deleted: '2024-05-26' }
    expect(estrattoProblem(facts(last))).toBeNull()
    expect(estrattoProblem(facts({ ...last, today: '2026-11-27' }))?.rule).toBe('log_gone')
  })
})
