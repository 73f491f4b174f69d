import { z } from 'zod'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import { ErrorCode, ErrorDetails } from './error.ts'
import { OperationState } from './operation.ts'
import { Giudizio, Verifica } from './verifica.ts'

/** The most files of one lotto. */
export const MOST_ROWS = 5000
/** The most files that one request adds to a lotto: their names fit an envelope. */
export const MOST_ADDED = 400

/**
 * Where a file of a lotto stands. `in_arrivo`: its bytes are not here; `da_leggere`: they are, and wait to be read;
 * `non_valida`: it cannot be sent, or only by a person's consent; `da_decidere`: something else needs a person;
 * `inviata`: in the outbox, which tells the rest.
 */
export const StatoRiga = z.enum([
  'in_arrivo',
  'da_leggere',
  'da_decidere',
  'pronta',
  'non_valida',
  'scartata',
  'inviata',
])
export type StatoRiga = z.infer<typeof StatoRiga>

/** What speaks for a casella; each has its words and the value that was found. */
export const MotivoCasella = z.enum([
  'codice_modulo',
  'cf_firma',
  'indirizzo_testo',
  'cf_testo',
  'indirizzo_nome',
  'denominazione_nome',
  'cf_nome',
  'cognome_nome',
  'documento_mancante',
  'richiesta_in_corso',
])
export type MotivoCasella = z.infer<typeof MotivoCasella>

/** What speaks against it. */
export const Contraddizione = z.enum([
  'altro_modulo',
  'altro_indirizzo',
  'altro_cf',
  'firma_di_altri',
  'casella_eliminata',
  'tipo_non_atteso',
  'piu_caselle_del_titolare',
])
export type Contraddizione = z.infer<typeof Contraddizione>

/** What the type was told from. */
export const MotivoTipo = z.enum(['modulo', 'nome', 'titolo', 'testo', 'richiesta_in_corso', 'unico_mancante'])
export type MotivoTipo = z.infer<typeof MotivoTipo>

/** The signer's codice fiscale beside the holder's, by normalised form; `non_verificabile` where either is missing. */
export const ConfrontoTitolare = z.enum(['titolare', 'altro', 'non_verificabile'])
export type ConfrontoTitolare = z.infer<typeof ConfrontoTitolare>

/** Why somebody else may sign for the holder. */
export const TitoloFirmatario = z.enum(['legale_rappresentante', 'delegato'])
export type TitoloFirmatario = z.infer<typeof TitoloFirmatario>

/** What keeps a row from going by itself. */
export const Mancanza = z.enum([
  'file',
  'firma',
  'casella',
  'ambigua',
  'soglia',
  'tipo',
  'tipo_rifiutato',
  'eliminata',
  'duplicato',
  'firmatario',
  'protetto',
])
export type Mancanza = z.infer<typeof Mancanza>

export const CandidatoCasella = z.object({
  casellaId: z.string(),
  indirizzo: z.string(),
  titolare: z.string(),
  /** 0-100: how far it may be trusted without a person. */
  confidenza: z.number().int().min(0).max(100),
  motivi: z.array(z.object({ motivo: MotivoCasella, valore: z.string() })),
  contraddizioni: z.array(Contraddizione),
})
export type CandidatoCasella = z.infer<typeof CandidatoCasella>

export const Duplicato = z.object({
  dove: z.enum(['lotto', 'in_coda', 'gestore']),
  /** The file of the same lotto, or the address of the casella. */
  nome: z.string(),
})
export type Duplicato = z.infer<typeof Duplicato>

/** Of a person, in words that are kept. */
export const MotivoConsenso = z.string().trim().min(5).max(300)
export const Consenso = z.object({ motivo: z.string(), operatore: z.string(), quando: z.string() })
export type Consenso = z.infer<typeof Consenso>

export const RigaLotto = z.object({
  id: z.string(),
  lottoId: z.string(),
  /** From 1, in the order in which the files were chosen. */
  posizione: z.number().int(),
  nomeFile: z.string(),
  bytes: z.number().int(),
  sha256: z.string().nullable(),
  formato: DocumentoFormato.nullable(),
  depositoId: z.string().nullable(),
  stato: StatoRiga,
  mancanze: z.array(Mancanza),
  /** Why the file was not taken. */
  problema: z.object({ code: ErrorCode, details: ErrorDetails }).nullable(),
  giudizio: Giudizio.nullable(),
  firmatari: z.array(z.string()),
  confronto: ConfrontoTitolare.nullable(),
  titoloFirmatario: TitoloFirmatario.nullable(),
  tipo: DocumentoTipo.nullable(),
  motivoTipo: MotivoTipo.nullable(),
  casellaId: z.string().nullable(),
  indirizzo: z.string().nullable(),
  titolare: z.string().nullable(),
  /** Of the proposal; null where a person chose, or nothing was found. */
  confidenza: z.number().int().nullable(),
  motivi: CandidatoCasella.shape.motivi,
  contraddizioni: z.array(Contraddizione),
  candidati: z.number().int(),
  /** A person chose or confirmed the casella. */
  confermata: z.boolean(),
  consenso: Consenso.nullable(),
  duplicato: Duplicato.nullable(),
  operationId: z.string().nullable(),
  operationState: OperationState.nullable(),
})
export type RigaLotto = z.infer<typeof RigaLotto>

export const RigaLottoDetail = RigaLotto.extend({
  candidatiCasella: z.array(CandidatoCasella),
  /** Pictures of it could not be looked at for the code of a form. */
  codiceNonLetto: z.boolean(),
  verifica: Verifica.nullable(),
  /** What the provider answered, where it refused. */
  motivoOperazione: z.object({ code: z.string(), params: ErrorDetails }).nullable(),
})
export type RigaLottoDetail = z.infer<typeof RigaLottoDetail>

/** `inviati` splits into what has arrived, what is on its way and what the provider did not take. */
export const ConteggiLotto = z.object({
  totale: z.number().int(),
  inArrivo: z.number().int(),
  daLeggere: z.number().int(),
  daDecidere: z.number().int(),
  pronte: z.number().int(),
  nonValide: z.number().int(),
  scartate: z.number().int(),
  inviate: z.number().int(),
  arrivate: z.number().int(),
  respinte: z.number().int(),
})
export type ConteggiLotto = z.infer<typeof ConteggiLotto>

/** `in_invio`: what is ready goes into the outbox by itself, part by part; `in_pausa`: what has not gone in waits. */
export const StatoLotto = z.enum(['in_preparazione', 'in_invio', 'in_pausa'])
export type StatoLotto = z.infer<typeof StatoLotto>

export const Lotto = z.object({
  id: z.string(),
  nome: z.string(),
  operatore: z.string(),
  creato: z.string(),
  stato: StatoLotto,
  /** Below this confidence nothing goes without a person. */
  soglia: z.number().int().min(0).max(100),
  conteggi: ConteggiLotto,
  bytes: z.object({ inviati: z.number(), totale: z.number() }),
})
export type Lotto = z.infer<typeof Lotto>

export const DEFAULT_SOGLIA = 85

export const FiltroRighe = z.enum(['tutti', 'da_decidere', 'pronti', 'non_validi', 'scartati', 'inviati', 'in_lettura'])
export type FiltroRighe = z.infer<typeof FiltroRighe>

export const RigheRequest = z.object({
  lottoId: z.string(),
  filtro: FiltroRighe.default('tutti'),
  search: z.string().max(200).default(''),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(400),
})
export type RigheRequest = z.infer<typeof RigheRequest>

export const Decisione = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('casella'), casellaId: z.string() }),
  /** The proposed casella, and a file that is there twice, as they are. */
  z.object({ kind: z.literal('conferma') }),
  z.object({ kind: z.literal('tipo'), tipo: DocumentoTipo }),
  z.object({ kind: z.literal('scarta') }),
  z.object({ kind: z.literal('riprendi') }),
  /** To send what is not valid; the reason is kept with the row and stands in the report. */
  z.object({ kind: z.literal('consenso'), motivo: MotivoConsenso }),
  z.object({ kind: z.literal('firmatario'), titolo: TitoloFirmatario }),
  z.object({ kind: z.literal('rileggi') }),
])
export type Decisione = z.infer<typeof Decisione>

export const DecideRequest = z.object({
  lottoId: z.string(),
  righe: z.array(z.string()).min(1).max(MOST_ROWS),
  decisione: Decisione,
})

export const ArrivedRequest = z.object({
  lottoId: z.string(),
  righe: z
    .array(
      z.object({
        id: z.string(),
        /** Null where the file was not taken; `problema` then says why. */
        depositoId: z.string().nullable(),
        problema: z.object({ code: ErrorCode, details: ErrorDetails }).nullable(),
      }),
    )
    .min(1)
    .max(MOST_ADDED),
})
export type ArrivedRequest = z.infer<typeof ArrivedRequest>
