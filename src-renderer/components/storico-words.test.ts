import { describe, expect, it } from 'vitest'
import type { StoricoRow } from '../../src-main/contract/storico.ts'
import { campoName, campoValue, storicoKind, whoOf } from './storico-words.ts'

const row = (campi: StoricoRow['campi'], changes: Partial<StoricoRow> = {}): StoricoRow => ({
  id: 'H1',
  quando: '2026-01-15T09:00:00Z',
  chi: null,
  risorsa: 'casella',
  operazione: 'modifica',
  campi,
  ...changes,
})
const to = (campo: string, dopo: StoricoRow['campi'][number]['dopo'], prima: typeof dopo = null) => ({
  campo,
  prima,
  dopo,
})

describe('a record of the storico', () => {
  it('is called after the gravest of its changes', () => {
    expect(storicoKind(row([to('attivata', '2026-01-15T09:00:00Z'), to('ciclo', 'attiva')]))).toBe('Attivazione')
    expect(storicoKind(row([to('ciclo', 'attiva', 'scaduta')]))).toBe('Rinnovo del servizio')
    expect(storicoKind(row([to('disabilitata', true), to('quotaMb', 1024)]))).toBe('Disabilitazione')
    expect(storicoKind(row([to('titolare', 'Rossi Maria')]))).toBe('Cambio intestatario')
    expect(storicoKind(row([to('richiesta', 'cessazione')]))).toBe('Richiesta di cessazione')
    expect(storicoKind(row([to('quotaMb', 1024)]))).toBe('Modifica di casella')
  })

  it('is told of any kind of row, also one that is not known', () => {
    expect(storicoKind(row([], { risorsa: 'nota', operazione: 'creazione' }))).toBe('Inserimento di nota')
    expect(storicoKind(row([], { risorsa: 'futura', operazione: 'eliminazione' }))).toBe('Eliminazione di futura')
    expect(whoOf(row([]))).toBe('autore non indicato')
  })

  it('has Italian names and formats', () => {
    const casella = row([])
    expect(campoName(casella, 'softLimitMb')).toBe('Soglia di avviso')
    expect(campoValue(casella, 'quotaMb', 2048)).toBe('2 GB')
    expect(campoValue(casella, 'scadenza', '2026-03-31')).toBe('31/03/2026')
    expect(campoValue(casella, 'attivata', '2026-01-15T22:30:00Z')).toBe('15/01/2026 23:30')
    expect(campoValue(casella, 'ciclo', 'in_attesa_firma')).toBe('In attesa di firma')
    expect(campoValue(casella, 'contratto', true)).toBe('Sì')
    expect(campoValue(row([], { risorsa: 'documento' }), 'bytes', 1536)).toBe('1,5 KB')
    expect(campoValue(row([], { risorsa: 'messaggio' }), 'allegati', '[{"id":"1"},{"id":"2"}]')).toBe('2 elementi')
  })
})
