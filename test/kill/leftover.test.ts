import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { coreClient } from '../support/core-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

test('the private copy of a document that has arrived goes at the next start, when a kill came before it went', async () => {
  const folder = temporaryFolder()
  const sandbox = await startTestSandbox(folder)
  onTestFinished(() => sandbox.close())
  const first = await startTestCore(folder)
  const { call, aligned, casella, deposit, reaches } = coreClient(first)
  await call('session.login', { url: sandbox.url, ...sandbox.demo })
  await aligned()
  const { id } = await deposit('atto.pdf', Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'))
  const casellaId = await casella('attiva')
  const { operationIds } = await call('documenti.attach', { casellaId, tipo: 'altro', depositoIds: [id] })
  await reaches(operationIds[0] ?? '', 'settled')
  await first.close()

  const archives = join(folder, 'dati', 'archivi')
  const copy = join(archives, readdirSync(archives)[0] ?? '', 'deposito', `${id}.bin`)
  expect(existsSync(copy)).toBe(false)
  writeFileSync(copy, 'as the kill left it')
  const second = await startTestCore(folder)
  await second.close()
  expect(existsSync(copy)).toBe(false)
})
