import { randomUUID } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type {
  ArrivedRequest,
  ConteggiLotto,
  Decisione,
  Duplicato,
  Lotto,
  RigaLotto,
  RigaLottoDetail,
  RigheRequest,
} from '../contract/lotto.ts'
import { DEFAULT_SOGLIA, MOST_ROWS } from '../contract/lotto.ts'
import { confrontoTitolare } from '../contract/rules/confronto-titolare.ts'
import type { Operation } from '../outbox/operation.ts'
import type { DepositedFile } from '../documenti/deposited-file.ts'
import { safeFileName } from '../documenti/deposit.ts'
import type { Capabilities, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { LottoStore, StoredLotto, StoredRiga } from './lotto-store.ts'
import { isAmbiguous, type CasellaCandidata } from './match-casella.ts'
import { emptyRiga, type RigaData } from './riga-data.ts'
import { statoRiga } from './stato-riga.ts'

export interface LottoCommands {
  list(): Lotto[]
  /** Throws CommandError `not_found`. */
  get(id: string): Lotto
  create(nome: string): Lotto
  /** Names files before their bytes come; what its size alone refuses is refused. Answers the ids in the same order, null for those. */
  addFiles(lottoId: string, files: readonly { nome: string; bytes: number }[]): { righe: (string | null)[] }
  /** The bytes of named files are in the deposit, or will not come. */
  arrived(request: ArrivedRequest): void
  rows(request: RigheRequest): { total: number; rows: RigaLotto[] }
  /** Ids of all rows of a filter, for a decision on many. */
  ids(request: Pick<RigheRequest, 'lottoId' | 'filtro' | 'search'>): string[]
  row(id: string): RigaLottoDetail
  /** Answers how many rows it changed. Throws CommandError `casella_deleted`, `document_type_refused`. */
  decide(lottoId: string, righe: readonly string[], decisione: Decisione): { n: number }
  threshold(id: string, soglia: number): Lotto
  /** What is ready goes; what is not stays. */
  send(id: string): Lotto
  pause(id: string): Lotto
  /** What the provider refused or could not be sent is tried again; answers how many. */
  retry(id: string): { n: number }
  /** Throws CommandError `lotto_sending` while rows are on their way into the outbox. */
  remove(id: string): void
  /** All rows, as the report tells them. */
  report(id: string): { lotto: Lotto; righe: RigaLottoDetail[] }
  /** Writes a row with the state that follows from what is known of it. */
  write(riga: StoredRiga): void
  duplicato(riga: StoredRiga): Duplicato | null
  /** An operation was given up: its row, if it has one, is put aside with its copy. Answers whether it has one. */
  cancelled(depositoId: string): boolean
  /** The lotti whose operations these are. */
  ofOperations(operationIds: readonly string[]): string[]
}

/** Pure: a row's facts, as they decide its state. */
function factsOf(
  riga: StoredRiga,
  casella: CasellaCandidata | undefined,
  ammessi: readonly DocumentoTipo[],
): Parameters<typeof statoRiga>[0] {
  const { data } = riga
  const first = data.candidati[0]
  return {
    isHere: riga.depositoId !== null,
    isRead: data.letta,
    refused: data.problema !== null,
    giudizio: data.giudizio,
    protetto: data.protetto,
    hasConsenso: data.consenso !== null,
    casellaId: casella === undefined ? null : riga.casellaId,
    casellaEliminata: casella?.eliminata ?? false,
    confidenza: first?.casellaId === riga.casellaId ? first.confidenza : null,
    ambigua: isAmbiguous(data.candidati),
    confermata: data.confermata,
    tipo: data.tipo,
    ammessi,
    duplicato: data.duplicato !== null,
    confronto: casella === undefined ? null : confrontoTitolare(data.cfFirma, casella.codiceFiscale),
    hasTitolo: data.titoloFirmatario !== null,
    scartata: data.scartata,
    inviata: riga.stato === 'inviata',
  }
}

export function lottoCommands(dependencies: {
  store: LottoStore
  transaction<T>(work: () => T): T
  candidata(casellaId: string): CasellaCandidata | undefined
  file(depositoId: string): DepositedFile | undefined
  /** Drops a copy that is not on its way. */
  dropFile(depositoId: string): void
  unassign(depositoId: string): void
  placeOf(sha256: string): { casellaId: string; at: 'gestore' | 'in_coda' } | undefined
  operation(id: string): Pick<Operation, 'state' | 'reason'> | undefined
  retryOperation(id: string): unknown
  capabilities(): Capabilities
  writer(): Operatore
  now(): string
  changed(lottoId: string): void
  read(): void
  sendNow(): void
}): LottoCommands {
  const { store, candidata, transaction, changed } = dependencies
  const ammessi = (): DocumentoTipo[] =>
    dependencies.capabilities().documents.types.flatMap(({ tipo, need }) => (need === 'off' ? [] : [tipo]))

  function existing(id: string): StoredLotto {
    const lotto = store.lotto(id)
    if (lotto === undefined) throw new CommandError('not_found', 'no such lotto')
    return lotto
  }

  function countsOf(id: string): Pick<Lotto, 'conteggi' | 'bytes'> {
    const { stati, operazioni, bytes } = store.counts(id)
    const of = (stato: Parameters<typeof stati.get>[0]): number => stati.get(stato) ?? 0
    const ops = (...states: Parameters<typeof operazioni.get>[0][]): { n: number; bytes: number } =>
      states.reduce(
        (sum, state) => {
          const { n, bytes: size } = operazioni.get(state) ?? { n: 0, bytes: 0 }
          return { n: sum.n + n, bytes: sum.bytes + size }
        },
        { n: 0, bytes: 0 },
      )
    const arrived = ops('acknowledged', 'settled')
    const conteggi: ConteggiLotto = {
      totale: [...stati.values()].reduce((sum, n) => sum + n, 0),
      inArrivo: of('in_arrivo'),
      daLeggere: of('da_leggere'),
      daDecidere: of('da_decidere'),
      pronte: of('pronta'),
      nonValide: of('non_valida'),
      scartate: of('scartata'),
      inviate: of('inviata'),
      arrivate: arrived.n,
      respinte: ops('rejected', 'needs_review', 'conflict').n,
    }
    return { conteggi, bytes: { inviati: arrived.bytes, totale: bytes } }
  }
  const told = (lotto: StoredLotto): Lotto => ({ ...lotto, ...countsOf(lotto.id) })

  function shown(riga: StoredRiga, soglia: number, types: readonly DocumentoTipo[]): RigaLotto {
    const { data } = riga
    const casella = riga.casellaId === null ? undefined : candidata(riga.casellaId)
    const facts = factsOf(riga, casella, types)
    const proposed = data.candidati.find(({ casellaId }) => casellaId === riga.casellaId)
    const operation = riga.operationId === null ? undefined : dependencies.operation(riga.operationId)
    return {
      id: riga.id,
      lottoId: riga.lottoId,
      posizione: riga.posizione,
      nomeFile: riga.nomeFile,
      bytes: riga.bytes,
      sha256: riga.sha256,
      formato: data.formato,
      depositoId: riga.depositoId,
      ...statoRiga(facts, soglia),
      problema: data.problema,
      giudizio: data.giudizio,
      firmatari: data.firmatari,
      confronto: facts.confronto,
      titoloFirmatario: data.titoloFirmatario,
      tipo: data.tipo,
      motivoTipo: data.motivoTipo,
      casellaId: riga.casellaId,
      indirizzo: casella?.indirizzo ?? null,
      titolare: casella?.titolare ?? null,
      confidenza: data.confermata ? null : (proposed?.confidenza ?? null),
      motivi: proposed?.motivi ?? [],
      contraddizioni: proposed?.contraddizioni ?? [],
      candidati: data.candidati.length,
      confermata: data.confermata,
      consenso: data.consenso,
      duplicato: data.duplicato,
      operationId: riga.operationId,
      operationState: operation?.state ?? null,
    }
  }
  function detail(riga: StoredRiga, soglia: number, types: readonly DocumentoTipo[]): RigaLottoDetail {
    const operation = riga.operationId === null ? undefined : dependencies.operation(riga.operationId)
    return {
      ...shown(riga, soglia, types),
      candidatiCasella: riga.data.candidati,
      codiceNonLetto: riga.data.codiceNonLetto,
      verifica: store.verifica(riga.id),
      motivoOperazione: operation?.reason ?? null,
    }
  }

  function settled(riga: StoredRiga, soglia: number, types: readonly DocumentoTipo[]): StoredRiga {
    const casella = riga.casellaId === null ? undefined : candidata(riga.casellaId)
    return { ...riga, stato: statoRiga(factsOf(riga, casella, types), soglia).stato }
  }
  function write(riga: StoredRiga): void {
    store.writeRiga(settled(riga, existing(riga.lottoId).soglia, ammessi()))
    changed(riga.lottoId)
  }
  /** Of the same bytes here, at the provider or on their way there. */
  function duplicato(riga: StoredRiga): Duplicato | null {
    const twin = store.earlierTwin(riga)
    if (twin !== undefined) return { dove: 'lotto', nome: twin.nomeFile }
    const place = riga.sha256 === null ? undefined : dependencies.placeOf(riga.sha256)
    if (place === undefined) return null
    return { dove: place.at, nome: candidata(place.casellaId)?.indirizzo ?? place.casellaId }
  }

  function refusalOf(bytes: number, maxBytes: number): RigaData['problema'] {
    if (bytes === 0) return { code: 'file_empty', details: {} }
    return bytes > maxBytes ? { code: 'file_too_large', details: { maxBytes } } : null
  }

  /** The row after the decision; undefined where it does not concern it. Pure but for the moment. */
  function decided(riga: StoredRiga, decisione: Decisione, operatore: string): StoredRiga | undefined {
    const { data } = riga
    const next = (changes: Partial<RigaData>, more: Partial<StoredRiga> = {}): StoredRiga => ({
      ...riga,
      ...more,
      data: { ...data, ...changes },
    })
    if (riga.stato === 'inviata') return undefined
    switch (decisione.kind) {
      case 'casella':
        return next({ confermata: true, scartata: false, titoloFirmatario: null }, { casellaId: decisione.casellaId })
      case 'conferma':
        return riga.casellaId === null ? undefined : next({ confermata: true, scartata: false })
      case 'tipo':
        return next({ tipo: decisione.tipo, motivoTipo: null })
      case 'scarta':
        return next({ scartata: true })
      case 'riprendi':
        return next({ scartata: false, problema: riga.depositoId === null ? data.problema : null })
      case 'consenso':
        return data.letta
          ? next({ consenso: { motivo: decisione.motivo, operatore, quando: dependencies.now() } })
          : undefined
      case 'firmatario':
        return next({ titoloFirmatario: decisione.titolo })
      case 'rileggi':
        return riga.depositoId === null ? undefined : next({ letta: false, problema: null })
    }
  }

  return {
    list: () => store.lotti().map(told),
    get: (id) => told(existing(id)),
    create: (nome) => {
      const { nome: operatore } = dependencies.writer()
      const lotto: StoredLotto = {
        id: randomUUID(),
        nome: nome.trim().slice(0, 120),
        operatore,
        creato: dependencies.now(),
        stato: 'in_preparazione',
        soglia: DEFAULT_SOGLIA,
      }
      store.writeLotto(lotto)
      changed(lotto.id)
      return told(lotto)
    },
    addFiles: (lottoId, files) => {
      dependencies.writer()
      existing(lottoId)
      const { maxBytes } = dependencies.capabilities().documents
      const righe = transaction(() => {
        const last = store.lastPosition(lottoId)
        if (last + files.length > MOST_ROWS) throw new CommandError('lotto_full', 'too many files', { most: MOST_ROWS })
        return files.map(({ nome, bytes }, index) => {
          const id = randomUUID()
          const problema = refusalOf(bytes, maxBytes)
          store.insertRiga({
            id,
            lottoId,
            posizione: last + index + 1,
            nomeFile: safeFileName(nome),
            bytes,
            stato: problema === null ? 'in_arrivo' : 'non_valida',
            depositoId: null,
            sha256: null,
            casellaId: null,
            operationId: null,
            data: { ...emptyRiga, problema },
          })
          return problema === null ? id : null
        })
      })
      changed(lottoId)
      return { righe }
    },
    arrived: ({ lottoId, righe }) => {
      const { soglia } = existing(lottoId)
      const types = ammessi()
      transaction(() => {
        for (const { id, depositoId, problema } of righe) {
          const riga = store.riga(id)
          if (riga?.lottoId !== lottoId || riga.depositoId !== null) continue
          const file = depositoId === null ? undefined : dependencies.file(depositoId)
          const next: StoredRiga =
            file === undefined
              ? { ...riga, data: { ...riga.data, problema: problema ?? { code: 'file_unreadable', details: {} } } }
              : {
                  ...riga,
                  bytes: file.bytes,
                  depositoId: file.id,
                  sha256: file.sha256,
                  data: { ...riga.data, problema: null, formato: file.formato },
                }
          store.writeRiga(settled(next, soglia, types))
        }
      })
      changed(lottoId)
      dependencies.read()
    },
    rows: ({ lottoId, filtro, search, offset, limit }) => {
      const { soglia } = existing(lottoId)
      const types = ammessi()
      const { total, rows } = store.list(lottoId, filtro, search, offset, limit)
      return { total, rows: rows.map((riga) => shown(riga, soglia, types)) }
    },
    ids: ({ lottoId, filtro, search }) => store.list(lottoId, filtro, search, 0, MOST_ROWS).rows.map(({ id }) => id),
    row: (id) => {
      const riga = store.riga(id)
      if (riga === undefined) throw new CommandError('not_found', 'no such row')
      return detail(riga, existing(riga.lottoId).soglia, ammessi())
    },
    decide: (lottoId, righe, decisione) => {
      const { nome } = dependencies.writer()
      const { soglia } = existing(lottoId)
      const types = ammessi()
      if (decisione.kind === 'casella') {
        const casella = candidata(decisione.casellaId)
        if (casella === undefined) throw new CommandError('not_found', 'no such casella')
        if (casella.eliminata) throw new CommandError('casella_deleted', 'a deleted casella takes no document (D68)')
      }
      if (decisione.kind === 'tipo' && !types.includes(decisione.tipo))
        throw new CommandError('document_type_refused', decisione.tipo, { tipo: decisione.tipo })
      const n = transaction(() => {
        let count = 0
        for (const riga of store.righe(lottoId, righe)) {
          const next = decided(riga, decisione, nome)
          if (next === undefined) continue
          store.writeRiga(settled(next, soglia, types))
          count += 1
          // What was a second copy may now be the only one, and the other way round.
          for (const twin of store.laterTwins(riga))
            store.writeRiga(settled({ ...twin, data: { ...twin.data, duplicato: duplicato(twin) } }, soglia, types))
        }
        return count
      })
      changed(lottoId)
      // What was taken up again, or is to be read anew, waits for its reader.
      dependencies.read()
      return { n }
    },
    threshold: (id, soglia) => {
      dependencies.writer()
      const lotto = { ...existing(id), soglia }
      const types = ammessi()
      transaction(() => {
        store.writeLotto(lotto)
        for (const riga of store.all(id)) {
          const next = settled(riga, soglia, types)
          if (next.stato !== riga.stato) store.writeRiga(next)
        }
      })
      changed(id)
      return told(lotto)
    },
    send: (id) => {
      dependencies.writer()
      const lotto = existing(id)
      const types = ammessi()
      transaction(() => {
        for (const riga of store.ready(id)) {
          // The registry may have moved since the row was read: what no longer holds waits for a person.
          const next = settled(riga, lotto.soglia, types)
          store.writeRiga(next.stato === 'pronta' ? { ...next, stato: 'inviata' } : next)
        }
        store.writeLotto({ ...lotto, stato: 'in_invio' })
      })
      changed(id)
      dependencies.sendNow()
      return told(existing(id))
    },
    pause: (id) => {
      dependencies.writer()
      const lotto = existing(id)
      if (lotto.stato === 'in_invio') store.writeLotto({ ...lotto, stato: 'in_pausa' })
      changed(id)
      return told(existing(id))
    },
    retry: (id) => {
      dependencies.writer()
      let n = 0
      for (const { operationId } of store.list(id, 'inviati', '', 0, MOST_ROWS).rows) {
        const operation = operationId === null ? undefined : dependencies.operation(operationId)
        if (operationId === null || operation?.state !== 'rejected') continue
        dependencies.retryOperation(operationId)
        n += 1
      }
      changed(id)
      return { n }
    },
    remove: (id) => {
      dependencies.writer()
      existing(id)
      if (store.toSend(id, 1).length > 0) throw new CommandError('lotto_sending', 'rows are being sent')
      const files = store.all(id).flatMap(({ stato, depositoId }) => (stato === 'inviata' ? [] : (depositoId ?? [])))
      transaction(() => {
        store.removeLotto(id)
      })
      for (const depositoId of files) dependencies.dropFile(depositoId)
      changed(id)
    },
    report: (id) => {
      const lotto = existing(id)
      const types = ammessi()
      return { lotto: told(lotto), righe: store.all(id).map((riga) => detail(riga, lotto.soglia, types)) }
    },
    write,
    duplicato,
    cancelled: (depositoId) => {
      const riga = store.ofDeposito(depositoId)
      if (riga === undefined) return false
      dependencies.unassign(depositoId)
      write({ ...riga, stato: 'scartata', operationId: null, data: { ...riga.data, scartata: true } })
      return true
    },
    ofOperations: (operationIds) => [
      ...new Set(operationIds.flatMap((operationId) => store.ofOperation(operationId)?.lottoId ?? [])),
    ],
  }
}
