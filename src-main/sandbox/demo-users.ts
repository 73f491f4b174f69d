import type { Ruolo } from '../provider-contract/session.ts'

export interface DemoUser {
  user: string
  password: string
  nome: string
  ruolo: Ruolo
  enteId: 'E1' | 'E2' | 'E3'
  /** For an assistente: which of the ente's assistenti it is. */
  codiceAssistente: string | null
  /** Base32: who has one signs in with a code as well (RFC 6238). */
  totpSecret?: string
}

const PASSWORD = 'prova-sportello'

/** The users of every sandbox. Nothing here is secret: the data are generated and the server listens on 127.0.0.1 alone. */
export const demoUsers = {
  demo: {
    user: 'demo',
    password: PASSWORD,
    nome: 'Operatore di prova',
    ruolo: 'ente',
    enteId: 'E1',
    codiceAssistente: null,
  },
  collega: {
    user: 'collega',
    password: PASSWORD,
    nome: 'Collega di prova',
    ruolo: 'ente',
    enteId: 'E1',
    codiceAssistente: null,
  },
  lettura: {
    user: 'lettura',
    password: PASSWORD,
    nome: 'Sola lettura',
    ruolo: 'sola_lettura',
    enteId: 'E1',
    codiceAssistente: null,
  },
  assistente: {
    user: 'assistente',
    password: PASSWORD,
    nome: 'Assistente di prova',
    ruolo: 'assistente',
    enteId: 'E1',
    codiceAssistente: '2000000017',
  },
  altroEnte: {
    user: 'altro',
    password: PASSWORD,
    nome: 'Operatore di un altro ente',
    ruolo: 'ente',
    enteId: 'E2',
    codiceAssistente: null,
  },
  aggregatore: {
    user: 'regione',
    password: PASSWORD,
    nome: 'Operatore del soggetto aggregatore',
    ruolo: 'aggregatore',
    enteId: 'E3',
    codiceAssistente: null,
  },
  totp: {
    user: 'demo-totp',
    password: PASSWORD,
    nome: 'Operatore con codice di verifica',
    ruolo: 'ente',
    enteId: 'E1',
    codiceAssistente: null,
    totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  },
} as const satisfies Record<string, DemoUser>
