import type { DatiReport, Lettura, Previsioni, SlaLocale } from '../../contract/report.ts'
import { siRiempiono } from '../../contract/rules/previsione-spazio.ts'
import { tempiAssistenza, tempiAttivazione } from '../../contract/sla-tempi.ts'
import { verifiche } from '../../contract/verifiche.ts'
import type { ExportRow } from '../../export/export-table.ts'
import { italianMoment } from '../../export/italian-date.ts'
import { filled, reportWords, statisticheWords } from '../../export/words.ts'

type DatiDi<K extends Lettura['che']> = NonNullable<Extract<Lettura, { che: K }>['lettura']['dati']>
type Servizio = DatiDi<'sla'>['servizi'][number]

const { sla, tabella } = reportWords
/** Months of expiries that are shown. */
export const MESI_SCADENZE = 24

const cellsOf = ({ servizio, garantita, misurata, minutiFermo }: Servizio): ExportRow => [
  sla.servizi[servizio],
  garantita,
  misurata,
  minutiFermo,
  misurata >= garantita ? sla.rispettata : sla.nonRispettata,
]

/** D15: of the whole period. Each table is pure. */
export function righeDisponibilita({ servizi }: DatiDi<'sla'>): ExportRow[] {
  return servizi.map((each) => [
    ...cellsOf(each),
    each.interruzioni
      .map(({ inizio, minuti, causa }) => `${italianMoment(inizio)}, ${filled(sla.minuti, { n: minuti })}: ${causa}`)
      .join('; '),
  ])
}

/** D15: of each month (`YYYY-MM`) of it. */
export function righeDisponibilitaMesi(mesi: readonly { mese: string; servizi: readonly Servizio[] }[]): ExportRow[] {
  return mesi.flatMap(({ mese, servizi }) => servizi.map((each): ExportRow => [mese, ...cellsOf(each)]))
}

/** D110; `now` is an ISO instant. */
export function righeAssistenza({ segnalazioni }: SlaLocale, now: string): ExportRow[] {
  const { aperte, inTempo, inRitardo, presaMediaMinuti, soluzioneMediaMinuti } = tempiAssistenza(segnalazioni, now)
  const hours = (minutes: number | null): number | null => (minutes === null ? null : Math.round(minutes / 6) / 10)
  return [
    [sla.aperte, aperte],
    [sla.inTempo, inTempo],
    [sla.inRitardo, inRitardo],
    [tabella.presaMediaOre, hours(presaMediaMinuti)],
    [tabella.soluzioneMediaOre, hours(soluzioneMediaMinuti)],
  ]
}

/** `promessi` days, null where nothing is promised. */
export function righeAttivazioni({ attese }: SlaLocale, promessi: number | null): ExportRow[] {
  const { attivate, entro, mediana } = tempiAttivazione(attese, promessi)
  const within = sla.entro.split(' | ')[promessi === 1 ? 0 : 1] ?? sla.entro
  return [
    [sla.attivate, attivate],
    ...(promessi === null ? [] : [[filled(within, { n: promessi }), entro]]),
    [tabella.medianaGiorni, mediana],
  ]
}

export function righeRiempimento({ spazio }: Previsioni): ExportRow[] {
  return siRiempiono(spazio).map(({ indirizzo, usatoMb, quotaMb, previsione }) =>
    previsione.esito === 'si_riempie'
      ? [indirizzo, usatoMb, quotaMb, previsione.mbAlMese, previsione.giorno, previsione.presto, previsione.tardi]
      : [indirizzo, usatoMb, quotaMb, null, null, null, null],
  )
}

export function righeScadenze({ scadenze }: Previsioni): ExportRow[] {
  return scadenze.slice(0, MESI_SCADENZE).map(({ mese, caselle }) => [mese, caselle])
}

export function righeAttivazioniMese({ attivazioni }: Previsioni): ExportRow[] {
  return attivazioni.map(({ mese, inserite, attivate }) => [mese, inserite, attivate])
}

/** D18. */
export function righeVerifiche(
  dati: Pick<DatiReport, 'gruppi' | 'domini' | 'assistenti'>,
  generali: DatiDi<'generali'>,
  assistenti: DatiDi<'assistenti'>,
  enti: DatiDi<'enti'> | null,
): ExportRow[] {
  const names = {
    generali: statisticheWords.generali,
    diretta: statisticheWords.diretta,
    sintesi: reportWords.enti.sintesi,
  }
  return verifiche(dati, generali, assistenti, enti, names).map(({ regola, riga, detta, attesa }) => [
    riga,
    filled(reportWords.verifiche.trovate[regola], { detta, attesa }),
    detta,
    attesa,
  ])
}
