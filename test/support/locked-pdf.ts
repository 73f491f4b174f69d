import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PDF encrypted by qpdf (AES-256). An empty `user` password: it opens for everybody, and only its use is restricted. */
export function lockedPdf(pdf: Uint8Array, { user, owner }: { user: string; owner: string }): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'lra-qpdf-'))
  try {
    const [plain, locked] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')]
    writeFileSync(plain, pdf)
    const { status, stderr } = spawnSync('qpdf', ['--encrypt', user, owner, '256', '--', plain, locked])
    if (status !== 0) throw new Error(`qpdf: ${String(stderr)}`)
    return readFileSync(locked)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
