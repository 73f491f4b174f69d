import type { CasellaRow } from '../../src-main/contract/casella.ts'
import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import type { DocumentoEsaminato } from '../../src-main/contract/documenti-channels.ts'
import type { DecisioneInvio, Deposito } from '../../src-main/contract/documento.ts'
import {
  DEFAULT_SOGLIA,
  type CandidatoCasella,
  type ConfrontoTitolare,
  type TitoloFirmatario,
} from '../../src-main/contract/lotto.ts'
import { confrontoTitolare } from '../../src-main/contract/rules/confronto-titolare.ts'
import { serveConsenso } from '../../src-main/contract/serve-consenso.ts'
import type { OperationState } from '../../src-main/contract/operation.ts'
import type { DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'

/** One chosen file on its way: read into the deposit, given a casella and a type, queued, sent. */
export interface UploadRow {
  key: number
  nomeFile: string
  bytes: number
  /** Bytes read into the deposit so far. */
  read: number
  deposito: Deposito | null
  /** What was found in it; null while that is not known, and where it cannot be told. */
  esame: DocumentoEsaminato | null
  /** It could not be looked into: nothing is known of its signature. */
  nonEsaminato: boolean
  /** What was thrown while it was read. */
  refused: unknown
  casella: CasellaRow | null
  tipo: DocumentoTipo | null
  /** The casella is the program's proposal, and nobody has chosen another one. */
  proposta: boolean
  /** Why it goes although it does not hold. */
  consenso: string | null
  titoloFirmatario: TitoloFirmatario | null
  operationId: string | null
  state: OperationState | null
  sent: number
}

export type RowProblem = 'esame' | 'casella' | 'tipo' | 'tooMany' | 'firmatario' | 'consenso'

export function isReady(row: UploadRow): boolean {
  return row.deposito !== null && row.operationId === null
}

export function isReading(row: UploadRow): boolean {
  return row.deposito === null && row.refused === null
}

/** What somebody has to consent to before it goes. Of what could not be looked into, that nothing is known of its signature. */
export function consentsOf({ esame, nonEsaminato }: UploadRow): ('firma' | 'protetto')[] {
  if (esame !== null) return serveConsenso(esame.giudizio, esame.protetto)
  return nonEsaminato ? ['firma'] : []
}

/** The signer beside the holder of the casella that was chosen; null where there is nothing to compare. */
export function confrontoOf({ esame, casella }: UploadRow): ConfrontoTitolare | null {
  return esame === null || casella === null ? null : confrontoTitolare(esame.cfFirma, casella.codiceFiscale)
}

/** What would be taken without asking: one that is sure enough, and far enough from any other. */
export function sureProposal({ candidati, ambiguo }: DocumentoEsaminato): CandidatoCasella | null {
  const [first] = candidati
  return first === undefined || ambiguo || first.confidenza < DEFAULT_SOGLIA ? null : first
}

/** Under this confidence another casella is not worth a doubt about the chosen one. */
const DOUBT = 50

/** What speaks for the chosen casella, and the caselle that the document rather leads to. */
export function evidenceOf({ esame, casella }: UploadRow): {
  chosen: CandidatoCasella | null
  others: CandidatoCasella[]
} {
  const candidati = esame?.candidati ?? []
  const chosen = candidati.find(({ casellaId }) => casellaId === casella?.id) ?? null
  const least = casella === null ? 0 : Math.max(DOUBT, chosen?.confidenza ?? 0)
  const others = candidati.filter((each) => each.casellaId !== casella?.id && each.confidenza >= least)
  return { chosen, others: others.slice(0, 3) }
}

const groupOf = (row: UploadRow): string => JSON.stringify([row.casella?.id ?? null, row.tipo])

/** What keeps each ready row from being queued, by its key. `maxFiles`: of one type for one casella. */
export function problemsOf(rows: readonly UploadRow[], maxFiles: number): Map<number, RowProblem> {
  const sizes = new Map<string, number>()
  const ready = rows.filter(isReady)
  for (const row of ready) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1)
  const problems = new Map<number, RowProblem>()
  for (const row of ready) {
    if (row.esame === null && !row.nonEsaminato) problems.set(row.key, 'esame')
    else if (row.casella === null) problems.set(row.key, 'casella')
    else if (row.tipo === null) problems.set(row.key, 'tipo')
    else if ((sizes.get(groupOf(row)) ?? 0) > maxFiles) problems.set(row.key, 'tooMany')
    else if (confrontoOf(row) === 'altro' && row.titoloFirmatario === null) problems.set(row.key, 'firmatario')
    else if (consentsOf(row).length > 0 && row.consenso === null) problems.set(row.key, 'consenso')
  }
  return problems
}

export interface AttachGroup {
  request: Omit<ChannelRequest<'documenti.attach'>, 'decisioni'> & { decisioni: DecisioneInvio[] }
  /** In the order of the request's deposits, and so of the operations that it answers with. */
  keys: number[]
}

/** One request for each casella and type, files in the order in which they were chosen. */
export function attachGroups(rows: readonly UploadRow[]): AttachGroup[] {
  const groups = new Map<string, AttachGroup>()
  for (const row of rows) {
    if (!isReady(row) || row.casella === null || row.tipo === null || row.deposito === null) continue
    const group = groups.get(groupOf(row)) ?? {
      request: { casellaId: row.casella.id, tipo: row.tipo, depositoIds: [], decisioni: [] },
      keys: [],
    }
    const { consenso } = row
    const titoloFirmatario = confrontoOf(row) === 'altro' ? row.titoloFirmatario : null
    group.request.depositoIds.push(row.deposito.id)
    if (consenso !== null || titoloFirmatario !== null)
      group.request.decisioni.push({ depositoId: row.deposito.id, consenso, titoloFirmatario })
    group.keys.push(row.key)
    groups.set(groupOf(row), group)
  }
  return [...groups.values()]
}

/** The keys of rows whose bytes stand in an earlier row too. */
export function repeatedRows(rows: readonly UploadRow[]): Set<number> {
  const seen = new Set<string>()
  const repeated = new Set<number>()
  for (const { key, deposito } of rows) {
    if (deposito === null) continue
    if (seen.has(deposito.sha256)) repeated.add(key)
    seen.add(deposito.sha256)
  }
  return repeated
}

/** The provider has the file's bytes and its document. */
export function hasArrived(row: UploadRow): boolean {
  return row.state === 'acknowledged' || row.state === 'settled'
}

/** Bytes sent and in all, over the queued rows. */
export function overallProgress(rows: readonly UploadRow[]): { sent: number; total: number; arrived: number } {
  const queued = rows.filter(({ operationId }) => operationId !== null)
  return {
    sent: queued.reduce((sum, row) => sum + (hasArrived(row) ? row.bytes : Math.min(row.sent, row.bytes)), 0),
    total: queued.reduce((sum, row) => sum + row.bytes, 0),
    arrived: queued.filter(hasArrived).length,
  }
}
