import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { custodyOverPort, serveCustodyOverPort } from '../../src-main/hosts/electron/custody-port.ts'
import { safeStorageCustody, type SafeStorage } from '../../src-main/hosts/electron/safe-storage-custody.ts'
import { keyringCustody, keyringOf, type AskKeyring } from '../../src-main/hosts/node/keyring-custody.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { portPair } from '../support/thread-port.ts'

function keyring(keeps = true): { ask: AskKeyring; held: Map<string, string>; asked: () => number } {
  const held = new Map<string, string>()
  let asked = 0
  return {
    held,
    asked: () => asked,
    ask: (question) => {
      asked += 1
      if (question.kind === 'store' && keeps) held.set(question.name, question.secret)
      if (question.kind === 'remove') held.delete(question.name)
      return Promise.resolve({ secret: held.get(question.name) ?? null })
    },
  }
}

test('a keyring that keeps what it is given holds the secrets, and nothing of its trial', async () => {
  const { ask, held } = keyring()
  const custody = keyringCustody(ask)
  expect(await custody.available()).toBe(true)
  expect([...held.keys()]).toEqual([])
  expect(await custody.store('archivio', 'chiave')).toBe(true)
  expect(await custody.load('archivio')).toBe('chiave')
  expect(await custody.load('altro')).toBeNull()
})

test('a keyring that forgets is not available, and is tried once', async () => {
  const { ask, asked } = keyring(false)
  const custody = keyringCustody(ask)
  expect([await custody.available(), await custody.store('a', 'b'), await custody.load('a')]).toEqual([
    false,
    false,
    null,
  ])
  expect(asked()).toBe(1)
})

test('a keyring that does not answer in time is given up', async () => {
  const script = join(temporaryFolder(), 'never.mjs')
  writeFileSync(script, 'process.stdin.resume(); setInterval(() => undefined, 1000)')
  expect(await keyringOf(script, 300)({ kind: 'load', name: 'a' })).toBeNull()
})

test('a keyring process that fails or says something else is a failure', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'fails.mjs'), 'process.exit(1)')
  writeFileSync(join(folder, 'babbles.mjs'), 'console.log("hello")')
  for (const name of ['fails.mjs', 'babbles.mjs', 'missing.mjs'])
    expect(await keyringOf(join(folder, name), 5000)({ kind: 'load', name: 'a' })).toBeNull()
})

function storage(backend = 'gnome_libsecret'): SafeStorage & { reEncrypt: boolean; encryptions: number } {
  return {
    reEncrypt: false,
    encryptions: 0,
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync(plain) {
      this.encryptions += 1
      return Promise.resolve(Buffer.from(plain).reverse())
    },
    decryptStringAsync(encrypted) {
      return Promise.resolve({ shouldReEncrypt: this.reEncrypt, result: Buffer.from(encrypted).reverse().toString() })
    },
    getSelectedStorageBackend: () => backend,
  }
}

test('safeStorage keeps a secret across starts', async () => {
  const folder = temporaryFolder()
  expect(await safeStorageCustody(storage(), folder, 'linux').store('archivio', 'chiave')).toBe(true)
  expect(await safeStorageCustody(storage(), folder, 'linux').load('archivio')).toBe('chiave')
  expect(await safeStorageCustody(storage(), folder, 'linux').load('altro')).toBeNull()
})

test('safeStorage without a password manager on Linux is refused', async () => {
  for (const backend of ['basic_text', 'unknown']) {
    const custody = safeStorageCustody(storage(backend), temporaryFolder(), 'linux')
    expect([await custody.available(), await custody.store('a', 'b')]).toEqual([false, false])
  }
  expect(await safeStorageCustody(storage('basic_text'), temporaryFolder(), 'win32').available()).toBe(true)
})

test('a secret under an old system key is encrypted again', async () => {
  const folder = temporaryFolder()
  const system = storage()
  const custody = safeStorageCustody(system, folder, 'win32')
  await custody.store('archivio', 'chiave')
  system.reEncrypt = true
  expect(await custody.load('archivio')).toBe('chiave')
  expect(system.encryptions).toBe(2)
})

test('the core reaches the custody of the window over a port, and a closed port is no custody', async () => {
  const [windowSide, coreSide] = portPair()
  serveCustodyOverPort(keyringCustody(keyring().ask), windowSide)
  const custody = custodyOverPort(coreSide)
  expect(await custody.available()).toBe(true)
  expect([await custody.store('archivio', 'chiave'), await custody.load('archivio')]).toEqual([true, 'chiave'])
  windowSide.close()
  await expect.poll(() => custody.available()).toBe(false)
})
