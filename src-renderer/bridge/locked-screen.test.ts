import { beforeEach, expect, test, vi } from 'vitest'
import type { RequestEnvelope, ResponseEnvelope } from '../../src-main/contract/envelope.ts'

const refused: ResponseEnvelope = { ok: false, error: { code: 'screen_locked', message: '', details: {} } }
let locked = true
let asked: string[] = []

beforeEach(() => {
  vi.resetModules()
  locked = true
  asked = []
  window.sportello = {
    request: ({ channel }: RequestEnvelope) => {
      asked.push(channel)
      if (channel === 'app.status')
        return Promise.resolve({ ok: true, data: { phase: locked ? 'screen_locked' : 'ready' } })
      return Promise.resolve(locked ? refused : { ok: true, data: { tipologie: [] } })
    },
    subscribe: () => undefined,
    deposit: () => Promise.resolve(refused),
  }
})
const parts = async () => ({ ...(await import('./bridge.ts')), ...(await import('./locked-screen.ts')) })

test('what the lock refuses is asked once more when the screen is open, and the screen behind it only waits', async () => {
  const { call, screenUnlocked } = await parts()
  let ended = false
  const waiting = call('caselle.tipologie', {}).finally(() => {
    ended = true
  })
  await expect.poll(() => asked).toEqual(['caselle.tipologie', 'app.status'])
  expect(ended).toBe(false)
  locked = false
  screenUnlocked()
  await expect(waiting).resolves.toEqual({ tipologie: [] })
  expect(asked).toEqual(['caselle.tipologie', 'app.status', 'caselle.tipologie'])
})

test('an unlocking that came before the refusal was read is not waited for', async () => {
  const { call } = await parts()
  const request = window.sportello?.request
  if (request === undefined) throw new Error('no bridge')
  window.sportello = Object.assign(window.sportello ?? {}, {
    request: async (envelope: RequestEnvelope) => {
      const answer = await request(envelope)
      locked = false
      return answer
    },
  }) as Window['sportello'] & object
  await expect(call('caselle.tipologie', {})).resolves.toEqual({ tipologie: [] })
})

test('a sign-in at the lock is told its refusal', async () => {
  const { call } = await parts()
  const login = { url: 'https://altro.example', user: 'u', password: 'p' }
  await expect(call('session.login', login)).rejects.toMatchObject({ code: 'screen_locked' })
})
