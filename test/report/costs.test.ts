import { describe, expect, test } from 'vitest'
import {
  gbOltre,
  inServizio,
  ipotesi,
  semestraleCent,
  semestriTra,
  sommaPer,
  totaleOf,
  vociOf,
} from '../../src-main/contract/costs.ts'
import type { GruppoMese } from '../../src-main/contract/report.ts'
import { profiles } from '../../src-main/sandbox/profiles.ts'

const listino = profiles.toscana
const at = { dominioId: 'D1', tipologia: 'STANDARD', quotaMb: 1024 }
const event = (evento: GruppoMese['evento'], mese: string, caselle: number, change = {}): GruppoMese => ({
  ...at,
  evento,
  mese,
  caselle,
  ...change,
})

describe('the bill of a half-year (D101), by figures reckoned by hand', () => {
  test('10 STANDARD, 4 MASSIVA-BASE with 2 GB more each, 3 MASSIVA-LARGE and a dedicated dominio are € 103,20', () => {
    const groups = [
      { ...at, caselle: 10 },
      { ...at, tipologia: 'MASSIVA-BASE', quotaMb: 4096, caselle: 4 },
      { ...at, dominioId: 'D2', tipologia: 'MASSIVA-LARGE', quotaMb: 5 * 1024, caselle: 3 },
    ]
    // 10 × 4,00 + 4 × 6,50 + 8 × 1,40 + 3 × 8,00 + 2,00 = 40,00 + 26,00 + 11,20 + 24,00 + 2,00
    const voci = vociOf(groups, ['D2'], listino)
    expect(totaleOf(voci)).toEqual({ totaleCent: 10_320, senzaPrezzo: 0 })
    expect(sommaPer(voci, 'dominioId')).toEqual([
      { chiave: 'D1', quantita: 22, importoCent: 7720, senzaPrezzo: 0 },
      { chiave: 'D2', quantita: 4, importoCent: 2600, senzaPrezzo: 0 },
    ])
    expect(sommaPer(voci, 'codice').find(({ chiave }) => chiave === 'GB_AGGIUNTIVO')).toEqual({
      chiave: 'GB_AGGIUNTIVO',
      quantita: 8,
      importoCent: 1120,
      senzaPrezzo: 0,
    })
  })

  test('what has no price is in no sum, and is counted', () => {
    const voci = vociOf([{ ...at, tipologia: 'PEC-M-2GIN_2GARCH', quotaMb: 2048, caselle: 5 }], [], listino)
    expect(totaleOf(voci)).toEqual({ totaleCent: 0, senzaPrezzo: 5 })
    expect(totaleOf(vociOf([{ ...at, caselle: 2 }], ['D1'], profiles.basilicata))).toEqual({
      totaleCent: 0,
      senzaPrezzo: 3,
    })
  })

  test('a part of a GB is paid as one; less than what the plan comes with costs no less', () => {
    expect(gbOltre('STANDARD', 1025, listino)).toBe(1)
    expect(gbOltre('STANDARD', 2048, listino)).toBe(1)
    expect(gbOltre('STANDARD', 2049, listino)).toBe(2)
    expect(gbOltre('STANDARD', 500, listino)).toBe(0)
    expect(gbOltre('SCONOSCIUTA', 9000, listino)).toBe(0)
  })

  test('a casella is paid in the half-years of its activation and of its end, and between', () => {
    const mesi = [event('inserita', '2025-05', 3), event('attivata', '2025-06', 3), event('cessata', '2026-07', 2)]
    const counts = ['2024-2', '2025-1', '2025-2', '2026-1', '2026-2', '2027-1'].map(
      (semestre) => inServizio(mesi, semestre)[0]?.caselle ?? 0,
    )
    expect(counts).toEqual([0, 3, 3, 3, 3, 1])
  })

  test('a yearly price is halved, half a cent up; a single service is no fee', () => {
    const price = { codice: 'X', descrizione: 'X', importoCent: 1001 }
    expect(semestraleCent({ ...price, periodo: 'anno' })).toBe(501)
    expect(semestraleCent({ ...price, periodo: 'una_tantum' })).toBeNull()
    expect(semestraleCent({ ...price, periodo: 'prestazione' })).toBeNull()
  })

  test('the half-years from one day to another are all there, and none backwards', () => {
    expect(semestriTra('2025-06-30', '2026-07-01')).toEqual(['2025-1', '2025-2', '2026-1', '2026-2'])
    expect(semestriTra('2026-07-01', '2026-06-30')).toEqual([])
  })

  test('what if: 100 STANDARD, 10 GB more, 3 days of an expert (D102)', () => {
    const asked = new Map([
      ['STANDARD', 100],
      ['GB_AGGIUNTIVO', 10],
      ['CONSULENZA_ESPERTO', 3],
      ['SCONOSCIUTA', 7],
    ])
    // 100 × 4,00 + 10 × 1,40 = 414,00; 3 × 250,00 = 750,00
    expect(ipotesi(asked, listino)).toEqual({ semestreCent: 41_400, unaVoltaCent: 75_000, senzaPrezzo: 7 })
  })
})
