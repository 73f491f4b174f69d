import type { SlaLocale } from './report.ts'
import { deskMinutes } from '../provider-contract/desk-hours.ts'

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round(values.reduce((sum, each) => sum + each, 0) / values.length)

/** D110: of what was opened in the period; minutes of work of the desk. What waits is late once its time has passed. Pure. */
export function tempiAssistenza(
  segnalazioni: SlaLocale['segnalazioni'],
  now: string,
): {
  aperte: number
  inTempo: number
  inRitardo: number
  presaMediaMinuti: number | null
  soluzioneMediaMinuti: number | null
} {
  const late = segnalazioni.filter(({ presaEntro, presaInCarico }) => (presaInCarico ?? now) > presaEntro).length
  const inTempo = segnalazioni.filter(
    ({ presaEntro, presaInCarico }) => presaInCarico !== null && presaInCarico <= presaEntro,
  ).length
  const minutesTo = (of: 'presaInCarico' | 'chiusa'): number[] =>
    segnalazioni.flatMap(({ aperta, [of]: end }) => (end === null ? [] : [deskMinutes(aperta, end)]))
  return {
    aperte: segnalazioni.length,
    inTempo,
    inRitardo: late,
    presaMediaMinuti: mean(minutesTo('presaInCarico')),
    soluzioneMediaMinuti: mean(minutesTo('chiusa')),
  }
}

/** `promessi` days; null where nothing is promised. The median is that of the days from the entering to the activation. Pure. */
export function tempiAttivazione(
  attese: SlaLocale['attese'],
  promessi: number | null,
): { attivate: number; entro: number | null; mediana: number | null } {
  const attivate = attese.reduce((sum, { caselle }) => sum + caselle, 0)
  let passed = 0
  let mediana: number | null = null
  for (const { giorni, caselle } of attese) {
    passed += caselle
    if (mediana === null && passed * 2 >= attivate) mediana = giorni
  }
  const within = attese.filter(({ giorni }) => promessi !== null && giorni <= promessi)
  return {
    attivate,
    entro: promessi === null ? null : within.reduce((sum, { caselle }) => sum + caselle, 0),
    mediana: attivate === 0 ? null : mediana,
  }
}
