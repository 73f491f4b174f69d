import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askEarly, forgetEarly, takeEarly } from './early-answers.ts'

const answered = { ok: true, data: { n: 1 } }
// Tests of the desktop window may have run before, in the same one.
beforeEach(() => {
  vi.stubGlobal('sportello', undefined)
})
afterEach(() => {
  forgetEarly()
  vi.unstubAllGlobals()
})

it('hands an early answer over once: who asks again wants to know how it stands now', async () => {
  const fetched = vi.fn(() => Promise.resolve(Response.json(answered)))
  vi.stubGlobal('fetch', fetched)
  askEarly('app.status')
  expect(await takeEarly('app.status')).toEqual(answered)
  expect(takeEarly('app.status')).toBeUndefined()
  expect(takeEarly('domini.toChoose')).toBeUndefined()
  expect(fetched).toHaveBeenCalledTimes(1)
})

it('forgets what nobody has taken', () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answered)))
  askEarly('app.status')
  forgetEarly()
  expect(takeEarly('app.status')).toBeUndefined()
})

it('tells whoever takes it that the host did not answer', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 403 })))
  askEarly('app.status')
  await expect(takeEarly('app.status')).rejects.toThrow('403')
})

it('asks nothing early in the desktop window', () => {
  const fetched = vi.fn()
  vi.stubGlobal('fetch', fetched)
  vi.stubGlobal('sportello', {})
  askEarly('app.status')
  expect(fetched).not.toHaveBeenCalled()
  expect(takeEarly('app.status')).toBeUndefined()
})
