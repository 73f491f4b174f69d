import {
  type Capabilities,
  PREZZO_DOMINIO_DEDICATO,
  PREZZO_GB_AGGIUNTIVO,
} from '../../provider-contract/capabilities.ts'
import type { CaselleInServizio, Conteggi, Costi, Sla } from '../../provider-contract/report.ts'
import type { Segnalazione } from '../../provider-contract/segnalazione.ts'
import { createRandom } from '../generate/random.ts'
import type { CountedGroup } from '../store/report-store.ts'

/** D18: whatever the groups, `inserite` is the sum of `attive`, `inAttesa` and `eliminate`. */
export function conteggiOf(groups: readonly Pick<CountedGroup, 'ciclo' | 'caselle'>[]): Conteggi {
  const sums: Conteggi = { inserite: 0, attive: 0, scadute: 0, inAttesa: 0, eliminate: 0 }
  for (const { ciclo, caselle } of groups) {
    sums.inserite += caselle
    switch (ciclo) {
      case 'scaduta':
        sums.attive += caselle
        sums.scadute += caselle
        break
      case 'attiva':
        sums.attive += caselle
        break
      case 'in_attesa_firma':
      case 'in_attesa_gestore':
      case 'documenti_errati':
        sums.inAttesa += caselle
        break
      case 'eliminata':
        sums.eliminate += caselle
        break
    }
  }
  return sums
}

const GB_MB = 1024

/** The first and the last day of `YYYY-1` or `YYYY-2`. */
function daysOfSemestre(semestre: string): { from: string; to: string } {
  const [year = '', half = ''] = semestre.split('-')
  return half === '1' ? { from: `${year}-01-01`, to: `${year}-06-30` } : { from: `${year}-07-01`, to: `${year}-12-31` }
}

/** Of a day, or of an instant by its UTC day. */
export function semestreOf(day: string): string {
  return `${day.slice(0, 4)}-${Number(day.slice(5, 7)) <= 6 ? 1 : 2}`
}

/** D101: the bill of a half-year. Where the profile has no prices, what would be billed without amounts. */
export function costiOf(
  semestre: string,
  today: string,
  inService: readonly CaselleInServizio[],
  dedicati: number,
  { plan, prezzi }: Pick<Capabilities, 'plan' | 'prezzi'>,
): Costi {
  const { from, to } = daysOfSemestre(semestre)
  const feeOf = (codice: string): number | null =>
    prezzi.find((prezzo) => prezzo.codice === codice && prezzo.periodo === 'semestre')?.importoCent ?? null
  const nameOf = (codice: string, otherwise: string): string =>
    prezzi.find((prezzo) => prezzo.codice === codice)?.descrizione ?? otherwise
  const voce = (name: string, quantita: number, prezzoCent: number | null) => ({
    voce: name,
    quantita,
    prezzoCent,
    importoCent: prezzoCent === null ? null : prezzoCent * quantita,
  })
  const known = new Map(plan.piani.map((piano) => [piano.tipologia, piano]))
  const types = [...new Set([...known.keys(), ...inService.map(({ tipologia }) => tipologia)])]
  const voci = types.map((tipologia) => {
    const quantita = inService
      .filter((each) => each.tipologia === tipologia)
      .reduce((sum, { caselle }) => sum + caselle, 0)
    return voce(tipologia, quantita, feeOf(tipologia) ?? known.get(tipologia)?.semestraleCent ?? null)
  })
  const moreGb = inService.reduce((sum, { tipologia, quotaMb, caselle }) => {
    const over = quotaMb - (known.get(tipologia)?.quotaMb ?? quotaMb)
    return sum + caselle * Math.max(0, Math.ceil(over / GB_MB))
  }, 0)
  const dedicato = nameOf(PREZZO_DOMINIO_DEDICATO, 'Dominio dedicato')
  voci.push(voce(dedicato, dedicati, feeOf(PREZZO_DOMINIO_DEDICATO)))
  const spazio = nameOf(PREZZO_GB_AGGIUNTIVO, 'Spazio aggiuntivo, 1 GB')
  voci.push(voce(spazio, moreGb, feeOf(PREZZO_GB_AGGIUNTIVO)))
  const isPriced = voci.some(({ prezzoCent }) => prezzoCent !== null)
  const totaleCent = isPriced ? voci.reduce((sum, { importoCent }) => sum + (importoCent ?? 0), 0) : null
  const listino = prezzi
    .filter(({ periodo }) => periodo === 'prestazione')
    .map(({ descrizione, importoCent }) => ({ voce: descrizione, prezzoCent: importoCent }))
  return { semestre, from, to, definitivo: today > to, voci, totaleCent, listino }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const GUARANTEED = 99.8
const servizi = ['ricezione', 'invio', 'webmail', 'pannello'] as const
const causes = ['Manutenzione programmata', 'Aggiornamento dei sistemi', 'Guasto di un apparato di rete'] as const

interface Outage {
  servizio: (typeof servizi)[number]
  start: number
  minutes: number
}

/** The interruptions of a month, the same for the same seed. */
function outagesOf(seed: number, year: number, month: number): (Outage & { causa: string })[] {
  const random = createRandom(seed * 10_007 + year * 12 + month)
  const found: (Outage & { causa: string })[] = []
  for (const servizio of servizi) {
    if (!random.chance(servizio === 'webmail' || servizio === 'pannello' ? 0.5 : 0.2)) continue
    const start = Date.UTC(year, month, random.int(1, 28), random.int(0, 23), random.int(0, 59))
    found.push({ servizio, start, minutes: random.int(3, 55), causa: random.pick(causes) })
  }
  return found
}

/**
 * D15: availability and help desk from the beginning of `from` to the end of `to` (UTC days), as far as `now`. Nobody
 * measures the sandbox: its interruptions are sample data made from the seed; the figures of the help desk are counted.
 */
export function slaOf(
  period: { from: string; to: string },
  now: Date,
  seed: number,
  segnalazioni: readonly Pick<Segnalazione, 'aperta' | 'presaEntro' | 'presaInCarico' | 'chiusa'>[],
): Sla {
  const { from, to } = period
  const begin = Date.parse(from)
  const end = Math.min(Date.parse(to) + DAY_MS, now.getTime())
  const minutes = Math.max(0, Math.floor((end - begin) / MINUTE_MS))
  const outages: ReturnType<typeof outagesOf> = []
  for (let at = new Date(`${from.slice(0, 7)}-01`); at.getTime() < end; at.setUTCMonth(at.getUTCMonth() + 1)) {
    const month = outagesOf(seed, at.getUTCFullYear(), at.getUTCMonth())
    outages.push(...month.filter(({ start, minutes: long }) => start >= begin && start + long * MINUTE_MS <= end))
  }
  const opened = segnalazioni.filter(({ aperta }) => Date.parse(aperta) >= begin && Date.parse(aperta) < end)
  const closed = opened.flatMap(({ aperta, chiusa }) =>
    chiusa === null ? [] : [Date.parse(chiusa) - Date.parse(aperta)],
  )
  const inTime = opened.filter(({ presaEntro, presaInCarico }) => (presaInCarico ?? now.toISOString()) <= presaEntro)
  const hours = closed.reduce((sum, each) => sum + each, 0) / 3_600_000
  return {
    from,
    to,
    servizi: servizi.map((servizio) => {
      const own = outages.filter((each) => each.servizio === servizio).sort((a, b) => a.start - b.start)
      const minutiFermo = own.reduce((sum, each) => sum + each.minutes, 0)
      const misurata = minutes === 0 ? 100 : Math.round((1 - minutiFermo / minutes) * 1_000_000) / 10_000
      const interruzioni = own.map(({ start, minutes: minuti, causa }) => ({
        inizio: new Date(start).toISOString(),
        minuti,
        causa,
      }))
      return { servizio, garantita: GUARANTEED, misurata, minutiFermo, interruzioni }
    }),
    assistenza: {
      aperte: opened.length,
      chiuse: closed.length,
      preseInTempo: inTime.length,
      preseInRitardo: opened.length - inTime.length,
      mediaChiusuraOre: closed.length === 0 ? null : Math.round((hours / closed.length) * 10) / 10,
    },
  }
}
