import { expect, test } from 'vitest'
import { profiles } from '../../src-main/sandbox/profiles.ts'

const classes = Object.values(profiles).flatMap(({ plan }) => plan.piani.map(({ tipologia }) => tipologia))

test('the classes of the panels are those of the profiles (D36)', () => {
  const panels = ['1 GB', '4.0 GB', '8.0 GB', 'PEC-M-2GIN_2GARCH', 'STANDARD', 'MASSIVA-BASE', 'MASSIVA-LARGE']
  expect(panels.filter((tipologia) => !classes.includes(tipologia))).toEqual([])
})

test('class and duration are fixed by the provider where the plan is (D47)', () => {
  const fixed = Object.values(profiles).filter(({ plan }) => plan.mode === 'fixed')
  expect(fixed.map(({ profile }) => profile)).toContain('basilicata')
  for (const { plan } of fixed) expect(plan.durataMesi).toBeGreaterThan(0)
})
