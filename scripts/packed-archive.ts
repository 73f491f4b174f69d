// Reading a packed application: its archive, the hashes that the executable carries of it, its fuses.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { extractFile, getRawHeader } from '@electron/asar'
import { getCurrentFuseWire } from '@electron/fuses'
import { NtExecutable, NtExecutableResource } from 'resedit'
import { z } from 'zod'
import type { PackedFile } from './pack-contents.ts'

const FileEntry = z.object({
  size: z.number(),
  unpacked: z.boolean().optional(),
  integrity: z.object({ algorithm: z.literal('SHA256'), hash: z.string() }).optional(),
})
type FileEntry = z.infer<typeof FileEntry>

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

/** Every file of an asar header, by its path with `/`. Throws where the header holds anything else (a link). */
function entriesOf(header: unknown): Map<string, FileEntry> {
  const entries = new Map<string, FileEntry>()
  const walk = (node: unknown, path: string): void => {
    const folder = z.object({ files: z.record(z.string(), z.unknown()) }).safeParse(node)
    if (!folder.success) {
      entries.set(path, FileEntry.parse(node))
      return
    }
    for (const [name, child] of Object.entries(folder.data.files)) walk(child, path === '' ? name : `${path}/${name}`)
  }
  walk(header, '')
  return entries
}

export function packedFiles(archive: string): PackedFile[] {
  return [...entriesOf(getRawHeader(archive).header)].map(([path, { size, unpacked }]) => ({
    path,
    unpacked: unpacked === true,
    bytes: size,
  }))
}

/** Files whose bytes are not those that the archive's header was made of, and those without a hash. */
export function integrityProblems(archive: string): string[] {
  return [...entriesOf(getRawHeader(archive).header)].flatMap(([path, { integrity }]) => {
    if (integrity === undefined) return [`without a hash in the archive: ${path}`]
    const bytes = extractFile(archive, path.replaceAll('/', sep))
    return sha256(bytes) === integrity.hash ? [] : [`not the bytes that were packed: ${path}`]
  })
}

const Integrity = z.array(z.object({ file: z.string(), alg: z.literal('SHA256'), value: z.string() }))

/** What is wrong with the hash of the archive's header that a Windows executable carries. */
export function embeddedHashProblems(executable: string, archive: string): string[] {
  const resource = NtExecutableResource.from(NtExecutable.from(readFileSync(executable)))
  const entry = resource.entries.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR')
  if (entry === undefined) return ['the executable carries no hash of the archive']
  const carried = Integrity.parse(JSON.parse(Buffer.from(entry.bin).toString('utf8')))
  const found = carried.find(({ file }) => file.replaceAll('\\', '/').toLowerCase() === 'resources/app.asar')
  return found?.value === sha256(getRawHeader(archive).headerString)
    ? []
    : ['the executable carries the hash of another archive']
}

/** The state of each fuse by its place in the wire, as a character code. */
export async function fuseWire(executable: string): Promise<Record<number, number>> {
  const wire: Record<string, unknown> = { ...(await getCurrentFuseWire(executable)) }
  return Object.fromEntries(
    Object.entries(wire).flatMap(([place, state]) => (typeof state === 'number' ? [[Number(place), state]] : [])),
  )
}

/** The files below a folder, by their path with `/`. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
}
