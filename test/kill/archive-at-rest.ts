import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Config } from '../../src-main/archive/config-store.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { lockDataFolder } from '../../src-main/db/instance-lock.ts'
import { sql } from '../../src-main/db/sql.ts'
import { resourceTypes, type ResourceType, type UpsertItem } from '../../src-main/provider-contract/feed.ts'

/** The rows of the provider, by type and id, each with its version. */
export type ProviderRows = ReadonlyMap<ResourceType, ReadonlyMap<string, UpsertItem>>

interface StoredRow {
  id: string
  version: number
  server: string | null
}

/** Names that may stand in a data folder while nobody works in it, each at most once. */
const KNOWN_FILES = [
  /^configurazione\.json$/,
  // Written anew and renamed at each change: a kill between the two leaves one, which the next change takes up.
  /^configurazione\.json\.tmp$/,
  /^in-uso\.lock$/,
  /^log\/sportello(?:\.\d+)?\.log(?:\.\d+)?$/,
  /^archivi\/[^/]+\/archivio\.db$/,
  /^archivi\/[^/]+\/inviati\.json$/,
  /^archivi\/[^/]+\/inviati\.json\.tmp$/,
  /^archivi\/[^/]+\/verifica\.json(?:\.tmp)?$/,
  /^archivi\/[^/]+\/copie\/coda\.bin(?:\.prima|\.tmp)?$/,
]
const DEPOSITED = /^archivi\/[^/]+\/deposito\/([0-9a-f-]{36})\.bin$/

function openOnly(folder: string): ArchiveDb | null {
  const configuration = join(folder, 'configurazione.json')
  if (!existsSync(configuration)) return null
  const { archives, current } = Config.parse(JSON.parse(readFileSync(configuration, 'utf8')))
  const custody = current === null ? undefined : archives[current]?.custody
  if (current === null || custody?.kind !== 'demo_file') return null
  const path = join(folder, 'archivi', current, 'archivio.db')
  // Where the key is kept is on the disk before the archive is: a kill between the two leaves no archive.
  return existsSync(path) ? openDatabase(path, custody.key) : null
}

function damageOf(db: ArchiveDb): string | null {
  const found = db.all<{ integrity_check: string }>(sql`PRAGMA integrity_check`)
  const words = found.map((row) => row.integrity_check).join('; ')
  if (words !== 'ok') return `integrity_check: ${words}`
  const foreign = db.all(sql`PRAGMA foreign_key_check`)
  return foreign.length === 0 ? null : `foreign_key_check: ${foreign.length} rows`
}

/** What is wrong with the archive as a kill has left it, in words; null when nothing is. Looks at a copy. */
export function damageAfterKill(folder: string): string | null {
  if (!existsSync(folder)) return null
  const copy = `${folder}-copia`
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.bin') && !path.endsWith('.lock') })
  try {
    const db = openOnly(copy)
    if (db === null) return null
    try {
      return damageOf(db)
    } finally {
      db.close()
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function tableOf(type: ResourceType) {
  switch (type) {
    case 'dominio':
      return sql`SELECT id, version, server FROM dominio`
    case 'assistente':
      return sql`SELECT id, version, server FROM assistente`
    case 'titolare':
      return sql`SELECT id, version, server FROM titolare`
    case 'indirizzo':
      return sql`SELECT id, version, server FROM indirizzo`
    case 'attivita':
      return sql`SELECT id, version, server FROM attivita`
    case 'casella':
      return sql`SELECT id, version, server FROM casella`
    case 'documento':
      return sql`SELECT id, version, server FROM documento`
  }
}

function rowDifferences(db: ArchiveDb, provider: ProviderRows): string[] {
  const found: string[] = []
  for (const type of resourceTypes) {
    const theirs = provider.get(type) ?? new Map<string, UpsertItem>()
    const seen = new Set<string>()
    for (const { id, version, server } of db.all<StoredRow>(tableOf(type))) {
      // Made here, and not yet at the provider.
      if (server === null) continue
      seen.add(id)
      const held = theirs.get(id)
      if (held === undefined) found.push(`${type} ${id} is here, and not at the provider`)
      else if (version !== held.version)
        found.push(`${type} ${id} is at version ${version} here, ${held.version} there`)
      else if (!isDeepStrictEqual(JSON.parse(server), held.data))
        found.push(`${type} ${id} differs from the provider's`)
    }
    for (const id of theirs.keys()) if (!seen.has(id)) found.push(`${type} ${id} is at the provider, and not here`)
  }
  return found
}

function fileDifferences(folder: string, db: ArchiveDb): string[] {
  const needed = new Set(
    db
      .all<{ id: string }>(
        sql`SELECT deposito_id AS id FROM operation
          WHERE deposito_id IS NOT NULL AND state NOT IN ('settled', 'cancelled')`,
      )
      .map(({ id }) => id),
  )
  const found: string[] = []
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
  for (const name of names) {
    const deposited = DEPOSITED.exec(name)?.[1]
    if (deposited === undefined ? KNOWN_FILES.some((known) => known.test(name)) : needed.delete(deposited)) continue
    // The journals of the database that is open here.
    if (!/archivio\.db-(?:wal|shm)$/.test(name)) found.push(`a stray file: ${name}`)
  }
  for (const id of needed) found.push(`the bytes of the document ${id} are gone before it was sent`)
  return found
}

/**
 * What is wrong, in words, with the data folder of an application that has ended by itself: damage, rows that are not
 * the provider's, a lock that stands, files that nobody needs.
 */
export function faultsAtRest(folder: string, provider: ProviderRows): string[] {
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /-(?:wal|journal)$/.test(name),
  )
  lockDataFolder(folder)()
  const db = openOnly(folder)
  if (db === null) return ['no archive']
  try {
    const damage = damageOf(db)
    return [
      ...(damage === null ? [] : [damage]),
      ...left.map((name) => `an open journal: ${name}`),
      ...rowDifferences(db, provider),
      ...fileDifferences(folder, db),
    ]
  } finally {
    db.close()
  }
}
