import { CommandError } from '../command-error.ts'
import { recoveryLine } from '../contract/rules/recovery-key.ts'
import { openReadOnly } from '../db/database.ts'
import { sizeOf, type ArchiveFolder } from './archive-folder.ts'
import { copyFiles } from './copy-files.ts'
import { isKeyOf } from './key-check.ts'

/** The key that four lines give. Throws CommandError `recovery_key_wrong` with details.line, from 1. */
export function keyOfLines(lines: readonly string[]): string {
  return lines
    .map((text, line) => {
      const part = recoveryLine(line, text)
      if (part === null) throw new CommandError('recovery_key_wrong', 'a line is not as printed', { line: line + 1 })
      return part
    })
    .join('')
}

function opens(path: string, keyHex: string): boolean {
  if (sizeOf(path) === 0) return false
  try {
    openReadOnly(path, keyHex).close()
    return true
  } catch {
    return false
  }
}

/** Throws CommandError `recovery_key_wrong` (details.line 0) unless something of the archive opens with the key. */
export function requireKeyOf(folder: ArchiveFolder, keyHex: string): void {
  const known = isKeyOf(folder.keyCheck, keyHex)
  const copies = copyFiles(folder.copies)
  if (known ?? (opens(folder.database, keyHex) || copies.list().some(({ id }) => opens(copies.pathOf(id), keyHex))))
    return
  throw new CommandError('recovery_key_wrong', 'the key is of another archive', { line: 0 })
}
