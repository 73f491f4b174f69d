import type { z } from 'zod'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** What an operator has saved under a name, to use it again. */
export interface Salvato {
  id: string
  nome: string
}

/** What operators have saved under names. Each sees only their own; nothing of it leaves this computer. */
export interface SalvatiStore<S extends Salvato> {
  /** By name. What an older or newer version wrote and does not fit is left out. */
  list(operator: string): S[]
  /** Answers false, and writes nothing, where the id is another operator's. */
  save(operator: string, salvato: S): boolean
  remove(operator: string, id: string): void
}

const tables = { viste: sql`vista`, reportSalvati: sql`report_salvato` }

export function salvatiStore<S extends Salvato>(
  db: ArchiveDb,
  what: keyof typeof tables,
  schema: z.ZodType<S>,
): SalvatiStore<S> {
  const table = tables[what]
  return {
    list: (operator) =>
      db
        .all<{ data: string }>(
          sql`SELECT data FROM ${table} WHERE operator = ${operator} ORDER BY nome COLLATE NOCASE, id LIMIT 200`,
        )
        .flatMap(({ data }) => {
          const parsed = schema.safeParse(JSON.parse(data))
          return parsed.success ? [parsed.data] : []
        }),
    save: (operator, salvato) =>
      db.run(sql`INSERT INTO ${table}(id, operator, nome, data)
        VALUES (${salvato.id}, ${operator}, ${salvato.nome}, ${JSON.stringify(salvato)})
        ON CONFLICT(id) DO UPDATE SET nome = excluded.nome, data = excluded.data
        WHERE operator = excluded.operator`) === 1,
    remove: (operator, id) => {
      db.run(sql`DELETE FROM ${table} WHERE id = ${id} AND operator = ${operator}`)
    },
  }
}
