import { CommandError, errorDataOf } from '../command-error.ts'
import type { DecisioneInvio } from '../contract/documento.ts'
import type { DepositedFile } from '../documenti/deposited-file.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { LottoStore, StoredRiga } from './lotto-store.ts'

/** Rows that go into the outbox in one transaction; the next part follows when fewer than half of it are on their way. */
export const SENT_TOGETHER = 50

/** Brings the rows that a person has sent into the outbox, part by part, so that a pause holds what has not gone in. */
export interface LottoSending {
  /** Looks again at every lotto that is being sent. */
  wake(): void
  close(): Promise<void>
}

/** The codes of forms that brought the document to the casella that was chosen for it. */
function codesOf({ casellaId, data }: StoredRiga): string[] {
  const chosen = data.candidati.find((each) => each.casellaId === casellaId)
  return (chosen?.motivi ?? []).flatMap(({ motivo, valore }) => (motivo === 'codice_modulo' ? [valore] : []))
}

export function lottoSending(dependencies: {
  store: LottoStore
  file(depositoId: string): DepositedFile | undefined
  /** Throws CommandError when the copy is not what was chosen. */
  verify(file: DepositedFile): Promise<void>
  attach(casellaId: string, tipo: DocumentoTipo, decisione: DecisioneInvio): string
  together(work: () => void): void
  /** What was queued leaves at once: a person has sent it. */
  release(operationIds: readonly string[]): Promise<unknown>
  write(riga: StoredRiga): void
  /** The signed copy of a form that was printed here is on its way. */
  returned(codice: string): void
  changed(lottoId: string): void
  canWrite(): boolean
}): LottoSending {
  const { store } = dependencies
  let closed = false
  let again = false
  const isAskedAgain = (): boolean => again
  let running: Promise<void> | null = null

  async function checked(riga: StoredRiga): Promise<CommandError | null> {
    const file = riga.depositoId === null ? undefined : dependencies.file(riga.depositoId)
    try {
      if (file === undefined) throw new CommandError('deposito_not_found', 'no deposited file')
      await dependencies.verify(file)
      return null
    } catch (error) {
      return error instanceof CommandError ? error : new CommandError('file_unreadable', errorDataOf(error).code)
    }
  }

  async function sendPart(lottoId: string): Promise<boolean> {
    if (store.underWay(lottoId) > SENT_TOGETHER / 2) return false
    const part = store.toSend(lottoId, SENT_TOGETHER)
    if (part.length === 0) {
      const lotto = store.lotto(lottoId)
      if (lotto?.stato === 'in_invio') store.writeLotto({ ...lotto, stato: 'in_preparazione' })
      dependencies.changed(lottoId)
      return false
    }
    const refusals = new Map<string, CommandError>()
    for (const riga of part) {
      const refusal = await checked(riga)
      if (refusal !== null) refusals.set(riga.id, refusal)
    }
    // A pause or the end of the session may have come while the copies were read.
    if (closed || store.lotto(lottoId)?.stato !== 'in_invio' || !dependencies.canWrite()) return false
    const operationIds: string[] = []
    const codes: string[] = []
    dependencies.together(() => {
      for (const { id } of part) {
        const riga = store.riga(id)
        if (riga === undefined || riga.stato !== 'inviata' || riga.operationId !== null) continue
        const { casellaId, depositoId, data } = riga
        try {
          const refusal = refusals.get(id)
          if (refusal !== undefined) throw refusal
          if (casellaId === null || depositoId === null || data.tipo === null)
            throw new CommandError('not_found', 'the row is not decided')
          const operationId = dependencies.attach(casellaId, data.tipo, {
            depositoId,
            consenso: data.consenso?.motivo ?? null,
            titoloFirmatario: data.titoloFirmatario,
          })
          operationIds.push(operationId)
          dependencies.write({ ...riga, operationId })
          codes.push(...codesOf(riga))
        } catch (error) {
          if (!(error instanceof CommandError)) throw error
          const problema = { code: error.code, details: error.details }
          dependencies.write({ ...riga, stato: 'non_valida', data: { ...data, problema } })
        }
      }
    })
    for (const codice of codes) dependencies.returned(codice)
    if (operationIds.length > 0) await dependencies.release(operationIds)
    dependencies.changed(lottoId)
    return true
  }

  async function run(): Promise<void> {
    do {
      again = false
      for (const { id, stato } of store.lotti()) {
        if (closed || !dependencies.canWrite()) return
        let more = stato === 'in_invio'
        while (more) more = await sendPart(id)
      }
      // Asked for while it worked.
    } while (isAskedAgain())
  }

  return {
    wake: () => {
      if (closed) return
      if (running !== null) {
        again = true
        return
      }
      running = run()
        // What could not be written stays to be sent: the next change, or the next start, tries again.
        .catch(() => undefined)
        .finally(() => {
          running = null
        })
    },
    close: async () => {
      closed = true
      await running
    },
  }
}
