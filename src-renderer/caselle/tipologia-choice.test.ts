import { expect, it } from 'vitest'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { euroWords, tipologiaChoices } from './tipologia-choice.ts'

const plan: Capabilities['plan'] = {
  mode: 'chosen',
  piani: [
    { tipologia: 'STANDARD', quotaMb: 1024, semestraleCent: 400 },
    { tipologia: 'MASSIVA-BASE', quotaMb: 2048, semestraleCent: 650 },
    { tipologia: 'PEC-M', quotaMb: 2048, semestraleCent: null },
  ],
  quotaMinMb: 1024,
  quotaMaxMb: 20480,
  durataMesi: 12,
}

it('a class is offered with its fee and the difference from the present one, where both are known (D15, D101)', () => {
  expect(tipologiaChoices(plan, 'STANDARD').map(({ title }) => title)).toEqual([
    'STANDARD, 1 GB: € 4,00 a semestre',
    'MASSIVA-BASE, 2 GB: € 6,50 a semestre (+ € 2,50)',
    'PEC-M, 2 GB',
  ])
  expect(tipologiaChoices(plan, 'MASSIVA-BASE')[0]?.title).toBe('STANDARD, 1 GB: € 4,00 a semestre (− € 2,50)')
  expect(tipologiaChoices(plan, 'PEC-M')[0]?.title).toBe('STANDARD, 1 GB: € 4,00 a semestre')
  expect(tipologiaChoices(plan, 'VECCHIA')[0]).toEqual({ value: 'VECCHIA', title: 'VECCHIA' })
  expect(tipologiaChoices({ ...plan, mode: 'fixed' }, 'STANDARD')).toEqual([])
  expect(euroWords(123450)).toBe('€ 1.234,50')
})
