import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useDebouncedAnswer } from './debounced-answer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('asks once for what was typed last, and drops a late answer to what was typed before', async () => {
  const question = ref<string | null>(null)
  const pending = new Map<string, (value: string) => void>()
  const scope = effectScope()
  const answer = scope.run(() =>
    useDebouncedAnswer(question, (asked) => new Promise<string>((resolve) => pending.set(asked, resolve)), 300),
  )
  expect(answer?.value).toEqual({ state: 'none' })

  question.value = 'a'
  await nextTick()
  question.value = 'ab'
  await nextTick()
  expect(answer?.value).toEqual({ state: 'asking' })
  await vi.advanceTimersByTimeAsync(300)
  expect([...pending.keys()]).toEqual(['ab'])

  question.value = 'abc'
  await nextTick()
  await vi.advanceTimersByTimeAsync(300)
  pending.get('abc')?.('free')
  pending.get('ab')?.('taken')
  await vi.advanceTimersByTimeAsync(0)
  expect(answer?.value).toEqual({ state: 'known', value: 'free' })

  question.value = null
  await nextTick()
  expect(answer?.value).toEqual({ state: 'none' })
  scope.stop()
})

it('says that it could not ask', async () => {
  const scope = effectScope()
  const answer = scope.run(() => useDebouncedAnswer(ref('a'), () => Promise.reject(new Error('offline')), 10))
  await vi.advanceTimersByTimeAsync(10)
  expect(answer?.value).toEqual({ state: 'failed' })
  scope.stop()
})
