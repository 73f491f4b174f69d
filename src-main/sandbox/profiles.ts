import { BATCH_MAX } from '../provider-contract/batch.ts'
import {
  type Capabilities,
  PREZZO_DOMINIO_DEDICATO,
  PREZZO_GB_AGGIUNTIVO,
  type ProfileName,
} from '../provider-contract/capabilities.ts'
import { LOG_MONTHS } from '../provider-contract/estratto-log.ts'
import { TERM_MONTHS } from './rules/life-rules.ts'
import { MOST_REGOLE } from '../provider-contract/impostazioni.ts'

const GB = 1024
const MIB = 1024 * 1024

const common = {
  environment: 'prova',
  idempotency: true,
  batches: BATCH_MAX,
  uploadSingleBytes: 2_000_000,
  documentoIdentita: 'off',
  prezzi: [],
  antispam: false,
  regole: 0,
  sms: false,
  contratto: null,
  attivazioneGiorni: null,
  logMesi: LOG_MONTHS,
  supportCredentials: null,
} as const satisfies Partial<Capabilities>

/** domain.md P: the four providers that the sandbox can be. */
export const profiles: Record<ProfileName, Capabilities> = {
  basilicata: {
    ...common,
    profile: 'basilicata',
    gestore: 'Gestore di prova, profilo Basilicata',
    credentials: 'link',
    activation: 'online_signature',
    documents: {
      types: [
        { tipo: 'attivazione', need: 'off' },
        { tipo: 'nuove_credenziali', need: 'optional' },
        { tipo: 'subentro', need: 'required' },
        { tipo: 'cessazione', need: 'required' },
        { tipo: 'altro', need: 'optional' },
      ],
      formats: ['pdf', 'p7m'],
      maxFiles: 5,
      maxBytes: 50 * MIB,
    },
    holder: 'registry',
    cellulareRequired: true,
    plan: {
      mode: 'fixed',
      piani: [
        { tipologia: '1 GB', quotaMb: GB, semestraleCent: null },
        { tipologia: '4.0 GB', quotaMb: 4 * GB, semestraleCent: null },
        { tipologia: '8.0 GB', quotaMb: 8 * GB, semestraleCent: null },
      ],
      durataMesi: TERM_MONTHS,
      quotaMinMb: GB,
      quotaMaxMb: 10 * GB,
    },
    nameReuse: 'same_holder',
    nonCertified: ['reject', 'forward'],
    conservazione: false,
    tickets: 'link',
    supportUrl: 'https://assistenza.example/basilicata',
    supportCredentials: { path: '/basilicata/credenziali', emailParam: 'email' },
    passwordPolicy: { minLength: 8, maxLength: 20, expiryDays: 90 },
  },
  toscana: {
    ...common,
    profile: 'toscana',
    gestore: 'Gestore di prova, profilo Toscana',
    credentials: 'activation_data',
    activation: 'provider_after_upload',
    documents: {
      types: [
        { tipo: 'attivazione', need: 'required' },
        { tipo: 'nuove_credenziali', need: 'required' },
        { tipo: 'subentro', need: 'required' },
        { tipo: 'cessazione', need: 'required' },
        { tipo: 'altro', need: 'optional' },
      ],
      formats: ['pdf', 'p7m'],
      maxFiles: 10,
      maxBytes: 100 * MIB,
    },
    holder: 'registry',
    cellulareRequired: false,
    documentoIdentita: 'optional',
    plan: {
      mode: 'chosen',
      piani: [
        { tipologia: 'STANDARD', quotaMb: GB, semestraleCent: 400 },
        { tipologia: 'MASSIVA-BASE', quotaMb: 2 * GB, semestraleCent: 650 },
        { tipologia: 'MASSIVA-LARGE', quotaMb: 5 * GB, semestraleCent: 800 },
        { tipologia: 'PEC-M-2GIN_2GARCH', quotaMb: 2 * GB, semestraleCent: null },
      ],
      durataMesi: TERM_MONTHS,
      quotaMinMb: GB,
      quotaMaxMb: 20 * GB,
    },
    // An invented one: no procurement has such a code.
    contratto: { cig: 'PROVA00000', dal: '2024-07-01', al: '2028-06-30' },
    attivazioneGiorni: 5,
    // D101, D102.
    prezzi: [
      { codice: 'STANDARD', descrizione: 'Casella STANDARD', importoCent: 400, periodo: 'semestre' },
      { codice: 'MASSIVA-BASE', descrizione: 'Casella MASSIVA BASE', importoCent: 650, periodo: 'semestre' },
      { codice: 'MASSIVA-LARGE', descrizione: 'Casella MASSIVA LARGE', importoCent: 800, periodo: 'semestre' },
      { codice: PREZZO_DOMINIO_DEDICATO, descrizione: 'Dominio dedicato', importoCent: 200, periodo: 'semestre' },
      { codice: PREZZO_GB_AGGIUNTIVO, descrizione: 'Spazio aggiuntivo, 1 GB', importoCent: 140, periodo: 'semestre' },
      {
        codice: 'CONSULENZA_BASE',
        descrizione: 'Consulenza, profilo base',
        importoCent: 20_000,
        periodo: 'prestazione',
      },
      {
        codice: 'CONSULENZA_ESPERTO',
        descrizione: 'Consulenza, profilo esperto',
        importoCent: 25_000,
        periodo: 'prestazione',
      },
    ],
    nameReuse: 'same_holder',
    // Certified mail only; a redirect is all that its provider offers besides.
    nonCertified: ['reject', 'forward'],
    conservazione: false,
    tickets: 'api',
    supportUrl: null,
    passwordPolicy: { minLength: 8, maxLength: 20, expiryDays: 90 },
  },
  poste: {
    ...common,
    profile: 'poste',
    gestore: 'Gestore di prova, profilo Poste',
    credentials: 'link',
    activation: 'holder_sets_password',
    documents: {
      types: [
        { tipo: 'attivazione', need: 'off' },
        { tipo: 'nuove_credenziali', need: 'off' },
        { tipo: 'subentro', need: 'off' },
        { tipo: 'cessazione', need: 'off' },
        { tipo: 'altro', need: 'optional' },
      ],
      formats: ['pdf'],
      maxFiles: 3,
      maxBytes: 25 * MIB,
    },
    holder: 'name_email',
    cellulareRequired: false,
    plan: {
      mode: 'quota',
      piani: [{ tipologia: 'PEC', quotaMb: 100, semestraleCent: null }],
      durataMesi: TERM_MONTHS,
      quotaMinMb: 10,
      quotaMaxMb: 10 * GB,
    },
    nameReuse: 'never',
    nonCertified: ['reject', 'forward'],
    conservazione: true,
    tickets: 'link',
    supportUrl: 'https://assistenza.example/poste',
    passwordPolicy: { minLength: 8, maxLength: 16, expiryDays: 90 },
  },
  ordine: {
    ...common,
    profile: 'ordine',
    gestore: 'Gestore di prova, profilo Ordine',
    credentials: 'paper_form',
    activation: 'wizard_form',
    documents: {
      types: [
        { tipo: 'attivazione', need: 'required' },
        { tipo: 'nuove_credenziali', need: 'required' },
        { tipo: 'subentro', need: 'optional' },
        { tipo: 'cessazione', need: 'optional' },
        { tipo: 'altro', need: 'optional' },
      ],
      formats: ['pdf', 'p7m'],
      maxFiles: 6,
      maxBytes: 50 * MIB,
    },
    holder: 'registry',
    cellulareRequired: false,
    documentoIdentita: 'required',
    // D63.
    attivazioneGiorni: 20,
    plan: {
      mode: 'fixed',
      piani: [{ tipologia: '1 GB', quotaMb: GB, semestraleCent: null }],
      durataMesi: TERM_MONTHS,
      quotaMinMb: GB,
      quotaMaxMb: 4 * GB,
    },
    nameReuse: 'same_holder',
    // D111: the guide of the Ordine names all four, and D115, D116 besides.
    nonCertified: ['reject', 'forward', 'accept', 'folder'],
    conservazione: true,
    antispam: true,
    regole: MOST_REGOLE,
    sms: true,
    tickets: 'link',
    supportUrl: 'https://assistenza.example/ordine',
    passwordPolicy: { minLength: 8, maxLength: 20, expiryDays: 90 },
  },
}
