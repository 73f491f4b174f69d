import { statSync } from 'node:fs'
import { giudizioOf, type Verifica } from '../../contract/verifica.ts'
import { UnreadableFileError, verificationPool, type VerificationPool } from '../../signatures/verification-pool.ts'
import type { RefreshTrust } from '../../environment.ts'
import { trustFolder } from '../../trust/trust-folder.ts'
import { givenPath } from '../node/given-path.ts'
import type { VerifyCommand } from './command-line.ts'
import { exitCodes } from './exit-code.ts'
import { verifyText } from './verify-text.ts'

/** A verification of which nothing is known but that the file could not be read. */
const unreadable = {
  format: 'unknown',
  containers: [],
  integrity: 'unverifiable',
  signatures: [],
  documentTimestamps: [],
  warnings: [],
  error: 'file_unreadable',
} as const

/** Intact, and unchanged since: what exit code 0 promises. */
export function isSound({ integrity, signatures }: Verifica): boolean {
  return integrity === 'valid' && signatures.every(({ changesAfterSigning }) => changesAfterSigning.length === 0)
}

async function verifyOne(pool: VerificationPool, file: string, command: VerifyCommand): Promise<Verifica | null> {
  const content = command.content === null ? null : givenPath(command.content)
  try {
    return await pool.verify({ path: givenPath(file), content, at: command.at, trust: command.trust })
  } catch (cause) {
    if (cause instanceof UnreadableFileError) return null
    throw cause
  }
}

/** Asks for newer trusted lists; where they cannot be had, those that are there are used, and it is said. */
async function renewLists(dataDir: string, refresh: RefreshTrust): Promise<void> {
  const folder = trustFolder(dataDir)
  try {
    const { lists, trouble } = await refresh(folder.readLists(), new Date(), new AbortController().signal)
    if (lists !== null) folder.writeLists(lists)
    if (trouble === null) return
    process.stderr.write(`verify: elenchi di fiducia non aggiornati (${trouble.list}: ${trouble.reason}).\n`)
  } catch {
    process.stderr.write('verify: elenchi di fiducia non aggiornati.\n')
  }
}

/** Verifies the files, several at a time, and writes what was found in their order. Answers the exit code. */
export async function verifyFiles(
  command: VerifyCommand,
  workerScript: string,
  { dataDir, refresh, authorities }: { dataDir: string; refresh: RefreshTrust | null; authorities: string[] },
): Promise<number> {
  const { content } = command
  if (content !== null && statSync(givenPath(content), { throwIfNoEntry: false })?.isFile() !== true) {
    process.stderr.write(`verify: il file ${content} indicato con --content non si trova.\n`)
    return exitCodes.usage
  }
  if (command.trust === 'online' && refresh !== null)
    await renewLists(dataDir, (known, now, signal) => refresh(known, now, signal, { authorities, port: null }))
  const pool = verificationPool(workerScript, { threads: command.files.length, dataDir, authorities })
  try {
    const running = command.files.map((file) => verifyOne(pool, file, command))
    // Each is awaited in its turn below; one that fails meanwhile is no unhandled rejection.
    for (const one of running) one.catch(() => undefined)
    let sound = true
    for (const [index, file] of command.files.entries()) {
      const verifica = (await running[index]) ?? null
      if (verifica === null || !isSound(verifica)) sound = false
      if (command.json) {
        const found = verifica === null ? unreadable : { ...verifica, judgement: giudizioOf(verifica) }
        process.stdout.write(JSON.stringify({ file, ...found }) + '\n')
      } else process.stdout.write(verifyText(file, verifica) + '\n')
    }
    return sound ? exitCodes.done : exitCodes.failed
  } finally {
    await pool.close()
  }
}
