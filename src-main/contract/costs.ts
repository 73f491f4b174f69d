import {
  type Capabilities,
  type Prezzo,
  PREZZO_DOMINIO_DEDICATO,
  PREZZO_GB_AGGIUNTIVO,
} from '../provider-contract/capabilities.ts'
import type { GruppoMese } from './report.ts'

/** What the profile says of prices (D101, D102). */
export type Listino = Pick<Capabilities, 'prezzi'> & { plan: Pick<Capabilities['plan'], 'piani'> }

/** Caselle of a type and space in a dominio that are in service in some part of a half-year. */
export interface InServizio {
  dominioId: string
  tipologia: string
  quotaMb: number
  caselle: number
}

/** One line of a half-year's bill; amounts in cents of euro, VAT excluded, null where the profile tells no price. */
export interface VoceCosto {
  /** Of the price: the tipologia, or what is bought beside it. */
  codice: string
  dominioId: string
  quantita: number
  prezzoCent: number | null
  importoCent: number | null
}

const GB_MB = 1024

/** What a price is called; its code where the profile does not say. */
export function nomePrezzo(codice: string, { prezzi }: Pick<Listino, 'prezzi'>): string {
  return prezzi.find((each) => each.codice === codice)?.descrizione ?? codice
}

/** `YYYY-1` or `YYYY-2`, of a day or a month. */
export function semestreOf(day: string): string {
  return `${day.slice(0, 4)}-${Number(day.slice(5, 7)) <= 6 ? 1 : 2}`
}

/** The first and the last month (`YYYY-MM`) of a half-year. */
export function mesiOf(semestre: string): { primo: string; ultimo: string } {
  const [year = '', half = ''] = semestre.split('-')
  return half === '1' ? { primo: `${year}-01`, ultimo: `${year}-06` } : { primo: `${year}-07`, ultimo: `${year}-12` }
}

/** From the half-year of a day to that of another, both included; none when they are the other way round. */
export function semestriTra(from: string, to: string): string[] {
  const number = (semestre: string): number => Number(semestre.slice(0, 4)) * 2 + Number(semestre.slice(5)) - 1
  const first = number(semestreOf(from))
  const count = Math.max(0, number(semestreOf(to)) - first + 1)
  return Array.from({ length: count }, (_, n) => `${Math.floor((first + n) / 2)}-${((first + n) % 2) + 1}`)
}

/** What a price comes to in a half-year: half of a yearly one, half cents up; null for what is not a fee. */
export function semestraleCent({ importoCent, periodo }: Prezzo): number | null {
  switch (periodo) {
    case 'semestre':
      return importoCent
    case 'anno':
      return Math.round(importoCent / 2)
    case 'una_tantum':
    case 'prestazione':
      return null
  }
}

/** The half-yearly fee of a tipologia or of what is bought beside it; null where the profile tells none. */
export function canoneCent(codice: string, { prezzi, plan }: Listino): number | null {
  const listed = prezzi.find((each) => each.codice === codice)
  if (listed !== undefined) return semestraleCent(listed)
  return plan.piani.find(({ tipologia }) => tipologia === codice)?.semestraleCent ?? null
}

/**
 * D101: in service from the month of activation to that of the end, both included. Those without a day of activation
 * are in no half-year.
 */
export function inServizio(mesi: readonly GruppoMese[], semestre: string): InServizio[] {
  const { primo, ultimo } = mesiOf(semestre)
  const found = new Map<string, InServizio>()
  for (const { evento, mese, dominioId, tipologia, quotaMb, caselle } of mesi) {
    const sign = evento === 'attivata' && mese <= ultimo ? 1 : evento === 'cessata' && mese < primo ? -1 : 0
    if (sign === 0) continue
    const key = JSON.stringify([dominioId, tipologia, quotaMb])
    const group = found.get(key) ?? { dominioId, tipologia, quotaMb, caselle: 0 }
    group.caselle += sign * caselle
    found.set(key, group)
  }
  return [...found.values()].filter(({ caselle }) => caselle > 0)
}

/** Whole GB over what the plan of a casella comes with; a part of one counts as one. */
export function gbOltre(tipologia: string, quotaMb: number, { plan }: Listino): number {
  const included = plan.piani.find((piano) => piano.tipologia === tipologia)?.quotaMb ?? quotaMb
  return Math.max(0, Math.ceil((quotaMb - included) / GB_MB))
}

/** The lines of a half-year, per dominio and price; `dedicati`: ids of the dedicated domini (D91). */
export function vociOf(groups: readonly InServizio[], dedicati: readonly string[], listino: Listino): VoceCosto[] {
  const lines = new Map<string, VoceCosto>()
  const add = (codice: string, dominioId: string, quantita: number): void => {
    if (quantita === 0) return
    const key = JSON.stringify([codice, dominioId])
    const line = lines.get(key)
    const prezzoCent = canoneCent(codice, listino)
    const total = (line?.quantita ?? 0) + quantita
    const importoCent = prezzoCent === null ? null : prezzoCent * total
    lines.set(key, { codice, dominioId, quantita: total, prezzoCent, importoCent })
  }
  for (const { dominioId, tipologia, quotaMb, caselle } of groups) {
    add(tipologia, dominioId, caselle)
    add(PREZZO_GB_AGGIUNTIVO, dominioId, gbOltre(tipologia, quotaMb, listino) * caselle)
  }
  for (const dominioId of dedicati) add(PREZZO_DOMINIO_DEDICATO, dominioId, 1)
  return [...lines.values()]
}

/** The sum, and how many things have no price and are in no sum. */
export function totaleOf(voci: readonly Pick<VoceCosto, 'importoCent' | 'quantita'>[]): {
  totaleCent: number
  senzaPrezzo: number
} {
  let totaleCent = 0
  let senzaPrezzo = 0
  for (const { importoCent, quantita } of voci)
    if (importoCent === null) senzaPrezzo += quantita
    else totaleCent += importoCent
  return { totaleCent, senzaPrezzo }
}

/** The lines of one price or of one dominio added up. */
export function sommaPer(
  voci: readonly VoceCosto[],
  by: 'codice' | 'dominioId',
): { chiave: string; quantita: number; importoCent: number; senzaPrezzo: number }[] {
  return [...Map.groupBy(voci, (voce) => voce[by])].map(([chiave, theirs]) => {
    const { totaleCent, senzaPrezzo } = totaleOf(theirs)
    const quantita = theirs.reduce((sum, voce) => sum + voce.quantita, 0)
    return { chiave, quantita, importoCent: totaleCent, senzaPrezzo }
  })
}

/** What the caselle of a tipologia cost with the space that was added to them; null where a price is missing. */
export interface CostoTipologia {
  tipologia: string
  caselle: number
  canoneCent: number | null
  gb: number
  spazioCent: number | null
  importoCent: number | null
}

/** D101: by tipologia, in the order of their names; what is bought beside caselle is in none. */
export function costiPerTipologia(groups: readonly InServizio[], listino: Listino): CostoTipologia[] {
  const ofGb = canoneCent(PREZZO_GB_AGGIUNTIVO, listino)
  return [...Map.groupBy(groups, ({ tipologia }) => tipologia)]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([tipologia, theirs]) => {
      const caselle = theirs.reduce((sum, each) => sum + each.caselle, 0)
      const gb = theirs.reduce((sum, each) => sum + each.caselle * gbOltre(tipologia, each.quotaMb, listino), 0)
      const fee = canoneCent(tipologia, listino)
      const canone = fee === null ? null : fee * caselle
      const spazioCent = gb === 0 ? 0 : ofGb === null ? null : ofGb * gb
      const importoCent = canone === null || spazioCent === null ? null : canone + spazioCent
      return { tipologia, caselle, canoneCent: canone, gb, spazioCent, importoCent }
    })
}

/** The half-years that a bill may be looked at: of the contract, else of the last two years; the newest first. */
export function semestriPassati(oggi: string, contratto: { dal: string } | null): string[] {
  return semestriTra(contratto?.dal ?? `${Number(oggi.slice(0, 4)) - 2}-01-01`, oggi).reverse()
}

/** The day until which costs are foretold: the contract's last, else the end of the second year from now. */
export function finePrevisione(oggi: string, contratto: { al: string } | null): string {
  return contratto?.al ?? `${Number(oggi.slice(0, 4)) + 2}-12-31`
}

/** Each half-year to come, the running one first: with all caselle renewed, and with none. Cents. */
export function previsioneCosti(
  mesi: readonly GruppoMese[],
  dedicati: readonly string[],
  listino: Listino,
  oggi: string,
  fine: string,
): { semestre: string; rinnovate: number; scadono: number }[] {
  const cost = (semestre: string): number => totaleOf(vociOf(inServizio(mesi, semestre), dedicati, listino)).totaleCent
  const rinnovate = cost(semestreOf(oggi))
  return semestriTra(oggi, fine).map((semestre) => ({ semestre, rinnovate, scadono: cost(semestre) }))
}

/** Quantities by price: what would be paid in a half-year, and once for what is not a fee (D102). */
export function ipotesi(
  quantita: ReadonlyMap<string, number>,
  listino: Listino,
): { semestreCent: number; unaVoltaCent: number; senzaPrezzo: number } {
  let semestreCent = 0
  let unaVoltaCent = 0
  let senzaPrezzo = 0
  for (const [codice, n] of quantita) {
    const fee = canoneCent(codice, listino)
    const once = listino.prezzi.find((each) => each.codice === codice && semestraleCent(each) === null)
    if (fee !== null) semestreCent += fee * n
    else if (once !== undefined) unaVoltaCent += once.importoCent * n
    else senzaPrezzo += n
  }
  return { semestreCent, unaVoltaCent, senzaPrezzo }
}
