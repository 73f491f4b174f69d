import { dayAfter, romeDay, startOfDay } from '../caselle/rome-day.ts'
import type { Cruscotto, DatiReport, Previsioni, SlaLocale } from '../contract/report.ts'
import type { Assistente, Dominio } from '../provider-contract/dominio.ts'
import type { ReportStore } from './report-store.ts'

/** The filter of the list of caselle counts as many days (casella-where.ts). */
const SOON_DAYS = 30
const FULLEST = 500
const MONTHS_BACK = 12

/** The figures of the archive, without the provider. */
export interface ReportCommands {
  cruscotto(): Cruscotto
  dati(): DatiReport
  /** Days, both included. */
  slaLocale(from: string, to: string): SlaLocale
  previsioni(): Previsioni
}

/** `YYYY-MM` so many months before or after another. Pure. */
export function monthAfter(mese: string, months: number): string {
  const [year = 0, month = 1] = mese.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7)
}

export function reportCommands(dependencies: {
  store: ReportStore
  domini(): Dominio[]
  assistenti(): Assistente[]
  identitaScadute(): number
  /** Of the signed-in operator; null when nobody is. */
  operator(): string | null
  /** Milliseconds since the epoch. */
  now(): number
}): ReportCommands {
  const { store, domini, assistenti, identitaScadute, operator, now } = dependencies
  const named = (): Pick<Cruscotto, 'oggi' | 'domini' | 'assistenti'> => ({
    oggi: romeDay(now()),
    domini: domini().map(({ id, nome, dedicato }) => ({ id, nome, dedicato })),
    assistenti: assistenti().map(({ id, codice, nome }) => ({
      id,
      nome: nome === null ? codice : `${codice} ${nome}`,
    })),
  })
  return {
    cruscotto: () => {
      const names = named()
      const who = operator()
      return {
        ...names,
        pronte: store.isReady(),
        gruppi: store.gruppi(),
        inScadenza: store.scadenze(names.oggi, dayAfter(names.oggi, SOON_DAYS)),
        scadute: store.scadenze(null, dayAfter(names.oggi, -1)),
        identitaScadute: identitaScadute(),
        decisioni: store.decisioni(),
        bozze: who === null ? 0 : store.bozze(who),
        lotti: store.lotti(),
      }
    },
    dati: () => ({ ...named(), gruppi: store.gruppi(), mesi: store.mesi(), senzaData: store.senzaData() }),
    slaLocale: (from, to) => ({
      segnalazioni: store.segnalazioni(startOfDay(from), startOfDay(dayAfter(to, 1))),
      attese: store.attese(from.slice(0, 7), to.slice(0, 7)),
    }),
    previsioni: () => {
      const oggi = romeDay(now())
      const mesi = store.mesi()
      const sum = (evento: string, mese: string): number =>
        mesi.filter((each) => each.evento === evento && each.mese === mese).reduce((n, { caselle }) => n + caselle, 0)
      const waiting = new Set(['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati', 'da_inviare'])
      return {
        oggi,
        spazio: store.spazio(FULLEST),
        conStoria: store.conStoria(),
        scadenze: store.mesiScadenza(oggi),
        inAttesa: store
          .gruppi()
          .filter(({ stato }) => waiting.has(stato))
          .reduce((n, { caselle }) => n + caselle, 0),
        attivazioni: Array.from({ length: MONTHS_BACK }, (_, back) => {
          const mese = monthAfter(oggi.slice(0, 7), back - MONTHS_BACK + 1)
          return { mese, inserite: sum('inserita', mese), attivate: sum('attivata', mese) }
        }),
      }
    },
  }
}
