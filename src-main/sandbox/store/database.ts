import Database from 'better-sqlite3'
import type { Database as Sqlite } from 'better-sqlite3'
import { lookupIndexes } from './filter-lookup.ts'
import { gestoreIndexes } from './gestore-store.ts'
import { historyTables } from './history-store.ts'
import { lifeTables } from './life-store.ts'
import { mailTables } from './mail-store.ts'
import { totalsTables } from './totals-store.ts'
import { totpTables } from './totp-store.ts'

export type { Sqlite }

/** Raised when a change of the tables makes older data folders unreadable. */
export const SCHEMA_VERSION = 6

/** A resource is one row with its JSON; `seq` is its place in the change feed and moves with each change. */
const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counter (type TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE resource (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  ente_id TEXT NOT NULL,
  titolare_id TEXT,
  casella_id TEXT,
  assistente_id TEXT,
  version INTEGER NOT NULL,
  data TEXT -- null: a tombstone
);
-- D28: one titolare for each codice fiscale of an ente, omocodia normalised.
CREATE TABLE titolare_cf (
  ente_id TEXT NOT NULL, cf TEXT NOT NULL, titolare_id TEXT NOT NULL, PRIMARY KEY (ente_id, cf)
) WITHOUT ROWID;
-- D68: every address ever given, with the holder who had it and whether it is burned.
CREATE TABLE casella_name (
  indirizzo TEXT PRIMARY KEY, casella_id TEXT NOT NULL, cf TEXT NOT NULL, burned INTEGER NOT NULL
) WITHOUT ROWID;
-- The titolari that an assistente sees: those of its caselle, and those it registered.
CREATE TABLE titolare_grant (
  assistente_id TEXT NOT NULL, titolare_id TEXT NOT NULL, PRIMARY KEY (assistente_id, titolare_id)
) WITHOUT ROWID;
CREATE TABLE user (
  id TEXT PRIMARY KEY, user TEXT NOT NULL UNIQUE, password TEXT NOT NULL, nome TEXT NOT NULL, ruolo TEXT NOT NULL,
  ente_id TEXT NOT NULL, ente TEXT NOT NULL, assistente_id TEXT, codice_assistente TEXT, email TEXT
) WITHOUT ROWID;
CREATE TABLE session (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, refresh_hash TEXT NOT NULL, refresh_expires INTEGER NOT NULL,
  previous_hash TEXT, previous_until INTEGER
) WITHOUT ROWID;
CREATE INDEX session_refresh ON session (refresh_hash);
CREATE INDEX session_previous ON session (previous_hash);
-- Refresh tokens that were replaced, to know one that comes back (RFC 9700).
CREATE TABLE replaced_refresh (hash TEXT PRIMARY KEY, session_id TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE access_token (hash TEXT PRIMARY KEY, session_id TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE login_failure (user TEXT PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE idempotency (
  user_id TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
  body TEXT, created INTEGER NOT NULL, PRIMARY KEY (user_id, key)
) WITHOUT ROWID;
CREATE TABLE upload (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, filename TEXT NOT NULL, filetype TEXT NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, complete INTEGER NOT NULL, documento_id TEXT, created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX upload_documento ON upload (documento_id);
`

/** Each made where it is missing, so that older folders stay readable. */
const laterTables = [historyTables, mailTables, totpTables, lifeTables, totalsTables]

/** Made after the generation: filling them row by row is slower. */
export const indexes = `
-- What an aggregatore reads of several enti.
CREATE INDEX resource_type ON resource (type, id);
CREATE UNIQUE INDEX resource_place ON resource (ente_id, type, id);
-- Counts the live rows of a snapshot without reading them.
CREATE INDEX resource_live ON resource (ente_id, type, assistente_id, titolare_id) WHERE data IS NOT NULL;
CREATE INDEX resource_titolare ON resource (titolare_id, type);
CREATE INDEX resource_casella ON resource (casella_id, type);
${gestoreIndexes}${lookupIndexes}`

/** Opens the file, creating the tables in a new one. Throws what better-sqlite3 throws for a file that is no database. */
export function openDatabase(file: string): Sqlite {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('busy_timeout = 5000')
  const made = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()
  if (made === undefined) db.exec(tables)
  for (const added of laterTables) db.exec(added)
  return db
}
