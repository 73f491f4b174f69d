import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../db/durable-file.ts'
import type { ArchiveFolder } from './archive-folder.ts'

const Replacement = z.object({ setAside: z.string().regex(/^[0-9-]+$/) })

/** The folder, new, that holds what is set aside at a moment. */
function newSetAside(folder: ArchiveFolder, at: string): string {
  const base = at.slice(0, 19).replaceAll(/[:T]/g, '-')
  let name = base
  for (let again = 2; existsSync(join(folder.setAside, name)); again += 1) name = `${base}-${again}`
  mkdirSync(join(folder.setAside, name), { recursive: true, mode: 0o700 })
  return name
}

/** The documents too: an archive that does not know them sweeps them away. A second name costs no room. */
function keepDocuments(folder: ArchiveFolder, target: string): void {
  if (!existsSync(folder.deposit)) return
  const kept = join(target, 'deposito')
  mkdirSync(kept, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder.deposit)) {
    const to = join(kept, name)
    if (existsSync(to)) continue
    try {
      linkSync(join(folder.deposit, name), to)
    } catch {
      // A file system without links.
      copyFileSync(join(folder.deposit, name), to)
    }
  }
}

function finish(folder: ArchiveFolder, name: string): void {
  const target = join(folder.setAside, name)
  if (existsSync(folder.prepared)) {
    mkdirSync(target, { recursive: true, mode: 0o700 })
    keepDocuments(folder, target)
    for (const file of folder.databaseFiles) if (existsSync(file)) renameSync(file, join(target, basename(file)))
    renameSync(folder.prepared, folder.database)
  }
  rmSync(folder.replacement, { force: true })
}

/**
 * Puts the prepared database (whole, closed, nothing beside it) in the archive's place; what was there is set aside under
 * the date, never deleted, in the folder that is answered. From the first step on it is finished at the next start, wherever it is cut short.
 */
export function replaceDatabase(folder: ArchiveFolder, at: string): string {
  const setAside = newSetAside(folder, at)
  writeDurably(folder.replacement, JSON.stringify({ setAside }))
  finish(folder, setAside)
  return join(folder.setAside, setAside)
}

/** Finishes what a crash interrupted; a prepared database that nobody decided on is thrown away. */
export function finishReplacement(folder: ArchiveFolder): void {
  let text: string | null = null
  try {
    text = readFileSync(folder.replacement, 'utf8')
  } catch {
    // None was begun.
  }
  const parsed = text === null ? null : Replacement.safeParse(JSON.parse(text))
  if (parsed?.success === true) finish(folder, parsed.data.setAside)
  else for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${folder.prepared}${suffix}`, { force: true })
}

/** Sets the whole folder of an archive aside, for one whose key is lost. */
export function setFolderAside(folder: ArchiveFolder, at: string): void {
  renameSync(folder.path, `${folder.path}-messo-da-parte-${at.slice(0, 19).replaceAll(/[:T]/g, '-')}`)
}
