import { flushPromises } from '@vue/test-utils'
import { effectScope, ref } from 'vue'
import { expect, it } from 'vitest'
import { useLatestAnswer } from './latest-answer.ts'

it('shows the answer to the latest question, whichever comes last, and keeps it beside a later error', async () => {
  const answers: { resolve(text: string): void; reject(error: Error): void }[] = []
  const id = ref(1)
  const scope = effectScope()
  const shown = scope.run(() =>
    useLatestAnswer(
      () => id.value,
      () => new Promise<string>((resolve, reject) => answers.push({ resolve, reject })),
    ),
  )
  id.value = 2
  await flushPromises()
  answers[1]?.resolve('second')
  await flushPromises()
  answers[0]?.resolve('first')
  await flushPromises()
  expect(shown?.answer.value).toBe('second')
  id.value = 3
  await flushPromises()
  answers[2]?.reject(new Error('away'))
  await flushPromises()
  expect(shown?.error.value).toEqual(new Error('away'))
  expect(shown?.answer.value).toBe('second')
  await Promise.all([shown?.load(), Promise.resolve(answers[3]?.resolve('fourth'))])
  expect([shown?.answer.value, shown?.error.value]).toEqual(['fourth', null])
  scope.stop()
})
