import type { DatiReport, Figure, Lettura } from './report.ts'
import { figureOf } from './rules/figure-caselle.ts'

type DatiDi<K extends Lettura['che']> = NonNullable<Extract<Lettura, { che: K }>['lettura']['dati']>

/** What does not add up: words under `report.verifiche.trovate`, and the rows and figures that they name. */
export interface Trovata {
  regola:
    | 'somma'
    | 'tipologie'
    | 'assistenti'
    | 'archivioGenerali'
    | 'archivioTipologia'
    | 'archivioAssistente'
    | 'domini'
    | 'scadute'
    | 'enti'
  riga: string
  detta: number
  attesa: number
}

const parts = ['inserite', 'attive', 'inAttesa', 'eliminate'] as const
const sum = <T>(rows: readonly T[], figure: (row: T) => number): number =>
  rows.reduce((total, row) => total + figure(row), 0)

/**
 * D18 and what else must hold, of the provider's own report and between it and the archive. `nomi` are the words for
 * rows without a name of their own. Pure.
 */
export function verifiche(
  { gruppi, domini, assistenti }: Pick<DatiReport, 'gruppi' | 'domini' | 'assistenti'>,
  generali: DatiDi<'generali'> | null,
  perAssistente: DatiDi<'assistenti'> | null,
  enti: DatiDi<'enti'> | null,
  nomi: { generali: string; diretta: string; sintesi: string },
): Trovata[] {
  const found: Trovata[] = []
  const check = (regola: Trovata['regola'], riga: string, detta: number, attesa: number): void => {
    if (detta !== attesa) found.push({ regola, riga, detta, attesa })
  }
  const addsUp = (riga: string, { inserite, attive, inAttesa, eliminate }: Figure): void => {
    check('somma', riga, inserite, attive + inAttesa + eliminate)
  }
  const isAsHere = (regola: Trovata['regola'], riga: string, told: Figure, here: Figure): void => {
    const part = parts.find((each) => told[each] !== here[each])
    if (part !== undefined) check(regola, riga, told[part], here[part])
  }
  if (generali !== null) {
    addsUp(nomi.generali, generali.generali)
    addsUp(nomi.diretta, generali.gestioneDiretta)
    for (const row of generali.perTipologia) {
      addsUp(row.tipologia, row)
      const here = figureOf(gruppi.filter(({ tipologia }) => tipologia === row.tipologia))
      isAsHere('archivioTipologia', row.tipologia, row, here)
      if (row.scadute > row.attive) check('scadute', row.tipologia, row.scadute, row.attive)
    }
    check(
      'tipologie',
      nomi.generali,
      sum(generali.perTipologia, ({ attive }) => attive),
      generali.generali.attive,
    )
    isAsHere('archivioGenerali', nomi.generali, generali.generali, figureOf(gruppi))
    check('domini', nomi.generali, generali.domini, domini.length)
  }
  if (perAssistente !== null) {
    for (const row of perAssistente.righe) {
      const name = row.assistenteId === null ? nomi.diretta : (row.nome ?? row.codice ?? row.assistenteId)
      addsUp(name, row)
      const here = figureOf(gruppi.filter(({ assistenteId }) => assistenteId === row.assistenteId))
      isAsHere('archivioAssistente', name, row, here)
    }
    const known = new Set(perAssistente.righe.map(({ assistenteId }) => assistenteId))
    for (const { id, nome } of assistenti) if (!known.has(id)) check('assistenti', nome, 0, 1)
    if (generali !== null)
      check(
        'assistenti',
        nomi.generali,
        sum(perAssistente.righe, ({ inserite }) => inserite),
        generali.generali.inserite,
      )
  }
  if (enti !== null) {
    addsUp(nomi.sintesi, enti.sintesi)
    for (const row of enti.enti) addsUp(row.nome, row)
    for (const part of parts)
      check(
        'enti',
        nomi.sintesi,
        enti.sintesi[part],
        sum(enti.enti, (row) => row[part]),
      )
  }
  return found
}
