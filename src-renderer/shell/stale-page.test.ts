import { beforeEach, expect, test } from 'vitest'
import { isPageStale, watchForStalePage } from './stale-page.ts'

const settled = (): Promise<void> => Promise.resolve().then(() => undefined)
const failed = (target: EventTarget): boolean => target.dispatchEvent(new Event('vite:preloadError'))

beforeEach(() => {
  isPageStale.value = false
})

test('a part of the page that the program no longer has makes the page stale', async () => {
  const target = new EventTarget()
  watchForStalePage(target, () => Promise.resolve(true))
  expect(isPageStale.value).toBe(false)
  failed(target)
  await settled()
  expect(isPageStale.value).toBe(true)
})

test('a program that has ended is another matter', async () => {
  const target = new EventTarget()
  watchForStalePage(target, () => Promise.resolve(false))
  failed(target)
  await settled()
  expect(isPageStale.value).toBe(false)
})
