import type { CandidatoCasella, Contraddizione, MotivoCasella } from '../contract/lotto.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'

/** What was found in and around one file; codici fiscali in their normalised form, addresses in lower case. */
export interface Prove {
  /** Codes of forms that were printed here, with the casella of each. */
  moduli: readonly { codice: string; casellaId: string }[]
  /** Of the certificates of signatures that are intact. */
  cfFirma: readonly string[]
  /** Addresses in the text that are caselle of the archive. */
  indirizziTesto: readonly string[]
  cfTesto: readonly string[]
  indirizziNome: readonly string[]
  cfNome: readonly string[]
  /** Words of the file's name, folded. */
  paroleNome: readonly string[]
}

/** A casella that some evidence leads to. */
export interface CasellaCandidata {
  id: string
  indirizzo: string
  titolare: string
  /** Folded. */
  cognome: string
  /** Normalised; empty where the provider does not know it (D55). */
  codiceFiscale: string
  /** As the provider has it. */
  codiceScritto: string
  eliminata: boolean
  /** How many caselle the holder has, deleted ones left out. */
  delTitolare: number
  /** Types that this casella is waited for (D82, D86). */
  mancanti: readonly DocumentoTipo[]
  richiestaInCorso: boolean
}

const weights: Record<MotivoCasella, number> = {
  codice_modulo: 0.96,
  indirizzo_testo: 0.86,
  cf_firma: 0.86,
  cf_testo: 0.8,
  indirizzo_nome: 0.86,
  cf_nome: 0.78,
  denominazione_nome: 0.62,
  cognome_nome: 0.2,
  documento_mancante: 0.25,
  richiesta_in_corso: 0.15,
}

/** By how much each contradiction multiplies what speaks for a casella. */
const factors: Record<Contraddizione, number> = {
  altro_modulo: 0.35,
  altro_indirizzo: 0.55,
  altro_cf: 0.6,
  firma_di_altri: 0.9,
  casella_eliminata: 0.1,
  tipo_non_atteso: 0.92,
  piu_caselle_del_titolare: 1,
}

/** What alone proves nothing: it counts only beside something that names the casella or its holder. */
const supporting: readonly MotivoCasella[] = ['documento_mancante', 'richiesta_in_corso']
/** What names the holder and not one of the caselle. */
const ofHolder: readonly MotivoCasella[] = ['cf_firma', 'cf_testo', 'cf_nome', 'cognome_nome']
const MOST = 99
const LEAST = 5

function motivesOf(prove: Prove, casella: CasellaCandidata, tipo: DocumentoTipo | null): CandidatoCasella['motivi'] {
  const { indirizzo, codiceFiscale, codiceScritto, cognome } = casella
  const motivi: CandidatoCasella['motivi'] = []
  const add = (motivo: MotivoCasella, valore: string): void => {
    motivi.push({ motivo, valore })
  }
  const modulo = prove.moduli.find(({ casellaId }) => casellaId === casella.id)
  if (modulo !== undefined) add('codice_modulo', modulo.codice)
  if (prove.indirizziTesto.includes(indirizzo)) add('indirizzo_testo', indirizzo)
  if (prove.indirizziNome.includes(indirizzo)) add('indirizzo_nome', indirizzo)
  else {
    const denominazione = indirizzo.slice(0, indirizzo.indexOf('@'))
    const words = denominazione.split(/[^a-z0-9]+/).filter((word) => word !== '')
    const named = words.length > 0 && words.every((word) => prove.paroleNome.includes(word))
    if (named && denominazione.length >= 5) add('denominazione_nome', denominazione)
  }
  if (codiceFiscale !== '') {
    if (prove.cfFirma.includes(codiceFiscale)) add('cf_firma', codiceScritto)
    if (prove.cfTesto.includes(codiceFiscale)) add('cf_testo', codiceScritto)
    if (prove.cfNome.includes(codiceFiscale)) add('cf_nome', codiceScritto)
  }
  if (cognome.length >= 3 && prove.paroleNome.includes(cognome)) add('cognome_nome', cognome)
  if (motivi.length === 0) return []
  if (tipo !== null && casella.mancanti.includes(tipo)) add('documento_mancante', tipo)
  else if (casella.richiestaInCorso) add('richiesta_in_corso', '')
  return motivi
}

function contradictionsOf(prove: Prove, casella: CasellaCandidata, tipo: DocumentoTipo | null): Contraddizione[] {
  const found: Contraddizione[] = []
  const { indirizzo, codiceFiscale } = casella
  if (prove.moduli.length > 0 && !prove.moduli.some(({ casellaId }) => casellaId === casella.id))
    found.push('altro_modulo')
  const named = [...prove.indirizziTesto, ...prove.indirizziNome]
  if (named.length > 0 && !named.includes(indirizzo)) found.push('altro_indirizzo')
  // A subentro names two persons by its nature.
  const codes = [...prove.cfTesto, ...prove.cfNome]
  if (codiceFiscale !== '' && codes.length > 0 && !codes.includes(codiceFiscale) && tipo !== 'subentro')
    found.push('altro_cf')
  if (codiceFiscale !== '' && prove.cfFirma.length > 0 && !prove.cfFirma.includes(codiceFiscale))
    found.push('firma_di_altri')
  if (casella.eliminata) found.push('casella_eliminata')
  if (tipo !== null && tipo !== 'altro' && casella.mancanti.length > 0 && !casella.mancanti.includes(tipo))
    found.push('tipo_non_atteso')
  return found
}

/** Independent hints: each leaves less room for doubt. */
function together(motivi: CandidatoCasella['motivi'], holderOf: number): number {
  const doubt = motivi.reduce((left, { motivo }) => {
    // A holder with several caselle: what names the holder is shared among them.
    const weight = weights[motivo] / (ofHolder.includes(motivo) ? Math.max(1, holderOf) : 1)
    return left * (1 - weight)
  }, 1)
  return 1 - doubt
}

/**
 * From evidence to candidates, the likeliest first; pure. Confidence is 0-99: what several hints say together, lowered by
 * each contradiction. Nothing is ever certain. Candidates under 5 are left out.
 */
export function matchCasella(
  prove: Prove,
  caselle: readonly CasellaCandidata[],
  tipo: DocumentoTipo | null,
): CandidatoCasella[] {
  return caselle
    .flatMap((casella): CandidatoCasella[] => {
      const motivi = motivesOf(prove, casella, tipo)
      if (motivi.every(({ motivo }) => supporting.includes(motivo))) return []
      const contraddizioni = contradictionsOf(prove, casella, tipo)
      const namesIt = motivi.some(({ motivo }) => !ofHolder.includes(motivo) && !supporting.includes(motivo))
      if (!namesIt && casella.delTitolare > 1) contraddizioni.push('piu_caselle_del_titolare')
      const score = contraddizioni.reduce(
        (left, each) => left * factors[each],
        together(motivi, namesIt ? 1 : casella.delTitolare),
      )
      const confidenza = Math.min(MOST, Math.round(score * 100))
      return confidenza < LEAST
        ? []
        : [
            {
              casellaId: casella.id,
              indirizzo: casella.indirizzo,
              titolare: casella.titolare,
              confidenza,
              motivi,
              contraddizioni,
            },
          ]
    })
    .sort((a, b) => b.confidenza - a.confidenza || a.indirizzo.localeCompare(b.indirizzo, 'it'))
}

/** Two candidates nearer than this are for a person to tell apart. */
export const CLEAR_LEAD = 15

/** Whether the first candidate stands too near the second one. */
export function isAmbiguous(candidati: readonly CandidatoCasella[]): boolean {
  const [first, second] = candidati
  return first !== undefined && second !== undefined && first.confidenza - second.confidenza < CLEAR_LEAD
}
