// One look into the system's keyring, in a process of its own: a call that waits for an unlock prompt cannot be
// interrupted, and would keep its process from ending. One JSON line in, one out.
import { createInterface } from 'node:readline'
import { AsyncEntry } from '@napi-rs/keyring'
import { KeyringAnswer, KeyringQuestion, KEYRING_SERVICE } from './keyring-protocol.ts'

// Linux: the kernel keyring, which the library would fall back to, forgets everything at reboot.
const options = { linux: { store: 'secret-service' as const } }

async function answer(question: KeyringQuestion): Promise<KeyringAnswer> {
  const entry = new AsyncEntry(KEYRING_SERVICE, question.name, options)
  if (question.kind === 'store') await entry.setPassword(question.secret)
  if (question.kind === 'remove') {
    await entry.deletePassword()
    return { secret: null }
  }
  return { secret: await entry.getPassword() }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    process.stdout.write(JSON.stringify(await answer(KeyringQuestion.parse(JSON.parse(line)))) + '\n')
    process.exitCode = 0
  } catch {
    process.exitCode = 1
  }
  break
}
process.exit()
