import type { DocumentInspector } from '../documenti/document-inspector.ts'
import type { DepositedFile } from '../documenti/deposited-file.ts'
import { errorDataOf } from '../command-error.ts'
import type { Duplicato } from '../contract/lotto.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { LottoStore, StoredRiga } from './lotto-store.ts'
import { conclusionOf, type RegistroPort } from './conclusion.ts'
import type { RigaData } from './riga-data.ts'

/** How many documents are read at the same time. */
export const READERS = 3

/** Reads the files of all lotti in the background, a few at a time; what is half read is read again at the next start. */
export interface LottoReading {
  wake(): void
  close(): Promise<void>
}

export function lottoReading(dependencies: {
  store: LottoStore
  file(depositoId: string): DepositedFile | undefined
  inspector: DocumentInspector
  registro: RegistroPort
  ammessi(): DocumentoTipo[]
  duplicato(riga: StoredRiga): Duplicato | null
  /** Writes the row with the state that follows from what is known of it, and tells the screens. */
  write(riga: StoredRiga): void
}): LottoReading {
  const { store, inspector } = dependencies
  const stop = new AbortController()
  const reading = new Map<string, Promise<void>>()

  /** What a person decided meanwhile stays; an unreadable file is said in its row. */
  async function read(named: StoredRiga): Promise<void> {
    const file = named.depositoId === null ? undefined : dependencies.file(named.depositoId)
    try {
      if (file === undefined) throw new Error('no deposited file')
      const inspection = await inspector.inspect(file, stop.signal)
      const riga = store.riga(named.id)
      if (stop.signal.aborted || riga === undefined || riga.depositoId !== named.depositoId) return
      const found = conclusionOf(riga.nomeFile, inspection, dependencies.registro, dependencies.ammessi())
      const chosen = riga.data.confermata
      const data: RigaData = {
        ...riga.data,
        ...found,
        ...(chosen ? { tipo: riga.data.tipo, motivoTipo: riga.data.motivoTipo } : {}),
        duplicato: dependencies.duplicato(riga),
      }
      store.writeVerifica(riga.id, inspection.verifica)
      dependencies.write({
        ...riga,
        casellaId: chosen ? riga.casellaId : (found.candidati[0]?.casellaId ?? null),
        data,
      })
    } catch (error) {
      const riga = store.riga(named.id)
      if (stop.signal.aborted || riga === undefined) return
      const { code, details } = errorDataOf(error)
      dependencies.write({
        ...riga,
        data: { ...riga.data, problema: { code: code === 'internal' ? 'file_unreadable' : code, details } },
      })
    }
  }

  function wake(): void {
    if (stop.signal.aborted || reading.size >= READERS) return
    for (const riga of store.toRead(READERS - reading.size, [...reading.keys()])) {
      const work = read(riga).finally(() => {
        reading.delete(riga.id)
        wake()
      })
      reading.set(riga.id, work)
    }
  }

  return {
    wake,
    close: async () => {
      stop.abort()
      await Promise.allSettled(reading.values())
    },
  }
}
