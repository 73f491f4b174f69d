import type { DocumentInspection, DocumentInspector } from '../documenti/document-inspector.ts'
import type { DepositedFile } from '../documenti/deposited-file.ts'
import { errorDataOf } from '../command-error.ts'
import { giudizioOf } from '../contract/verifica.ts'
import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import type { Duplicato } from '../contract/lotto.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { LottoStore, StoredRiga } from './lotto-store.ts'
import { matchCasella, type CasellaCandidata, type Prove } from './match-casella.ts'
import type { RigaData } from './riga-data.ts'
import { guessTipo } from './guess-tipo.ts'
import { codiciFiscaliIn, indirizziIn, paroleDelNome } from './text-evidence.ts'

/** How many documents are read at the same time. */
export const READERS = 3
const MOST_CANDIDATES = 5
const MOST_CASELLE = 60

/** What the registry knows, as the reading of documents needs it. */
export interface RegistroPort {
  candidata(casellaId: string): CasellaCandidata | undefined
  /** Undefined where no casella has the address. */
  diIndirizzo(indirizzo: string): string | undefined
  /** Caselle whose holder has the code, normalised. */
  diCodiceFiscale(codice: string): string[]
  /** Caselle that the words of a file's name may mean. */
  diParole(parole: readonly string[]): string[]
  /** A form that was printed here. */
  modulo(codice: string): { casellaId: string; tipo: DocumentoTipo | null } | undefined
}

/** Reads the files of all lotti in the background, a few at a time; what is half read is read again at the next start. */
export interface LottoReading {
  wake(): void
  close(): Promise<void>
}

/** What the evidence says of one document; pure but for the questions to the registry. */
export function conclusionOf(
  nomeFile: string,
  { verifica, testo, protetto, codiciModulo }: DocumentInspection,
  registro: RegistroPort,
  ammessi: readonly DocumentoTipo[],
): Pick<RigaData, 'letta' | 'giudizio' | 'firmatari' | 'cfFirma' | 'protetto' | 'candidati' | 'tipo' | 'motivoTipo'> {
  const sound = verifica.signatures.filter(({ integrity, kind }) => integrity === 'valid' && kind === 'signature')
  const cfFirma = [...new Set(sound.flatMap(({ codiceFiscale }) => (codiceFiscale === null ? [] : [codiceFiscale])))]
  const addresses = indirizziIn(testo ?? '')
  const inName = indirizziIn(nomeFile.replace(/(?:\.(?:pdf|p7m|p7s|tsd))+$/i, ''))
  const moduli = codiciModulo.flatMap((codice) => {
    const found = registro.modulo(codice)
    return found === undefined ? [] : [{ codice, ...found }]
  })
  const known = (list: readonly string[]): { address: string; id: string }[] =>
    list.flatMap((address) => {
      const id = registro.diIndirizzo(address)
      return id === undefined ? [] : [{ address, id }]
    })
  const knownText = known(addresses)
  const knownName = known(inName)
  const prove: Prove = {
    moduli,
    cfFirma: cfFirma.map(normaliseCodiceFiscale),
    indirizziTesto: knownText.map(({ address }) => address),
    cfTesto: codiciFiscaliIn(testo ?? ''),
    indirizziNome: knownName.map(({ address }) => address),
    cfNome: codiciFiscaliIn(nomeFile.replace(/[_\-.]+/g, ' ')),
    paroleNome: paroleDelNome(nomeFile),
  }
  const ids = new Set([
    ...moduli.map(({ casellaId }) => casellaId),
    ...knownText.map(({ id }) => id),
    ...knownName.map(({ id }) => id),
    ...[...prove.cfFirma, ...prove.cfTesto, ...prove.cfNome].flatMap((code) => registro.diCodiceFiscale(code)),
    ...registro.diParole(prove.paroleNome),
  ])
  const caselle = [...ids].slice(0, MOST_CASELLE).flatMap((id) => registro.candidata(id) ?? [])
  const evidence = { nomeFile, testo, modulo: moduli[0]?.tipo ?? null, ammessi }
  const first = guessTipo({ ...evidence, mancanti: null })
  const likely = matchCasella(prove, caselle, first?.tipo ?? null)[0]
  const mancanti = caselle.find(({ id }) => id === likely?.casellaId)?.mancanti ?? null
  const tipo = guessTipo({ ...evidence, mancanti })
  return {
    letta: true,
    giudizio: giudizioOf(verifica),
    firmatari: [...new Set(verifica.signatures.flatMap(({ signer }) => signer ?? []))],
    cfFirma,
    protetto,
    candidati: matchCasella(prove, caselle, tipo?.tipo ?? null).slice(0, MOST_CANDIDATES),
    tipo: tipo?.tipo ?? null,
    motivoTipo: tipo?.motivo ?? null,
  }
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
