import { describe, expect, it } from 'vitest'
import report from '../../src-renderer/locales/it/report.json' with { type: 'json' }
import { verifiche } from '../../src-main/contract/verifiche.ts'

const gruppo = { dominioId: 'D1', tipologia: 'STANDARD', usatoMb: 0, quotaMb: 0, oltreSoglia: 0 }
const dati = {
  domini: [{ id: 'D1', nome: 'pec.uno.it', dedicato: false }],
  assistenti: [{ id: 'A1', nome: '2000000017' }],
  gruppi: [
    { ...gruppo, assistenteId: null, stato: 'attiva' as const, caselle: 7 },
    { ...gruppo, assistenteId: 'A1', stato: 'in_attesa_firma' as const, caselle: 2 },
    { ...gruppo, assistenteId: 'A1', stato: 'eliminata' as const, caselle: 1 },
  ],
}
const traffico = { msgIn: 1, msgOut: 1, inboxMb: 1, archivioMb: 1 }
const all = { inserite: 10, attive: 7, scadute: 0, inAttesa: 2, eliminate: 1 }
const direct = { inserite: 7, attive: 7, scadute: 0, inAttesa: 0, eliminate: 0 }
const generali = {
  calcolato: '2026-11-26T10:00:00Z',
  domini: 1,
  generali: all,
  gestioneDiretta: direct,
  perTipologia: [{ tipologia: 'STANDARD', ...all }],
  traffico,
}
const assistenti = {
  calcolato: generali.calcolato,
  righe: [
    {
      assistenteId: 'A1',
      codice: '2000000017',
      nome: null,
      inserite: 3,
      attive: 0,
      scadute: 0,
      inAttesa: 2,
      eliminate: 1,
      ...traffico,
    },
    { assistenteId: null, codice: null, nome: null, ...direct, ...traffico },
  ],
}
const nomi = { generali: 'Generali', diretta: 'Gestione diretta', sintesi: 'Sintesi' }

describe('what must add up (D18)', () => {
  it('finds nothing in figures that do', () => {
    expect(verifiche(dati, generali, assistenti, null, nomi)).toEqual([])
    expect(verifiche(dati, null, null, null, nomi)).toEqual([])
  })

  it('names a row whose parts are not its whole, and a sum that is not that of its rows', () => {
    const wrong = {
      ...generali,
      generali: { ...all, eliminate: 4 },
      perTipologia: [{ tipologia: 'STANDARD', ...all, attive: 6, inAttesa: 3 }],
    }
    const found = verifiche(dati, wrong, assistenti, null, nomi)
    expect(found).toContainEqual({ regola: 'somma', riga: 'Generali', detta: 10, attesa: 13 })
    expect(found).toContainEqual({ regola: 'tipologie', riga: 'Generali', detta: 6, attesa: 7 })
    expect(found).toContainEqual({ regola: 'archivioTipologia', riga: 'STANDARD', detta: 6, attesa: 7 })
    expect(found.filter(({ regola }) => !(regola in report.verifiche.trovate))).toEqual([])
  })

  it('names an assistente whose caselle are others here, and one whom the report leaves out', () => {
    const [one, other] = assistenti.righe
    if (one === undefined || other === undefined) throw new Error('no rows')
    const fewer = { ...assistenti, righe: [{ ...one, inserite: 2, inAttesa: 1 }, other] }
    expect(verifiche(dati, generali, fewer, null, nomi)).toEqual([
      { regola: 'archivioAssistente', riga: '2000000017', detta: 2, attesa: 3 },
      { regola: 'assistenti', riga: 'Generali', detta: 9, attesa: 10 },
    ])
    expect(verifiche(dati, generali, { ...assistenti, righe: [other] }, null, nomi)[0]).toMatchObject({
      regola: 'assistenti',
      riga: '2000000017',
    })
  })
})
