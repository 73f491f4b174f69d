import { Vista } from '../contract/vista.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The views that operators have made. Each sees only their own; nothing of it leaves this computer. */
export interface VistaStore {
  /** By name. What an older or newer version wrote and does not fit is left out. */
  list(operator: string): Vista[]
  /** Answers false, and writes nothing, where the id is another operator's view. */
  save(operator: string, vista: Vista): boolean
  remove(operator: string, id: string): void
}

export function vistaStore(db: ArchiveDb): VistaStore {
  return {
    list: (operator) =>
      db
        .all<{ data: string }>(
          sql`SELECT data FROM vista WHERE operator = ${operator} ORDER BY nome COLLATE NOCASE, id LIMIT 200`,
        )
        .flatMap(({ data }) => {
          const parsed = Vista.safeParse(JSON.parse(data))
          return parsed.success ? [parsed.data] : []
        }),
    save: (operator, vista) =>
      db.run(sql`INSERT INTO vista(id, operator, nome, data)
        VALUES (${vista.id}, ${operator}, ${vista.nome}, ${JSON.stringify(vista)})
        ON CONFLICT(id) DO UPDATE SET nome = excluded.nome, data = excluded.data
        WHERE operator = excluded.operator`) === 1,
    remove: (operator, id) => {
      db.run(sql`DELETE FROM vista WHERE id = ${id} AND operator = ${operator}`)
    },
  }
}
