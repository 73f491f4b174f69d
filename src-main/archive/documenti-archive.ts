import type { CasellaStore } from '../caselle/casella-store.ts'
import { CommandError } from '../command-error.ts'
import type { DocumentiAllRequest, DocumentoElenco } from '../contract/documenti-channels.ts'
import type { DocumentoRow, VoceChecklist } from '../contract/documento.ts'
import type { Operation } from '../outbox/operation.ts'
import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { SearchIndex } from '../db/search-index.ts'
import { documentChecklist } from '../documenti/checklist.ts'
import type { Deposit } from '../documenti/deposit.ts'
import type { DocumentInspector } from '../documenti/document-inspector.ts'
import type { DocumentoCommands } from '../documenti/documento-commands.ts'
import { documentoReading, type DocumentoReading } from '../documenti/documento-reading.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { InspectedDocuments } from '../documenti/inspected-documents.ts'
import { keptCopies, type KeptCopies } from '../documenti/kept-copies.ts'
import type { Clock } from '../environment.ts'
import { conclusionOf, type RegistroPort } from '../lotti/conclusion.ts'
import { lottoCommands, type LottoCommands } from '../lotti/lotto-commands.ts'
import { lottoReading } from '../lotti/lotto-reading.ts'
import { lottoSending } from '../lotti/lotto-sending.ts'
import { lottoStore } from '../lotti/lotto-store.ts'
import { isAmbiguous, type CasellaCandidata } from '../lotti/match-casella.ts'
import { folded } from '../lotti/text-evidence.ts'
import type { Capabilities, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'

/** What the archive does with documents beyond queueing one: reading them, many at once, what is kept of them. */
export interface DocumentiArchive {
  lotti: LottoCommands
  reading: DocumentoReading
  copies: KeptCopies
  elenco(request: DocumentiAllRequest): { total: number; rows: DocumentoElenco[] }
  /** Throws CommandError `not_found`. */
  checklist(casellaId: string): VoceChecklist[]
  /** Operations have moved: what is sent goes on, and the lotti of these are told. */
  operationsChanged(operationIds: readonly string[]): void
  /** Somebody has signed in. */
  wake(): void
  close(): Promise<void>
}

const MOST_OF_HOLDER = 12
const MOST_OF_WORDS = 4

export function documentiArchive(dependencies: {
  db: ArchiveDb
  caselle: CasellaStore
  caselleIndex: SearchIndex
  titolari: TitolareStore
  documenti: DocumentoStore
  deposit: Deposit
  inspector: DocumentInspector
  documentoCommands: DocumentoCommands
  inspected: InspectedDocuments
  session: ProviderSession
  clock: Clock
  days: { read(): number; write(days: number): void }
  /** A form that was printed here, and that its signed copy is on its way. */
  modulo(codice: string): { casellaId: string; tipo: DocumentoTipo | null } | undefined
  moduloReturned(codice: string): void
  operation(id: string): Pick<Operation, 'state' | 'reason'> | undefined
  retryOperation(id: string): unknown
  release(operationIds: readonly string[]): Promise<unknown>
  together(work: () => void): void
  capabilities(): Capabilities
  writer(): Operatore
  now(): string
  touched(lottoId: string): void
  flush(): void
}): DocumentiArchive {
  const { db, caselle, caselleIndex, titolari, documenti, deposit, documentoCommands, capabilities } = dependencies
  const store = lottoStore(db)

  const serverOf = (id: string): Casella | undefined => {
    const stored = caselle.get(id)
    return stored?.server ?? stored?.local ?? undefined
  }
  function checklist(casella: Casella): VoceChecklist[] {
    const rows: DocumentoRow[] = documentoCommands.list(casella.id)
    return documentChecklist(casella, capabilities().documents.types, rows)
  }
  function candidata(id: string): CasellaCandidata | undefined {
    const row = caselle.row(id)
    const casella = serverOf(id)
    if (row === undefined || casella === undefined) return undefined
    const eliminata = row.stato === 'eliminata'
    return {
      id,
      indirizzo: row.indirizzo,
      titolare: row.titolare,
      cognome: folded(row.titolare).split(/[^a-z0-9]+/)[0] ?? '',
      codiceFiscale: normaliseCodiceFiscale(row.codiceFiscale),
      codiceScritto: row.codiceFiscale,
      eliminata,
      delTitolare: caselle.rowsOfTitolare(casella.titolareId).filter(({ stato }) => stato !== 'eliminata').length,
      mancanti: eliminata ? [] : checklist(casella).flatMap(({ tipo, manca }) => (manca ? [tipo] : [])),
      richiestaInCorso: row.richiesta !== 'nessuna',
    }
  }
  function diCodiceFiscale(codice: string): string[] {
    return titolari
      .findByCodice(codice)
      .flatMap(({ id }) => caselle.idsOfTitolare(id))
      .slice(0, MOST_OF_HOLDER)
  }
  /** Neighbouring words joined as addresses join them, then two words as a name. */
  function diParole(parole: readonly string[]): string[] {
    const found = new Set<string>()
    const words = parole.slice(0, 8)
    for (const [at, word] of words.entries())
      for (const length of [1, 2, 3]) {
        const part = words.slice(at, at + length)
        if (part.length < length || part.join('').length < 5) continue
        for (const joint of length === 1 ? [''] : ['.', '-', '_', ''])
          for (const pk of caselle.startingWith(`${part.join(joint)}@`).slice(0, MOST_OF_WORDS))
            for (const id of caselle.idsOf([pk])) found.add(id)
        if (length !== 2 || !caselleIndex.ready() || part.some((each) => !/^[a-z]{3,}$/.test(each))) continue
        const named = caselleIndex.match(`${word} ${part[1] ?? ''}`) ?? []
        if (named.length <= MOST_OF_WORDS) for (const id of caselle.idsOf(named)) found.add(id)
      }
    return [...found]
  }

  const registro: RegistroPort = {
    candidata,
    diIndirizzo: (indirizzo) => caselle.idOfIndirizzo(indirizzo),
    diCodiceFiscale,
    diParole,
    modulo: dependencies.modulo,
  }
  const ammessi = (): DocumentoTipo[] =>
    capabilities().documents.types.flatMap(({ tipo, need }) => (need === 'off' ? [] : [tipo]))

  const lotti = lottoCommands({
    store,
    transaction: (work) => db.transaction(work),
    candidata,
    file: (id) => documenti.deposito(id),
    dropFile: (id) => {
      if (documenti.deposito(id)?.casellaId !== null) return
      documenti.removeDeposito(id)
      deposit.removeBytes(id)
    },
    unassign: (id) => {
      documenti.assignDeposito(id, null)
    },
    placeOf: (sha256) => documenti.placeOfSha256(sha256),
    operation: dependencies.operation,
    retryOperation: dependencies.retryOperation,
    capabilities,
    writer: dependencies.writer,
    now: dependencies.now,
    changed: (lottoId) => {
      dependencies.touched(lottoId)
      dependencies.flush()
    },
    read: () => {
      reading.wake()
    },
    sendNow: () => {
      sending.wake()
    },
  })
  const reading = lottoReading({
    store,
    file: (id) => documenti.deposito(id),
    inspector: dependencies.inspector,
    registro,
    ammessi,
    duplicato: (riga) => lotti.duplicato(riga),
    write: (riga) => {
      lotti.write(riga)
    },
  })
  const sending = lottoSending({
    store,
    file: (id) => documenti.deposito(id),
    verify: (file) => deposit.verify(file),
    attach: (casellaId, tipo, decisione) => {
      const { operationIds } = documentoCommands.attach(casellaId, tipo, [decisione.depositoId], [decisione])
      const [operationId] = operationIds
      if (operationId === undefined) throw new CommandError('internal', 'nothing was queued')
      return operationId
    },
    together: dependencies.together,
    release: dependencies.release,
    write: (riga) => {
      lotti.write(riga)
    },
    returned: dependencies.moduloReturned,
    changed: (lottoId) => {
      dependencies.touched(lottoId)
      dependencies.flush()
    },
    canWrite: () => {
      try {
        dependencies.writer()
        return true
      } catch {
        return false
      }
    },
  })
  const copies = keptCopies({ documenti, deposit, clock: dependencies.clock, days: dependencies.days })

  return {
    lotti,
    reading: documentoReading({
      documenti,
      deposit,
      inspector: dependencies.inspector,
      session: dependencies.session,
      titolareOf: (id) => caselle.row(id),
      conclude: (nomeFile, inspection) => {
        const found = conclusionOf(nomeFile, inspection, registro, ammessi())
        return { ...found, ambiguo: isAmbiguous(found.candidati) }
      },
      inspected: dependencies.inspected,
      casellaOfModulo: (codice) => dependencies.modulo(codice)?.casellaId,
      now: dependencies.now,
    }),
    copies,
    elenco: ({ stato, tipo, search, offset, limit }) => {
      const words = search.trim()
      const pks =
        words === ''
          ? null
          : caselleIndex.ready()
            ? caselleIndex.match(words)
            : caselle.startingWith(words.toLowerCase())
      return documenti.elenco({ stato, tipo, caselle: pks }, offset, limit)
    },
    checklist: (casellaId) => {
      const casella = serverOf(casellaId)
      if (casella === undefined) throw new CommandError('not_found', 'no such casella')
      return checklist(casella)
    },
    operationsChanged: (operationIds) => {
      for (const lottoId of lotti.ofOperations(operationIds)) dependencies.touched(lottoId)
      sending.wake()
    },
    wake: () => {
      reading.wake()
      sending.wake()
    },
    close: async () => {
      copies.stop()
      await Promise.all([reading.close(), sending.close()])
      await dependencies.inspector.close()
    },
  }
}
