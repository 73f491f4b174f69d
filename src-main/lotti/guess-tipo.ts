import type { MotivoTipo } from '../contract/lotto.ts'
import type { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { folded } from './text-evidence.ts'

/** What a file's type is told from. */
export interface TipoEvidence {
  nomeFile: string
  /** Null where nothing can be read. */
  testo: string | null
  /** Of a form that was printed here. */
  modulo: DocumentoTipo | null
  /** What the proposed casella is waited for; null while none is proposed. */
  mancanti: readonly DocumentoTipo[] | null
  /** What the profile takes. */
  ammessi: readonly DocumentoTipo[]
}

/** The words of each type, from the particular to the general: the first that is found counts. */
const words: readonly [DocumentoTipo, RegExp][] = [
  ['subentro', /subentr|cambi\w* (?:di |dell )?intestatari|variazion\w* (?:di |del )?(?:titolar|intestatari)/],
  [
    'cessazione',
    /cessazion|disattivazion|(?:chiusura|revoca|disdetta) (?:di |della )?(?:casella|servizio|pec)|disdetta/,
  ],
  [
    'nuove_credenziali',
    /credenzial|(?:nuov|reset|reimposta|smarrit|ripristin)\w* (?:della |la |di )?password|dati di attivazione/,
  ],
  ['attivazione', /attivazion|adesione|contratt|richiesta (?:di |della )?(?:nuova )?casella|nuova casella/],
]
/** How much of a text counts as its title, in characters. */
const TITLE = 400
const MOST = 20_000

function named(text: string): DocumentoTipo | null {
  const plain = folded(text).replace(/[^a-z0-9]+/g, ' ')
  return words.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}

/**
 * The type (D83) and what told it; null where nothing does, or only what the profile does not take. Our own form decides;
 * then the file's name, the document's title, what the casella is waited for, and last the rest of the text.
 */
export function guessTipo(evidence: TipoEvidence): { tipo: DocumentoTipo; motivo: MotivoTipo } | null {
  const { nomeFile, testo, modulo, mancanti, ammessi } = evidence
  const told: [DocumentoTipo | null, MotivoTipo][] = [
    [modulo, 'modulo'],
    [named(nomeFile), 'nome'],
    [testo === null ? null : named(testo.slice(0, TITLE)), 'titolo'],
    [mancanti?.length === 1 ? (mancanti[0] ?? null) : null, 'unico_mancante'],
    [testo === null ? null : named(testo.slice(0, MOST)), 'testo'],
  ]
  for (const [tipo, motivo] of told) if (tipo !== null && ammessi.includes(tipo)) return { tipo, motivo }
  return null
}
