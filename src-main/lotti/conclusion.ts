import type { DocumentInspection } from '../documenti/document-inspector.ts'
import { normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { giudizioOf } from '../contract/verifica.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { guessTipo } from './guess-tipo.ts'
import { matchCasella, type CasellaCandidata, type Prove } from './match-casella.ts'
import type { RigaData } from './riga-data.ts'
import { codiciFiscaliIn, indirizziIn, paroleDelNome } from './text-evidence.ts'

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

/** What is concluded of one document; the first candidate is the proposal. */
export type Conclusion = Pick<
  RigaData,
  'letta' | 'giudizio' | 'firmatari' | 'cfFirma' | 'protetto' | 'codiceNonLetto' | 'candidati' | 'tipo' | 'motivoTipo'
>

/** What the evidence says of one document; pure but for the questions to the registry. */
export function conclusionOf(
  nomeFile: string,
  { verifica, testo, protetto, codiciModulo, codiceNonLetto }: DocumentInspection,
  registro: RegistroPort,
  ammessi: readonly DocumentoTipo[],
): Conclusion {
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
    codiceNonLetto,
    candidati: matchCasella(prove, caselle, tipo?.tipo ?? null).slice(0, MOST_CANDIDATES),
    tipo: tipo?.tipo ?? null,
    motivoTipo: tipo?.motivo ?? null,
  }
}
