import { beforeEach, expect, test, vi } from 'vitest'
import type { Deposito } from '../../src-main/contract/documento.ts'
import { CommandError } from '../bridge/bridge.ts'
import { openedDocuments } from './opened-documents.ts'

let files: string[] = []
let lost = false

vi.mock('../bridge/desktop.ts', () => ({
  inDesktop: true,
  askDesktop: ({ type }: { type: string }) => {
    if (lost) return Promise.reject(new CommandError('host_unreachable', 'gone', {}))
    if (type === 'waitingFiles') return Promise.resolve({ count: files.length })
    const taken = files.shift()
    return taken === undefined
      ? Promise.reject(new CommandError('not_found', 'none', {}))
      : Promise.resolve({ nomeFile: taken })
  },
}))

beforeEach(() => {
  files = []
  lost = false
})

/** A screen that is busy until `end` is called. */
function screen() {
  const verified: string[] = []
  let finish: (() => void) | null = null
  const documents = openedDocuments(
    () => finish !== null,
    async (copy: () => Promise<Deposito>) => {
      const ended = new Promise<void>((resolve) => {
        finish = resolve
      })
      const { nomeFile } = await copy()
      verified.push(nomeFile)
      await ended
      finish = null
    },
  )
  return { documents, verified, end: () => finish?.() }
}

test('a document that is opened while another is verified waits, and is taken up afterwards', async () => {
  const { documents, verified, end } = screen()
  files.push('primo')
  const first = documents.opened()
  await expect.poll(() => verified).toEqual(['primo'])
  files.push('secondo', 'terzo')
  await documents.opened()
  await documents.opened()
  expect([verified, documents.waiting.value]).toEqual([['primo'], 2])
  end()
  await first
  expect(documents.waiting.value).toBe(2)
  const second = documents.opened()
  await expect.poll(() => verified).toEqual(['primo', 'secondo'])
  end()
  await second
  expect(documents.waiting.value).toBe(1)
})

test('a core that is being started again is no failure of its own', async () => {
  lost = true
  const documents = openedDocuments(
    () => true,
    () => Promise.resolve(),
  )
  await documents.opened()
  expect(documents.waiting.value).toBe(0)
})
