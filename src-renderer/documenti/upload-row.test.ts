import { describe, expect, it } from 'vitest'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import { attachGroups, overallProgress, problemsOf, repeatedRows, type UploadRow } from './upload-row.ts'

function casella(id: string): CasellaRow {
  return {
    id,
    indirizzo: `${id}@pec.example`,
    dominio: 'pec.example',
    titolare: 'Rossi Maria',
    codiceFiscale: '',
    ragioneSociale: null,
    stato: 'attiva',
    tipologia: '1 GB',
    usatoMb: 0,
    quotaMb: 1,
    softLimitMb: 1,
    scadenza: null,
    inserita: null,
    richiesta: 'nessuna',
    contratto: true,
    sospesa: false,
    passwordScaduta: false,
    passwordScadeIl: null,
    comunicazioniEmail: null,
    assistente: null,
    inCoda: 0,
    attention: null,
  }
}
function row(key: number, changes: Partial<UploadRow> = {}): UploadRow {
  const deposito = {
    id: `dep${key}`,
    nomeFile: `${key}.pdf`,
    bytes: 100,
    sha256: String(key),
    formato: 'pdf' as const,
    duplicateOf: null,
  }
  return {
    key,
    nomeFile: `${key}.pdf`,
    bytes: 100,
    read: 100,
    deposito,
    giudizio: null,
    refused: null,
    casella: casella('a'),
    tipo: 'attivazione',
    operationId: null,
    state: null,
    sent: 0,
    ...changes,
  }
}

describe('the files to be queued', () => {
  it('go in one request for each casella and type, in the order in which they were chosen', () => {
    const rows = [row(1), row(2, { casella: casella('b') }), row(3), row(4, { tipo: 'altro' })]
    expect(attachGroups(rows)).toEqual([
      { request: { casellaId: 'a', tipo: 'attivazione', depositoIds: ['dep1', 'dep3'] }, keys: [1, 3] },
      { request: { casellaId: 'b', tipo: 'attivazione', depositoIds: ['dep2'] }, keys: [2] },
      { request: { casellaId: 'a', tipo: 'altro', depositoIds: ['dep4'] }, keys: [4] },
    ])
  })

  it('leave out what was refused, is still being read, or is queued already', () => {
    const rows = [
      row(1, { deposito: null, refused: new Error('x') }),
      row(2, { deposito: null }),
      row(3, { operationId: 'o' }),
    ]
    expect(attachGroups(rows)).toEqual([])
    expect(problemsOf(rows, 5).size).toBe(0)
  })

  it('need a casella and a type each, and no more of a type than the provider takes', () => {
    expect([...problemsOf([row(1, { casella: null }), row(2, { tipo: null })], 5).values()]).toEqual([
      'casella',
      'tipo',
    ])
    expect([...problemsOf([row(1), row(2)], 1).values()]).toEqual(['tooMany', 'tooMany'])
    expect(problemsOf([row(1), row(2, { casella: casella('b') })], 1).size).toBe(0)
  })

  it('are marked when the same bytes come twice', () => {
    const twice = row(2)
    if (twice.deposito !== null) twice.deposito.sha256 = '1'
    expect([...repeatedRows([row(1), twice, row(3)])]).toEqual([2])
  })
})

it('the overall progress counts what has arrived in full and never more than a file has', () => {
  const rows = [
    row(1, { operationId: 'a', state: 'settled' }),
    row(2, { operationId: 'b', state: 'in_flight', sent: 250 }),
    row(3, { operationId: 'c', state: 'pending', sent: 20 }),
    row(4),
  ]
  expect(overallProgress(rows)).toEqual({ sent: 220, total: 300, arrived: 1 })
})
