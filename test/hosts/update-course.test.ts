import { expect, test } from 'vitest'
import type { StatoAggiornamenti } from '../../src-main/contract/shell.ts'
import type { Status } from '../../src-main/contract/status.ts'
import {
  CHECK_EVERY_MS,
  failureOf,
  FIRST_CHECK_MS,
  updateCourse,
  type Updater,
} from '../../src-main/hosts/electron/update-course.ts'
import { MOST_INSTALL_WAIT_MS } from '../../src-main/hosts/electron/update-decisions.ts'
import { UpdateSignatureError } from '../../src-main/hosts/electron/update-signature.ts'
import { emptyStatus } from '../support/a-status.ts'

const status = (changes: Partial<Status>): Status => ({ ...emptyStatus(), phase: 'ready', ...changes })

function course(updater: Partial<Updater> = {}) {
  let now = Date.parse('2026-11-26T08:00:00Z')
  const tasks: { at: number; task: () => void }[] = []
  const told: StatoAggiornamenti['stato'][] = []
  const installed: boolean[] = []
  let quits = 0
  const made = updateCourse({
    updater: {
      check: () => Promise.resolve({ versione: '1.2.0' }),
      download: () => Promise.resolve(),
      install: (again) => {
        installed.push(again)
      },
      ...updater,
    },
    now: () => now,
    after: (ms, task) => {
      tasks.push({ at: now + ms, task })
    },
    told: ({ stato }) => told.push(stato),
    quit: () => {
      quits += 1
    },
  })
  const pass = (ms: number): void => {
    now += ms
    for (const due of tasks.filter(({ at }) => at <= now)) {
      tasks.splice(tasks.indexOf(due), 1)
      due.task()
    }
  }
  return { made, pass, told, installed, quits: () => quits }
}

test('a version is looked for, fetched, and installed when the program ends', async () => {
  const { made, pass, told, installed } = course()
  expect(made.state()).toEqual({ stato: 'fermo', ultimoControllo: null })
  made.workChanged(status({}))
  pass(FIRST_CHECK_MS)
  await expect.poll(() => made.state().stato).toBe('pronto')
  expect(told).toEqual(['ricerca', 'disponibile', 'scaricamento', 'pronto'])
  expect(made.installAtEnd()).toBe(true)
  expect(installed).toEqual([false])
})

test('nothing is fetched while the queue is at work, and it is when that has ended', async () => {
  const { made, pass, told } = course()
  made.workChanged(status({ pending: 2 }))
  pass(FIRST_CHECK_MS)
  await expect.poll(() => made.state()).toEqual({ stato: 'disponibile', versione: '1.2.0', attesa: 'coda' })
  made.workChanged(status({ sync: { stage: 'changes', done: 1, total: null, cancellable: true } }))
  expect(made.state()).toMatchObject({ attesa: 'allineamento' })
  expect(told).not.toContain('scaricamento')
  made.workChanged(status({}))
  await expect.poll(() => made.state().stato).toBe('pronto')
})

test('nothing is installed while something waits or is being written, at the end neither', async () => {
  const { made, pass, installed, quits } = course()
  pass(FIRST_CHECK_MS)
  await expect.poll(() => made.state().stato).toBe('pronto')
  made.workChanged(status({ pending: 1 }))
  expect(made.state()).toMatchObject({ stato: 'pronto', attesa: 'coda' })
  expect([made.install(false), made.installAtEnd()]).toEqual([false, false])
  made.workChanged(status({}))
  expect(made.install(true)).toBe(false)
  expect(made.state()).toMatchObject({ attesa: 'scrittura' })
  expect([installed, quits()]).toEqual([[], 0])
  expect(made.install(false)).toBe(true)
  expect(quits()).toBe(1)
  // Whoever asked for it goes on working afterwards.
  expect(made.installAtEnd()).toBe(true)
  expect(installed).toEqual([true])
})

test('a queue that never empties holds up no version for more than a week', async () => {
  const { made, pass } = course()
  pass(FIRST_CHECK_MS)
  await expect.poll(() => made.state().stato).toBe('pronto')
  made.workChanged(status({ pending: 1 }))
  pass(MOST_INSTALL_WAIT_MS)
  expect(made.installAtEnd()).toBe(true)
})

test('a failure is told by its kind, and the next look comes by itself', async () => {
  const causes = [new UpdateSignatureError('x'), new Error('net::ERR_INTERNET_DISCONNECTED'), new Error('?')]
  const { made, pass } = course({ check: () => Promise.reject(causes.shift() ?? new Error()) })
  for (const motivo of ['firma', 'rete', 'altro']) {
    pass(CHECK_EVERY_MS)
    await expect.poll(() => made.state()).toMatchObject({ stato: 'errore', motivo })
  }
  expect(made.install(false)).toBe(false)
  expect(failureOf(Object.assign(new Error(), { code: 'ERR_CHECKSUM_MISMATCH' }))).toBe('file')
  expect(failureOf('x')).toBe('altro')
})

test('a download that breaks off installs nothing, and the version is looked for again', async () => {
  let broken = true
  const { made, pass } = course({
    download: () => (broken ? Promise.reject(new Error('net::ERR_X')) : Promise.resolve()),
  })
  pass(FIRST_CHECK_MS)
  await expect.poll(() => made.state()).toMatchObject({ stato: 'errore', motivo: 'rete' })
  expect(made.installAtEnd()).toBe(false)
  broken = false
  made.check()
  await expect.poll(() => made.state().stato).toBe('pronto')
})
