import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Assistente, Dominio } from '../provider-contract/dominio.ts'

/** Domains and assistenti, as the provider says them: operators only read them (D5, D90). */
export interface DominioStore {
  domini(): Dominio[]
  dominio(id: string): Dominio | undefined
  assistenti(): Assistente[]
  assistente(id: string): Assistente | undefined
  versionOfDominio(id: string): number | undefined
  versionOfAssistente(id: string): number | undefined
  writeDominio(dominio: Dominio): void
  writeAssistente(assistente: Assistente): void
  removeDominio(id: string): void
  removeAssistente(id: string): void
}

export function dominioStore(db: ArchiveDb): DominioStore {
  // Rows were validated before this store wrote them.
  const dominioOf = (row: { server: string }): Dominio => JSON.parse(row.server) as Dominio
  const assistenteOf = (row: { server: string }): Assistente => JSON.parse(row.server) as Assistente
  return {
    domini: () => db.all<{ server: string }>(sql`SELECT server FROM dominio ORDER BY nome`).map(dominioOf),
    dominio: (id) => {
      const row = db.all<{ server: string }>(sql`SELECT server FROM dominio WHERE id = ${id}`)[0]
      return row === undefined ? undefined : dominioOf(row)
    },
    assistenti: () => db.all<{ server: string }>(sql`SELECT server FROM assistente ORDER BY codice`).map(assistenteOf),
    assistente: (id) => {
      const row = db.all<{ server: string }>(sql`SELECT server FROM assistente WHERE id = ${id}`)[0]
      return row === undefined ? undefined : assistenteOf(row)
    },
    versionOfDominio: (id) =>
      db.all<{ version: number }>(sql`SELECT version FROM dominio WHERE id = ${id}`)[0]?.version,
    versionOfAssistente: (id) =>
      db.all<{ version: number }>(sql`SELECT version FROM assistente WHERE id = ${id}`)[0]?.version,
    writeDominio: (dominio) => {
      db.run(sql`INSERT INTO dominio(id, version, server, nome) VALUES (${dominio.id}, ${dominio.version}, ${JSON.stringify(dominio)}, ${dominio.nome})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, nome = excluded.nome`)
    },
    writeAssistente: (assistente) => {
      db.run(sql`INSERT INTO assistente(id, version, server, codice)
        VALUES (${assistente.id}, ${assistente.version}, ${JSON.stringify(assistente)}, ${assistente.codice})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, codice = excluded.codice`)
    },
    removeDominio: (id) => {
      db.run(sql`DELETE FROM dominio WHERE id = ${id}`)
    },
    removeAssistente: (id) => {
      db.run(sql`DELETE FROM assistente WHERE id = ${id}`)
    },
  }
}
