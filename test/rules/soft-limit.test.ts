import { expect, it } from 'vitest'
import { defaultSoftLimitMb } from '../../src-main/contract/rules/soft-limit.ts'

it('the soft limit of a quota is 80% of it, rounded down to whole MB (D69)', () => {
  expect(defaultSoftLimitMb(1000)).toBe(800)
  expect(defaultSoftLimitMb(1024)).toBe(819)
  expect(defaultSoftLimitMb(1)).toBe(0)
  expect(defaultSoftLimitMb(10_000_000)).toBe(8_000_000)
})

it('no whole quota loses a MB to the representation of decimals', () => {
  for (let quota = 5; quota < 20_000; quota += 5) expect(defaultSoftLimitMb(quota)).toBe((quota / 5) * 4)
})
