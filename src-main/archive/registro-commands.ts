import type { CasellaStore } from '../caselle/casella-store.ts'
import { CommandError } from '../command-error.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { DominioStore } from '../domini/dominio-store.ts'
import { impostazioniCommands, type ImpostazioniCommands } from '../impostazioni/impostazioni-commands.ts'
import type { ImpostazioniStore } from '../impostazioni/impostazioni-store.ts'
import { notaCommands, type NotaCommands } from '../note/nota-commands.ts'
import type { NotaStore } from '../note/nota-store.ts'
import type { Enqueue } from '../outbox/enqueue.ts'
import { laneOfSegnalazione } from '../outbox/operation.ts'
import type { OperationStore } from '../outbox/operation-store.ts'
import type { Projection } from '../outbox/projection.ts'
import { rowEdits, type RowEdits } from '../outbox/row-edits.ts'
import type { ServerRows } from '../outbox/server-rows.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { richiestaCommands, type RichiestaCommands } from '../richieste/richiesta-commands.ts'
import type { RichiestaStore } from '../richieste/richiesta-store.ts'
import type { Deposit } from '../documenti/deposit.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { allegatiDeposito } from '../segnalazioni/allegati-deposito.ts'
import { faqCommands, type FaqCommands } from '../segnalazioni/faq-commands.ts'
import { segnalazioneCommands, type SegnalazioneCommands } from '../segnalazioni/segnalazione-commands.ts'
import type { SegnalazioneStore } from '../segnalazioni/segnalazione-store.ts'
import { storicoCommands, type StoricoCommands } from '../storico/storico-commands.ts'
import type { StoricoStore } from '../storico/storico-store.ts'
import { titolareEdits, type TitolareEdits } from '../titolari/titolare-edits.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'

/** What operators do to the registry beyond a casella's own fields. */
export interface RegistroCommands {
  edits: RowEdits
  titolari: TitolareEdits
  note: NotaCommands
  richieste: RichiestaCommands
  impostazioni: ImpostazioniCommands
  segnalazioni: SegnalazioneCommands
  storico: StoricoCommands
  faq: FaqCommands
}

/** The commands of each domain, with what they need of the others' stores. */
export function registroCommands(dependencies: {
  db: ArchiveDb
  caselle: CasellaStore
  titolari: TitolareStore
  note: NotaStore
  richieste: RichiestaStore
  impostazioni: ImpostazioniStore
  segnalazioni: SegnalazioneStore
  storico: StoricoStore
  domini: DominioStore
  operations: OperationStore
  rows: ServerRows
  projection: Projection
  enqueue: Enqueue
  deposit: Deposit
  documenti: DocumentoStore
  meta: MetaStore
  touched(segnalazioneId: string): void
  removeBozza(id: string): void
  operatore(): Operatore | null
  session: ProviderSession
  isOffline(): boolean
  capabilities(): Capabilities
  writer(): Operatore
  queued(opIds: readonly string[]): void
  flush(): void
  timeOfDay(steady: number): string
  enteId(): string
  /** ISO 8601. */
  now(): string
}): RegistroCommands {
  const { caselle, titolari, operations, projection, capabilities, timeOfDay } = dependencies
  const edits = rowEdits(dependencies)
  const serverIdOf = (localId: string): string | undefined => operations.serverIdOf(localId)
  const known = (id: string): string => serverIdOf(id) ?? id

  const casella = (id: string): Casella => {
    const stored = caselle.get(known(id))
    const row = stored?.server ?? stored?.local
    if (row == null) throw new CommandError('not_found', 'no such casella')
    return row
  }
  const titolare = (id: string) => {
    const stored = titolari.get(known(id))
    const row = stored?.server ?? stored?.local?.titolare
    return row === undefined ? undefined : { titolare: row, isSent: stored?.server != null }
  }

  return {
    edits,
    titolari: titolareEdits({
      edits,
      titolare,
      writeLocal: (row, entered) => {
        titolari.writeLocal(row, entered)
      },
      enteId: dependencies.enteId,
      now: dependencies.now,
      hasCaselle: (id) => caselle.idsOfTitolare(id).length > 0,
      serverIdOf,
      openLane: (id) => operations.laneOfOpenTitolare(id),
      joinLane: (id, lane) => {
        for (const operation of operations.visibleOfTitolare(id)) operations.moveLane(operation.lane, lane)
      },
      isAbsorbed: (id) => operations.mergeAbsorbing(id) !== undefined,
      capabilities,
    }),
    note: notaCommands({
      edits,
      note: dependencies.note,
      owner: (owner) => {
        if ('casellaId' in owner) {
          const { id, indirizzo } = casella(owner.casellaId)
          return { casellaId: id, titolareId: null, subject: indirizzo }
        }
        const found = titolare(owner.titolareId)?.titolare
        if (found === undefined) throw new CommandError('not_found', 'no such holder')
        return { casellaId: null, titolareId: found.id, subject: `${found.cognome} ${found.nome}`.trim() }
      },
      operations: ({ casellaId, titolareId }) =>
        casellaId === null ? operations.visibleOfTitolare(titolareId ?? '') : operations.visibleOfCasella(casellaId),
      timeOfDay,
    }),
    richieste: richiestaCommands({
      edits,
      richieste: dependencies.richieste,
      casella,
      titolareExists: (id) => titolare(id) !== undefined,
      operations: (casellaId) => operations.visibleOfCasella(casellaId),
      capabilities,
      now: () => Date.parse(dependencies.now()),
      waiting: () =>
        [...operations.visibleOfType('casella.richiesta'), ...operations.visibleOfType('casella.azione')].sort(
          (one, other) => one.seq - other.seq,
        ),
      addressOf: (id) => {
        const stored = caselle.get(known(id))
        return stored === undefined ? undefined : casella(id).indirizzo
      },
    }),
    impostazioni: impostazioniCommands({
      edits,
      impostazioni: dependencies.impostazioni,
      casella,
      pulled: (row) => {
        dependencies.db.transaction(() => {
          projection.pulled('impostazioni', row)
          dependencies.impostazioni.markRead(row.casellaId, dependencies.now())
        })
        dependencies.flush()
      },
      operations: (casellaId) => operations.visibleOfRow('impostazioni', casellaId),
      session: dependencies.session,
      isOffline: dependencies.isOffline,
      capabilities,
      timeOfDay,
    }),
    segnalazioni: segnalazioneCommands({
      edits,
      segnalazioni: dependencies.segnalazioni,
      creations: () => operations.visibleOfType('segnalazione.create'),
      operations: (id) => operations.visibleInLane(laneOfSegnalazione(id)),
      serverIdOf,
      casellaExists: (id) => caselle.get(id) !== undefined,
      capabilities,
      timeOfDay,
      allegati: allegatiDeposito({
        deposit: dependencies.deposit,
        documenti: dependencies.documenti,
        session: dependencies.session,
        messaggio: (id) => dependencies.segnalazioni.messaggi.get(id),
        now: dependencies.now,
      }),
      operatore: dependencies.operatore,
      removeBozza: dependencies.removeBozza,
      touched: (id) => {
        dependencies.touched(id)
        dependencies.flush()
      },
    }),
    faq: faqCommands({
      meta: dependencies.meta,
      session: dependencies.session,
      isOffline: dependencies.isOffline,
      now: dependencies.now,
    }),
    storico: storicoCommands({
      store: dependencies.storico,
      names: {
        titolare: (id) => titolari.holder(id)?.titolare ?? null,
        casella: (id) => caselle.row(id)?.indirizzo ?? null,
        dominio: (id) => dependencies.domini.dominio(id)?.nome ?? null,
        assistente: (id) => {
          const assistente = dependencies.domini.assistente(id)
          return assistente === undefined ? null : (assistente.nome ?? assistente.codice)
        },
      },
      owner: (owner) => {
        if ('casellaId' in owner) return { casellaId: casella(owner.casellaId).id }
        const found = titolare(owner.titolareId)?.titolare
        if (found === undefined) throw new CommandError('not_found', 'no such holder')
        return { titolareId: found.id }
      },
      session: dependencies.session,
      isOffline: dependencies.isOffline,
      together: (work) => {
        dependencies.db.transaction(work)
      },
      now: dependencies.now,
    }),
  }
}
