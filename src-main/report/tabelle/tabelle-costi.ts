import {
  canoneCent,
  costiPerTipologia,
  finePrevisione,
  inServizio,
  type Listino,
  nomePrezzo,
  previsioneCosti,
  semestraleCent,
  semestriPassati,
  sommaPer,
  totaleOf,
  vociOf,
} from '../../contract/costs.ts'
import type { DatiReport, Lettura } from '../../contract/report.ts'
import type { TabellaReport } from '../../contract/report-tabelle.ts'
import type { ExportRow } from '../../export/export-table.ts'
import { filled, reportWords } from '../../export/words.ts'
import type { Capabilities } from '../../provider-contract/capabilities.ts'

type Costi = NonNullable<Extract<Lettura, { che: 'costi' }>['lettura']['dati']>
export type TabellaCosti = Exclude<Extract<TabellaReport, `costi${string}`>, 'costiEnti'>

const { costi, totale } = reportWords
const euros = (cents: number | null): number | null => (cents === null ? null : cents / 100)

export function nomeSemestre(semestre: string): string {
  return filled(costi.semestreNome, { n: semestre.slice(5) === '1' ? 'I' : 'II', anno: semestre.slice(0, 4) })
}

/** D101, D102: a half-year's costs by price, tipologia or dominio, the half-years past and to come, and what if. Pure. */
export function righeCosti(
  tabella: TabellaCosti,
  { mesi, domini, oggi }: Pick<DatiReport, 'mesi' | 'domini' | 'oggi'>,
  listino: Listino & Pick<Capabilities, 'contratto'>,
  semestre: string,
  quantita: Readonly<Record<string, number>>,
): ExportRow[] {
  const dedicati = domini.filter(({ dedicato }) => dedicato).map(({ id }) => id)
  const groups = inServizio(mesi, semestre)
  const voci = vociOf(groups, dedicati, listino)
  const total = euros(totaleOf(voci).totaleCent)
  const nomeVoce = (codice: string): string => nomePrezzo(codice, listino)
  const caselle = groups.reduce((sum, each) => sum + each.caselle, 0)
  switch (tabella) {
    case 'costiVoce':
      return [
        ...sommaPer(voci, 'codice').map(({ chiave, quantita: n, importoCent, senzaPrezzo }): ExportRow => [
          nomeVoce(chiave),
          n,
          euros(canoneCent(chiave, listino)),
          senzaPrezzo > 0 ? null : euros(importoCent),
        ]),
        [totale, null, null, total],
      ]
    case 'costiTipologia': {
      const rows = costiPerTipologia(groups, listino)
      const sum = (key: 'canoneCent' | 'spazioCent' | 'importoCent'): number =>
        rows.reduce((n, row) => n + (row[key] ?? 0), 0)
      return [
        ...rows.map((row): ExportRow => [
          row.tipologia,
          row.caselle,
          euros(row.canoneCent),
          row.gb,
          euros(row.spazioCent),
          euros(row.importoCent),
        ]),
        [
          totale,
          caselle,
          euros(sum('canoneCent')),
          rows.reduce((n, { gb }) => n + gb, 0),
          euros(sum('spazioCent')),
          euros(sum('importoCent')),
        ],
      ]
    }
    case 'costiDominio':
      return [
        ...sommaPer(voci, 'dominioId').map(({ chiave, importoCent }): ExportRow => [
          domini.find(({ id }) => id === chiave)?.nome ?? chiave,
          groups.reduce((sum, each) => sum + (each.dominioId === chiave ? each.caselle : 0), 0),
          euros(importoCent),
        ]),
        [totale, caselle, total],
      ]
    case 'costiSemestri':
      return semestriPassati(oggi, listino.contratto).map((each) => {
        const then = inServizio(mesi, each)
        const n = then.reduce((sum, group) => sum + group.caselle, 0)
        return [nomeSemestre(each), n, euros(totaleOf(vociOf(then, dedicati, listino)).totaleCent)]
      })
    case 'costiPrevisione': {
      const rows = previsioneCosti(mesi, dedicati, listino, oggi, finePrevisione(oggi, listino.contratto))
      const sum = (key: 'rinnovate' | 'scadono'): number => rows.reduce((n, row) => n + row[key], 0)
      return [
        ...rows.map((row): ExportRow => [nomeSemestre(row.semestre), euros(row.rinnovate), euros(row.scadono)]),
        [totale, euros(sum('rinnovate')), euros(sum('scadono'))],
      ]
    }
    case 'costiIpotesi': {
      const rows = Object.entries(quantita).map(([codice, n]) => {
        const fee = canoneCent(codice, listino)
        const once = listino.prezzi.find((each) => each.codice === codice && semestraleCent(each) === null)
        const price = fee ?? once?.importoCent ?? null
        return { nome: nomeVoce(codice), n, price, cents: price === null ? null : price * n }
      })
      return [
        ...rows.map(({ nome, n, price, cents }): ExportRow => [nome, n, euros(price), euros(cents)]),
        [totale, null, null, euros(rows.reduce((sum, { cents }) => sum + (cents ?? 0), 0))],
      ]
    }
  }
}

/** D96: what each ente that joined an aggregatore costs in the half-year, as the provider tells it. Pure. */
export function righeCostiEnti({ perEnte = [] }: Pick<Costi, 'perEnte'>): ExportRow[] {
  const sum = (of: (row: (typeof perEnte)[number]) => number): number => perEnte.reduce((n, row) => n + of(row), 0)
  return [
    ...perEnte.map(({ nome, caselle, dominiDedicati, totaleCent }): ExportRow => [
      nome,
      caselle,
      dominiDedicati,
      euros(totaleCent),
    ]),
    [
      totale,
      sum(({ caselle }) => caselle),
      sum(({ dominiDedicati }) => dominiDedicati),
      euros(sum(({ totaleCent }) => totaleCent ?? 0)),
    ],
  ]
}
