import { ModuloKind } from '../contract/modulo.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A form that was handed out. */
export interface Modulo {
  code: string
  kind: ModuloKind
  casellaId: string
  titolareId: string | null
  operator: string
  /** ISO 8601. */
  madeAt: string
  /** Of the file that it was handed out in; hexadecimal. */
  sha256: string
  returnedAt: string | null
}

/** The forms that were printed here; nothing of it leaves this computer. */
export interface ModuloStore {
  insert(moduli: readonly Modulo[]): void
  byCode(code: string): Modulo | undefined
  /** Of a casella, also from before the provider gave it its id; the newest first. */
  ofCasella(casellaId: string): Modulo[]
  /** Answers false where it is known already, or the code is not. */
  markReturned(code: string, at: string): boolean
}

interface DbRow {
  code: string
  kind: string
  casella_id: string
  titolare_id: string | null
  operator: string
  made_at: string
  sha256: string
  returned_at: string | null
}

/** A kind that only a newer version knows is passed over. */
function moduloOf(row: DbRow): Modulo[] {
  const kind = ModuloKind.safeParse(row.kind)
  if (!kind.success) return []
  return [
    {
      code: row.code,
      kind: kind.data,
      casellaId: row.casella_id,
      titolareId: row.titolare_id,
      operator: row.operator,
      madeAt: row.made_at,
      sha256: row.sha256,
      returnedAt: row.returned_at,
    },
  ]
}

export function moduloStore(db: ArchiveDb): ModuloStore {
  return {
    insert: (moduli) => {
      db.transaction(() => {
        for (const { code, kind, casellaId, titolareId, operator, madeAt, sha256 } of moduli)
          db.run(sql`INSERT INTO modulo(code, kind, casella_id, titolare_id, operator, made_at, sha256)
            VALUES (${code}, ${kind}, ${casellaId}, ${titolareId}, ${operator}, ${madeAt}, ${sha256})`)
      })
    },
    byCode: (code) => db.all<DbRow>(sql`SELECT * FROM modulo WHERE code = ${code}`).flatMap(moduloOf)[0],
    ofCasella: (casellaId) =>
      db
        .all<DbRow>(
          sql`SELECT * FROM modulo WHERE casella_id = ${casellaId}
            OR casella_id IN (SELECT local_id FROM local_id WHERE server_id = ${casellaId})
            ORDER BY made_at DESC, code LIMIT 200`,
        )
        .flatMap(moduloOf),
    markReturned: (code, at) =>
      db.run(sql`UPDATE modulo SET returned_at = ${at} WHERE code = ${code} AND returned_at IS NULL`) === 1,
  }
}
