import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** Writes a file whole or not at all, on the disk before it returns: beside it, then in its place. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.tmp`
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const file = openSync(temporary, 'w', 0o600)
  try {
    let written = 0
    while (written < bytes.byteLength) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}
