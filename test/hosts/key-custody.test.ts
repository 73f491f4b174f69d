import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveSystemOverPort, systemOverPort } from '../../src-main/hosts/electron/system-port.ts'
import { safeStorageCustody, type SafeStorage } from '../../src-main/hosts/electron/safe-storage-custody.ts'
import {
  keyringCustody,
  keyringOf,
  type AskKeyring,
  type KeyringReply,
} from '../../src-main/hosts/node/keyring-custody.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { portPair } from '../support/thread-port.ts'

function keyring(keeps = true): {
  ask: AskKeyring
  held: Map<string, string>
  asked: () => number
  /** What it says instead of an answer. */
  says(next: KeyringReply | null): void
} {
  const held = new Map<string, string>()
  let asked = 0
  let reply: KeyringReply | null = null
  return {
    says: (next) => {
      reply = next
    },
    held,
    asked: () => asked,
    ask: (question) => {
      asked += 1
      if (reply !== null) return Promise.resolve(reply)
      if (question.kind === 'store' && keeps) held.set(question.name, question.secret)
      if (question.kind === 'remove') held.delete(question.name)
      return Promise.resolve({ kind: 'answer', secret: held.get(question.name) ?? null })
    },
  }
}

const found = (secret: string): object => ({ kind: 'found', secret })

test('a keyring that keeps what it is given holds the secrets, and nothing of its trial', async () => {
  const { ask, held } = keyring()
  const custody = keyringCustody(ask)
  expect(await custody.state()).toBe('open')
  expect([...held.keys()]).toEqual([])
  expect(await custody.store('archivio', 'chiave')).toBe('stored')
  expect(await custody.load('archivio')).toEqual(found('chiave'))
  expect(await custody.load('altro')).toEqual({ kind: 'absent' })
  expect([await custody.remove('archivio'), await custody.load('archivio')]).toEqual([true, { kind: 'absent' }])
})

test('a keyring that forgets keeps nothing', async () => {
  const custody = keyringCustody(keyring(false).ask)
  expect([await custody.state(), await custody.store('a', 'b'), await custody.replace('a', 'b')]).toEqual([
    'none',
    'failed',
    false,
  ])
})

test.each([
  ['silent', 'closed'],
  ['failed', 'none'],
] as const)('a keyring that is %s is told from one that is empty, and asked anew', async (kind, state) => {
  const { ask, held, says } = keyring()
  const custody = keyringCustody(ask)
  await custody.store('archivio', 'chiave')
  says({ kind })
  expect(await custody.load('archivio')).toEqual({ kind: 'closed', state })
  expect(await custody.store('archivio', 'altra')).toBe('exists')
  expect(await custody.remove('archivio')).toBe(false)
  expect(await keyringCustody(ask).state()).toBe(state)
  const later = keyringCustody(ask)
  expect(await later.state()).toBe(state)
  says(null)
  expect([await later.state(), await later.load('archivio')]).toEqual(['open', found('chiave')])
  expect(held.get('archivio')).toBe('chiave')
})

test('what a keyring holds is not written over unless that is asked', async () => {
  const { ask, held } = keyring()
  const custody = keyringCustody(ask)
  await custody.store('archivio', 'chiave')
  expect([await custody.store('archivio', 'altra'), held.get('archivio')]).toEqual(['exists', 'chiave'])
  expect([await custody.replace('archivio', 'altra'), held.get('archivio')]).toEqual([true, 'altra'])
})

test('a keyring that does not answer in time is given up', async () => {
  const script = join(temporaryFolder(), 'never.mjs')
  writeFileSync(script, 'process.stdin.resume(); setInterval(() => undefined, 1000)')
  expect(await keyringOf(script, 300)({ kind: 'load', name: 'a' })).toEqual({ kind: 'silent' })
})

test('a keyring process that fails or says something else is a failure', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'fails.mjs'), 'process.exit(1)')
  writeFileSync(join(folder, 'babbles.mjs'), 'console.log("hello")')
  for (const name of ['fails.mjs', 'babbles.mjs', 'missing.mjs'])
    expect(await keyringOf(join(folder, name), 5000)({ kind: 'load', name: 'a' })).toEqual({ kind: 'failed' })
})

/** Of one machine and user (`key`): what another encrypted is refused, without saying why, as Electron's is. */
interface TestStorage extends SafeStorage {
  key: number
  reEncrypt: boolean
  /** Linux, shut: what it encrypts is marked as under the known key, and what it did before is refused. */
  shut: boolean
}

function storage(backend = 'gnome_libsecret'): TestStorage {
  const test: TestStorage = {
    key: 7,
    reEncrypt: false,
    shut: false,
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (plain) => {
      const mark = test.shut ? 'v10' : 'v11'
      return Promise.resolve(
        Buffer.concat([Buffer.from(mark), Buffer.from(plain).map((byte) => byte ^ test.key), Buffer.from([test.key])]),
      )
    },
    decryptStringAsync: (encrypted) => {
      const mark = encrypted.subarray(0, 3).toString()
      if (mark !== (test.shut ? 'v10' : 'v11') || encrypted.at(-1) !== test.key)
        return Promise.reject(new Error('Error while decrypting the ciphertext'))
      const result = Buffer.from(encrypted.subarray(3, -1).map((byte) => byte ^ test.key)).toString()
      return Promise.resolve({ shouldReEncrypt: test.reEncrypt, result })
    },
    getSelectedStorageBackend: () => backend,
  }
  return test
}
const onlyFileOf = (folder: string): Buffer => {
  const [name = ''] = readdirSync(folder)
  return readFileSync(join(folder, name))
}

test('safeStorage keeps a secret across starts', async () => {
  const folder = temporaryFolder()
  expect(await safeStorageCustody(storage(), folder, 'linux').store('archivio', 'chiave')).toBe('stored')
  const later = safeStorageCustody(storage(), folder, 'linux')
  expect(await later.load('archivio')).toEqual(found('chiave'))
  expect(await later.load('altro')).toEqual({ kind: 'absent' })
  expect([await later.remove('archivio'), await later.load('archivio')]).toEqual([true, { kind: 'absent' }])
})

test('safeStorage without a password manager on Linux is refused', async () => {
  for (const backend of ['basic_text', 'unknown']) {
    const folder = temporaryFolder()
    const custody = safeStorageCustody(storage(backend), folder, 'linux')
    expect([await custody.state(), await custody.store('a', 'b'), await custody.replace('a', 'b')]).toEqual([
      'unprotected',
      'failed',
      false,
    ])
    expect(readdirSync(folder)).toEqual([])
  }
  expect(await safeStorageCustody(storage('basic_text'), temporaryFolder(), 'win32').state()).toBe('open')
})

test('a password manager that is shut is no lost key: nothing is written, and what is there stays', async () => {
  const folder = temporaryFolder()
  const system = storage()
  const custody = safeStorageCustody(system, folder, 'linux')
  await custody.store('archivio', 'chiave')
  const before = onlyFileOf(folder)
  system.shut = true
  expect(await custody.state()).toBe('closed')
  expect(await custody.load('archivio')).toEqual({ kind: 'closed', state: 'closed' })
  expect([await custody.store('archivio', 'altra'), await custody.replace('archivio', 'altra')]).toEqual([
    'failed',
    false,
  ])
  expect(await custody.store('nuovo', 'segreto')).toBe('failed')
  expect(readdirSync(folder)).toHaveLength(1)
  expect(onlyFileOf(folder)).toEqual(before)
  system.shut = false
  expect(await custody.load('archivio')).toEqual(found('chiave'))
})

test('a storage that is not ready yet is no lost key either', async () => {
  const folder = temporaryFolder()
  const system = storage()
  const custody = safeStorageCustody(system, folder, 'win32')
  await custody.store('archivio', 'chiave')
  const away = (): Promise<never> => Promise.reject(new Error('temporarily unavailable'))
  const later = safeStorageCustody({ ...system, encryptStringAsync: away, decryptStringAsync: away }, folder, 'win32')
  expect(await later.load('archivio')).toEqual({ kind: 'closed', state: 'closed' })
  expect(await later.store('archivio', 'altra')).toBe('failed')
})

test("another machine's secret is told from none, and set aside only where it is replaced on purpose", async () => {
  const folder = temporaryFolder()
  await safeStorageCustody(storage(), folder, 'win32').store('archivio', 'chiave')
  const before = onlyFileOf(folder)
  const custody = safeStorageCustody({ ...storage(), ...otherMachine() }, folder, 'win32')
  expect(await custody.load('archivio')).toEqual({ kind: 'foreign' })
  expect(await custody.store('archivio', 'altra')).toBe('exists')
  expect(onlyFileOf(folder)).toEqual(before)
  expect(await custody.replace('archivio', 'altra')).toBe(true)
  expect(await custody.load('archivio')).toEqual(found('altra'))
  const aside = readdirSync(folder).find((name) => name.endsWith('.messo-da-parte')) ?? ''
  expect(readFileSync(join(folder, aside))).toEqual(before)
})

function otherMachine(): SafeStorage {
  const other = storage()
  other.key = 9
  return other
}

test('a file that the disk does not give is no absent secret', async () => {
  const folder = temporaryFolder()
  const custody = safeStorageCustody(storage(), folder, 'linux')
  await custody.store('archivio', 'chiave')
  const path = join(folder, readdirSync(folder)[0] ?? '')
  rmSync(path)
  mkdirSync(path)
  expect(await custody.load('archivio')).toEqual({ kind: 'closed', state: 'closed' })
  expect([await custody.store('archivio', 'altra'), await custody.replace('archivio', 'altra')]).toEqual([
    'failed',
    false,
  ])
})

test('a secret under an old system key is encrypted again', async () => {
  const folder = temporaryFolder()
  const system = storage()
  const custody = safeStorageCustody(system, folder, 'win32')
  await custody.store('archivio', 'chiave')
  writeFileSync(join(folder, 'prima'), '')
  const before = readdirSync(folder).length
  system.reEncrypt = true
  expect(await custody.load('archivio')).toEqual(found('chiave'))
  expect(readdirSync(folder)).toHaveLength(before)
})

test('the core reaches the custody of the window over a port, and a closed port is a closed custody', async () => {
  const [windowSide, coreSide] = portPair()
  serveSystemOverPort(
    {
      custody: keyringCustody(keyring().ask),
      systemProxy: (url) => Promise.resolve(`http://proxy-di-${new URL(url).host}:80`),
    },
    windowSide,
  )
  const { custody, systemProxy } = systemOverPort(coreSide)
  expect(await systemProxy('https://gestore.example')).toBe('http://proxy-di-gestore.example:80')
  expect(await custody.state()).toBe('open')
  expect([await custody.store('archivio', 'chiave'), await custody.load('archivio')]).toEqual([
    'stored',
    found('chiave'),
  ])
  expect(await custody.store('archivio', 'altra')).toBe('exists')
  expect([await custody.replace('archivio', 'altra'), await custody.load('archivio')]).toEqual([true, found('altra')])
  expect([await custody.remove('archivio'), await custody.load('archivio')]).toEqual([true, { kind: 'absent' }])
  windowSide.close()
  await expect.poll(() => custody.state()).toBe('closed')
  expect(await custody.load('archivio')).toEqual({ kind: 'closed', state: 'closed' })
  expect(await custody.store('archivio', 'chiave')).toBe('failed')
  expect(await systemProxy('https://gestore.example')).toBeNull()
})
