import { expect, it } from 'vitest'
import { OperationState } from '../../src-main/contract/operation.ts'
import { i18n } from '../locales/i18n.ts'
import { exampleOperation } from './example-operation.ts'
import { explanationKey } from './explanation-key.ts'

const reason = (code: string) => ({ code, params: {} })

it('never says of what waits for its operator that it leaves by itself', () => {
  expect(explanationKey(exampleOperation({ held: true }))).toBe('held')
  expect(explanationKey(exampleOperation({}))).toBe('pending')
})

it('says that the provider was read only where it was', () => {
  const settled = (code: string) => explanationKey(exampleOperation({ state: 'settled', reason: reason(code) }))
  expect(settled('declared_arrived')).toBe('declared')
  expect(settled('already_deleted')).toBe('gone')
  expect(explanationKey(exampleOperation({ state: 'settled' }))).toBe('settled')
})

it('has words for all of them', () => {
  for (const key of [...OperationState.options, 'held', 'declared', 'gone'])
    expect(i18n.global.te(`coda.spiega.${key}`), key).toBe(true)
})
