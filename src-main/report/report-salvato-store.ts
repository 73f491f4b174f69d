import { ReportSalvato } from '../contract/report-salvato.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The reports that operators have saved. Each sees only their own; nothing of it leaves this computer. */
export interface ReportSalvatoStore {
  /** By name. What an older or newer version wrote and does not fit is left out. */
  list(operator: string): ReportSalvato[]
  /** Answers false, and writes nothing, where the id is another operator's. */
  save(operator: string, salvato: ReportSalvato): boolean
  remove(operator: string, id: string): void
}

export function reportSalvatoStore(db: ArchiveDb): ReportSalvatoStore {
  return {
    list: (operator) =>
      db
        .all<{ data: string }>(
          sql`SELECT data FROM report_salvato WHERE operator = ${operator} ORDER BY nome COLLATE NOCASE, id LIMIT 200`,
        )
        .flatMap(({ data }) => {
          const parsed = ReportSalvato.safeParse(JSON.parse(data))
          return parsed.success ? [parsed.data] : []
        }),
    save: (operator, salvato) =>
      db.run(sql`INSERT INTO report_salvato(id, operator, nome, data)
        VALUES (${salvato.id}, ${operator}, ${salvato.nome}, ${JSON.stringify(salvato)})
        ON CONFLICT(id) DO UPDATE SET nome = excluded.nome, data = excluded.data
        WHERE operator = excluded.operator`) === 1,
    remove: (operator, id) => {
      db.run(sql`DELETE FROM report_salvato WHERE id = ${id} AND operator = ${operator}`)
    },
  }
}
