import type { Capabilities, DocumentoTipo } from '../../provider-contract/capabilities.ts'
import type { Casella, CicloDiVita, Richiesta } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'

const DAY_MS = 86_400_000
/** For how long a casella is active, months. */
export const TERM_MONTHS = 12
/** D77: days before the password's expiry. */
export const PASSWORD_NOTICES = [20, 10, 5] as const
/** D63: the form and the copy of the identity document. */
const WIZARD_FILES = 2

const rome = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome', dateStyle: 'short' })

/** The day in Europe/Rome, `YYYY-MM-DD`. */
export function romeDay(instant: Date): string {
  return rome.format(instant)
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

/** D37: the last day of the month that is `months` after the day's. */
export function endOfMonth(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month + months, 0)).toISOString().slice(0, 10)
}

/** The first instant after a day in Europe/Rome, milliseconds. */
export function endOfDay(day: string): number {
  const utc = Date.parse(addDays(day, 1))
  // Rome is one or two hours ahead of UTC.
  const start = [2, 1].map((hours) => utc - hours * 3_600_000).find((time) => romeDay(new Date(time)) > day)
  return start ?? utc
}

export function isWaiting(ciclo: CicloDiVita): boolean {
  return ciclo === 'in_attesa_firma' || ciclo === 'in_attesa_gestore' || ciclo === 'documenti_errati'
}

/** D37, D57: what activation changes. */
export function activation(at: Date): Pick<Casella, 'ciclo' | 'attivata' | 'scadenza' | 'contratto'> {
  const scadenza = endOfMonth(romeDay(at), TERM_MONTHS)
  return { ciclo: 'attiva', attivata: at.toISOString(), scadenza, contratto: true }
}

/** D72: a term more from the present end, or from today where that is past. */
export function renewal(casella: Pick<Casella, 'scadenza'>, today: string) {
  const from = casella.scadenza === null || casella.scadenza < today ? today : casella.scadenza
  return { ciclo: 'attiva', scadenza: endOfMonth(from, TERM_MONTHS), richiesta: 'nessuna' } as const
}

/** D72: the service ends with the month, or before if it would. */
export function cessationDay(casella: Pick<Casella, 'scadenza'>, today: string): string {
  const end = endOfMonth(today, 0)
  return casella.scadenza !== null && casella.scadenza < end ? casella.scadenza : end
}

/** D83: the documento that goes with a richiesta. */
export const richiestaDocument = {
  rinnovo: undefined,
  cessazione: 'cessazione',
  subentro: 'subentro',
} as const satisfies Record<Exclude<Richiesta, 'nessuna'>, DocumentoTipo | undefined>

/** Documents of a type that were not rejected. */
export function goodDocumenti(documenti: readonly Documento[], tipo: DocumentoTipo): Documento[] {
  return documenti.filter((each) => each.tipo === tipo && each.stato !== 'respinto')
}

/** The files that an activation asks for. */
export function activationFiles(activation: Capabilities['activation']): number {
  switch (activation) {
    case 'provider_after_upload':
      return 1
    case 'wizard_form':
      return WIZARD_FILES
    case 'online_signature':
    case 'holder_sets_password':
      return 0
  }
}

/** Why the Gestore cannot activate a casella now; undefined when it can. */
export function activationObstacle(
  casella: Pick<Casella, 'ciclo'>,
  documenti: readonly Documento[],
  activation: Capabilities['activation'],
): 'not_waiting' | 'waits_holder' | 'waits_documents' | undefined {
  if (!isWaiting(casella.ciclo)) return 'not_waiting'
  if (casella.ciclo === 'in_attesa_firma' || activation === 'holder_sets_password') return 'waits_holder'
  const files = goodDocumenti(documenti, 'attivazione').length
  return casella.ciclo === 'documenti_errati' || files < activationFiles(activation) ? 'waits_documents' : undefined
}

/** The day on which a generated casella got its password: within the last 67 days of the day of the data. */
export function generatedPasswordDay(casellaId: string, dataDay: string): string {
  const number = Number(casellaId.replaceAll(/\D/g, ''))
  return addDays(dataDay, -((number * 37) % 68))
}

/** D77: the last day on which a password is good that was set on a day; null where passwords do not expire. */
export function passwordExpiry(passwordDay: string, expiryDays: number): string | null {
  return expiryDays <= 0 ? null : addDays(passwordDay, expiryDays)
}

export interface PasswordEvent {
  /** When it is due. */
  day: string
  /** Days left; 0: expired (D78). */
  left: number
}

/** D77, D78: what falls due for a password in the days after `last` up to `until`, oldest first. */
export function passwordEvents(passwordDay: string, expiryDays: number, last: string, until: string): PasswordEvent[] {
  if (expiryDays <= 0) return []
  return [...PASSWORD_NOTICES, 0]
    .map((left) => ({ left, day: addDays(passwordDay, expiryDays - left) }))
    .filter(({ day }) => day > last && day <= until)
}

/** D79 and the profile's lengths; undefined when both are good. That it was never used is another question. */
export function passwordProblem(
  password: string,
  policy: Pick<Capabilities['passwordPolicy'], 'minLength' | 'maxLength'>,
): 'length' | 'letters_digits' | undefined {
  if (password.length < policy.minLength || password.length > policy.maxLength) return 'length'
  return /\p{L}/u.test(password) && /\d/.test(password) ? undefined : 'letters_digits'
}
