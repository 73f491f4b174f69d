import type { Casella, CicloDiVita } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Ente } from '../../provider-contract/ente.ts'
import type { Operation } from '../../provider-contract/operation.ts'
import type { Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import type { Sqlite } from './database.ts'

/**
 * What the Gestore looks for among all caselle. The condition of each index stands in its query as well: no other query
 * is to take one of them for an index by type.
 */
export const gestoreIndexes = `
-- Read whole, without the rows.
CREATE INDEX resource_indirizzo ON resource (data ->> '$.indirizzo')
  WHERE type = 'casella' AND data ->> '$.indirizzo' IS NOT NULL;
CREATE INDEX resource_waiting ON resource (type)
  WHERE type = 'casella' AND data ->> '$.ciclo' NOT IN ('attiva', 'scaduta', 'eliminata');
CREATE INDEX resource_richiesta ON resource (type) WHERE type = 'casella' AND data ->> '$.richiesta' <> 'nessuna';
CREATE INDEX resource_received ON resource (data ->> '$.tipo', casella_id)
  WHERE type = 'documento' AND data ->> '$.stato' = 'ricevuto';
`

/** What the Gestore reads: the caselle of every ente. It writes through the resource store, as everybody does. */
export type WaitingCiclo = Exclude<CicloDiVita, 'attiva' | 'scaduta' | 'eliminata'>

export interface GestoreStore {
  casella(id: string): Casella | undefined
  documentiOf(casellaId: string): Documento[]
  /** Whose address holds the text, without regard to case, by address. */
  search(text: string, limit: number): Casella[]
  inCiclo(cicli: readonly WaitingCiclo[], limit: number): Casella[]
  /** With a richiesta. */
  withRichiesta(limit: number): Casella[]
  /** With a documento of the type that nobody has looked at. */
  withReceived(tipo: Documento['tipo'], limit: number): Casella[]
  /** The extracts of logs that nobody has answered, the oldest first (D119). */
  waitingEstratti(limit: number): Operation[]
  /** The id of the operation of a casella that waits for the Gestore. */
  waitingOperation(casellaId: string, kind: string): string | undefined
  /** Every ente that has rows, in order. */
  enti(): string[]
  /** Active caselle of an ente after an id, for the work of a day. */
  attive(enteId: string, after: string, limit: number): Casella[]
  /** Those still open first, then the newest. */
  segnalazioni(limit: number): Segnalazione[]
  segnalazione(id: string): Segnalazione | undefined
  messaggiOf(segnalazioneId: string): Messaggio[]
  /** Where the ente itself is written to. */
  enteEmail(enteId: string): string | undefined
  enteNome(enteId: string): string | undefined
}

export function createGestoreStore(db: Sqlite): GestoreStore {
  type Row = { data: string }
  const caselle = (rows: Row[]) => rows.map(({ data }) => JSON.parse(data) as Casella)
  const live = "FROM resource WHERE type = 'casella' AND data IS NOT NULL"
  const selectOne = db.prepare<[string], Row>(`SELECT data ${live} AND casella_id = ?`)
  // The plus keeps SQLite on the index by casella: by the one of the type it would read every row of the type.
  const selectDocumenti = db.prepare<[string], Row>(
    "SELECT data FROM resource WHERE type = 'documento' AND data IS NOT NULL AND casella_id = ? ORDER BY +id",
  )
  // An address is in lower case, and the index holds every one: only the rows that are found are read. SQLite is told,
  // or it would read them all; prepared when it is needed, because the index is made after the generation.
  const findText = `SELECT data FROM resource WHERE seq IN (
       SELECT seq FROM resource INDEXED BY resource_indirizzo
       WHERE type = 'casella' AND data ->> '$.indirizzo' IS NOT NULL AND instr(data ->> '$.indirizzo', lower(@text)) > 0
       ORDER BY data ->> '$.indirizzo' LIMIT @limit)
     ORDER BY data ->> '$.indirizzo'`
  const selectInCiclo = db.prepare<[object], Row>(
    `SELECT data FROM resource
     WHERE type = 'casella' AND data ->> '$.ciclo' NOT IN ('attiva', 'scaduta', 'eliminata')
       AND data ->> '$.ciclo' IN (SELECT value FROM json_each(@cicli))
     ORDER BY seq DESC LIMIT @limit`,
  )
  const selectRichieste = db.prepare<[object], Row>(
    `SELECT data FROM resource WHERE type = 'casella' AND data ->> '$.richiesta' <> 'nessuna' ORDER BY seq DESC LIMIT @limit`,
  )
  const selectAttive = db.prepare<[object], Row>(
    `SELECT data FROM resource WHERE ente_id = @enteId AND type = 'casella' AND id > @after
       AND data IS NOT NULL AND data ->> '$.ciclo' = 'attiva' ORDER BY id LIMIT @limit`,
  )
  // From one ente to the next by the index: the rows between are not read.
  const enteIds = `WITH RECURSIVE one(id) AS (
      SELECT min(ente_id) FROM resource
      UNION ALL SELECT (SELECT min(ente_id) FROM resource WHERE ente_id > one.id) FROM one WHERE one.id IS NOT NULL
    ) SELECT id FROM one WHERE id IS NOT NULL`
  const selectEnteIds = db.prepare<[], { id: string }>(enteIds)
  const selectWaiting = db.prepare<[object], { id: string }>(
    `SELECT id FROM resource WHERE type = 'operation' AND casella_id = @casellaId AND data ->> '$.kind' = @kind
       AND data ->> '$.state' = 'waiting_provider' ORDER BY +id DESC LIMIT 1`,
  )
  const anyEnte = `ente_id IN (${enteIds}) AND data IS NOT NULL`
  const selectEstratti = db.prepare<[object], Row>(
    `SELECT data FROM resource WHERE ${anyEnte} AND type = 'operation' AND data ->> '$.kind' = 'estratto_log'
       AND data ->> '$.state' = 'waiting_provider' ORDER BY seq LIMIT @limit`,
  )
  const selectToSee = db.prepare<[object], Row>(
    `SELECT data ${live} AND casella_id IN (
       SELECT casella_id FROM resource
       WHERE type = 'documento' AND data ->> '$.stato' = 'ricevuto' AND data ->> '$.tipo' = @tipo)
     ORDER BY seq DESC LIMIT @limit`,
  )
  const selectSegnalazioni = db.prepare<[object], Row>(
    `SELECT data FROM resource WHERE ${anyEnte} AND type = 'segnalazione'
     ORDER BY data ->> '$.stato' = 'chiusa', data ->> '$.aperta' DESC LIMIT @limit`,
  )
  const selectSegnalazione = db.prepare<[string], Row>(
    `SELECT data FROM resource WHERE ${anyEnte} AND type = 'segnalazione' AND id = ?`,
  )
  const selectMessaggi = db.prepare<[string], Row>(
    `SELECT data FROM resource WHERE ${anyEnte} AND type = 'messaggio' AND data ->> '$.segnalazioneId' = ? ORDER BY id`,
  )
  const selectEnte = db.prepare<[object], Row>(
    "SELECT data FROM resource WHERE ente_id = @id AND type = 'ente' AND id = @id AND data IS NOT NULL",
  )
  const ente = (id: string) => {
    const row = selectEnte.get({ id })
    return row === undefined ? undefined : (JSON.parse(row.data) as Ente)
  }
  return {
    casella: (id) => caselle(selectOne.all(id))[0],
    documentiOf: (casellaId) => selectDocumenti.all(casellaId).map(({ data }) => JSON.parse(data) as Documento),
    search: (text, limit) => caselle(db.prepare<[object], Row>(findText).all({ text, limit })),
    inCiclo: (cicli, limit) => caselle(selectInCiclo.all({ cicli: JSON.stringify(cicli), limit })),
    withRichiesta: (limit) => caselle(selectRichieste.all({ limit })),
    withReceived: (tipo, limit) => caselle(selectToSee.all({ tipo, limit })),
    waitingEstratti: (limit) => selectEstratti.all({ limit }).map(({ data }) => JSON.parse(data) as Operation),
    waitingOperation: (casellaId, kind) => selectWaiting.get({ casellaId, kind })?.id,
    enti: () => selectEnteIds.all().map(({ id }) => id),
    attive: (enteId, after, limit) => caselle(selectAttive.all({ enteId, after, limit })),
    segnalazioni: (limit) => selectSegnalazioni.all({ limit }).map(({ data }) => JSON.parse(data) as Segnalazione),
    segnalazione: (id) => {
      const row = selectSegnalazione.get(id)
      return row === undefined ? undefined : (JSON.parse(row.data) as Segnalazione)
    },
    messaggiOf: (id) => selectMessaggi.all(id).map(({ data }) => JSON.parse(data) as Messaggio),
    enteEmail: (id) => ente(id)?.comunicazioniEmail ?? undefined,
    enteNome: (id) => ente(id)?.nome,
  }
}
