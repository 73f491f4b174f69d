import { describe, expect, it } from 'vitest'
import type { Cruscotto } from '../../src-main/contract/report.ts'
import { i18n } from '../locales/i18n.ts'
import { daSeguire } from './da-seguire.ts'

const gruppo = { dominioId: 'D1', assistenteId: null, tipologia: 'STANDARD', usatoMb: 10, quotaMb: 100 }
const home: Cruscotto = {
  oggi: '2026-11-26',
  pronte: true,
  domini: [],
  assistenti: [],
  gruppi: [
    { ...gruppo, stato: 'documenti_errati', caselle: 3, oltreSoglia: 0 },
    { ...gruppo, stato: 'attiva', caselle: 40, oltreSoglia: 5 },
    { ...gruppo, stato: 'attiva', assistenteId: 'A1', caselle: 2, oltreSoglia: 1 },
    { ...gruppo, stato: 'eliminata', caselle: 9, oltreSoglia: 9 },
  ],
  inScadenza: 7,
  scadute: 1,
  identitaScadute: 3,
  decisioni: { conflitti: 2, incerte: 0, rifiutate: 0, daRivedere: 0 },
  bozze: 4,
  lotti: { lotti: 1, righe: 6 },
}

describe('what waits for a person', () => {
  const rows = new Map(daSeguire(home).map((row) => [row.key, row]))

  it('adds up the groups of the archive; what was deleted needs no space', () => {
    expect(rows.get('respinti')?.n).toBe(3)
    expect(rows.get('piene')?.n).toBe(6)
    expect(rows.get('lotti')?.n).toBe(6)
  })

  it('leads each figure to its list, with the filter in the address', () => {
    expect(rows.get('inScadenza')?.to).toEqual({ name: 'caselle', query: { scadenza: '30', ordine: 'scadenza' } })
    expect(rows.get('identita')).toMatchObject({
      n: 3,
      to: { path: '/scadenze', query: { periodo: 'identita_scadute' } },
    })
    expect(rows.get('conflitti')?.to).toEqual({ path: '/coda', query: { vista: 'needs_you' } })
  })

  it('has words for each', () => {
    expect([...rows.keys()].filter((key) => !i18n.global.te(`cruscotto.daSeguire.${key}`))).toEqual([])
  })
})
