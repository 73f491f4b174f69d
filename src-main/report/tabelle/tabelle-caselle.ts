import type { DatiReport, EventoCasella, Figure, Lettura } from '../../contract/report.ts'
import { attiveAllaFine, eventiNel, mesiFinoA } from '../../contract/andamento.ts'
import { figureOf } from '../../contract/rules/figure-caselle.ts'
import { giorniDi, periodoPrima, type Periodo } from '../../contract/rules/periodo.ts'
import type { ExportRow } from '../../export/export-table.ts'
import { reportWords, statisticheWords } from '../../export/words.ts'

type DatiDi<K extends Lettura['che']> = NonNullable<Extract<Lettura, { che: K }>['lettura']['dati']>
type Traffico = DatiDi<'generali'>['traffico']

const cellsOf = ({ inserite, attive, inAttesa, eliminate }: Figure): number[] => [inserite, attive, inAttesa, eliminate]
const cellsOfTraffico = ({ msgIn, msgOut, inboxMb, archivioMb }: Traffico): (number | null)[] => [
  msgIn,
  msgOut,
  inboxMb,
  archivioMb,
]
const { totale } = reportWords
const eventi: readonly EventoCasella[] = ['inserita', 'attivata', 'cessata']
export const MESI_NEL_TEMPO = 24

/** D16, D17. `diretta`: an assistente sees its own caselle alone, of which there is one row. Each table is pure. */
export function righeStatistiche(
  { gruppi, domini, assistenti }: Pick<DatiReport, 'gruppi' | 'domini' | 'assistenti'>,
  isAssistente: boolean,
): ExportRow[] {
  const all: ExportRow = [statisticheWords.generali, domini.length, ...cellsOf(figureOf(gruppi))]
  if (isAssistente) return [all]
  const ids = new Set([...assistenti.map(({ id }) => id), ...gruppi.flatMap(({ assistenteId: id }) => id ?? [])])
  const rowOf = (name: string, id: string | null): ExportRow => [
    name,
    null,
    ...cellsOf(figureOf(gruppi.filter(({ assistenteId }) => assistenteId === id))),
  ]
  return [
    all,
    rowOf(statisticheWords.diretta, null),
    ...[...ids].map((id) => rowOf(assistenti.find((each) => each.id === id)?.nome ?? statisticheWords.sconosciuto, id)),
  ]
}

/** D93, with what changed in the period and in the one before it. */
export function righeTipologie({ gruppi, mesi }: Pick<DatiReport, 'gruppi' | 'mesi'>, periodo: Periodo): ExportRow[] {
  const rowOf = (name: string, tipologia: string | null): ExportRow => {
    const theirs = gruppi.filter((each) => tipologia === null || each.tipologia === tipologia)
    const moved = mesi.filter((each) => tipologia === null || each.tipologia === tipologia)
    return [
      name,
      ...cellsOf(figureOf(theirs)),
      ...eventi.flatMap((evento) => [
        eventiNel(moved, evento, giorniDi(periodo)),
        eventiNel(moved, evento, giorniDi(periodoPrima(periodo))),
      ]),
    ]
  }
  const tipologie = [...new Set(gruppi.map(({ tipologia }) => tipologia))].sort()
  return [...tipologie.map((tipologia) => rowOf(tipologia, tipologia)), rowOf(totale, null)]
}

/** D94. */
export function righeAssistenti(
  { gruppi, assistenti }: Pick<DatiReport, 'gruppi' | 'assistenti'>,
  { righe }: DatiDi<'assistenti'>,
): ExportRow[] {
  const told = new Map(righe.map((riga) => [riga.assistenteId, riga]))
  const none = { msgIn: null, msgOut: null, inboxMb: null, archivioMb: null }
  const rows = [null, ...assistenti.map(({ id }) => id)].map((id) => ({
    nome: id === null ? statisticheWords.diretta : (assistenti.find((each) => each.id === id)?.nome ?? id),
    attive: figureOf(gruppi.filter(({ assistenteId }) => assistenteId === id)).attive,
    traffico: told.get(id) ?? none,
  }))
  const sum = (key: keyof Traffico): number => rows.reduce((n, { traffico }) => n + (traffico[key] ?? 0), 0)
  return [
    ...rows.map(({ nome, attive, traffico }): ExportRow => [nome, attive, ...cellsOfTraffico(traffico)]),
    [totale, figureOf(gruppi).attive, sum('msgIn'), sum('msgOut'), sum('inboxMb'), sum('archivioMb')],
  ]
}

/** In service at the end of each of the last months of the period. */
export function righeNelTempo({ mesi, oggi }: Pick<DatiReport, 'mesi' | 'oggi'>, { to }: { to: string }): ExportRow[] {
  const months = mesiFinoA(oggi < to ? oggi : to, MESI_NEL_TEMPO)
  const values = attiveAllaFine(mesi, months)
  return months.map((mese, at) => [mese, values[at] ?? 0])
}

/** D97: of the period beside the one before; space is of today. */
export function righeMessaggi(now: Traffico, before: Traffico | null): ExportRow[] {
  const { posta } = reportWords
  const moved = (key: 'msgIn' | 'msgOut'): ExportRow => {
    const [a, b] = [now[key], before?.[key] ?? null]
    return [posta[key], a, b, a === null || b === null ? null : a - b]
  }
  return [
    moved('msgIn'),
    moved('msgOut'),
    [`${posta.oggi.inboxMb} (MB)`, now.inboxMb, null, null],
    [`${posta.oggi.archivioMb} (MB)`, now.archivioMb, null, null],
  ]
}

export function righeSpazio({ righe }: DatiDi<'assistenti'>): ExportRow[] {
  return righe.map(({ codice, nome, inboxMb, archivioMb }) => [
    nome ?? codice ?? statisticheWords.diretta,
    inboxMb,
    archivioMb,
  ])
}

/** D96 to D99. */
export function righeEnti({ enti, sintesi }: DatiDi<'enti'>): ExportRow[] {
  return [
    ...enti.map((row): ExportRow => [
      row.nome,
      row.referente,
      row.adesione,
      row.domini.join(', '),
      row.domini.length,
      ...cellsOf(row),
      ...cellsOfTraffico(row),
    ]),
    [reportWords.enti.sintesi, null, null, null, sintesi.domini, ...cellsOf(sintesi), ...cellsOfTraffico(sintesi)],
  ]
}
