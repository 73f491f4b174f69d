import { describe, expect, it } from 'vitest'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import type { DocumentoEsaminato } from '../../src-main/contract/documenti-channels.ts'
import type { CandidatoCasella } from '../../src-main/contract/lotto.ts'
import {
  attachGroups,
  evidenceOf,
  overallProgress,
  problemsOf,
  repeatedRows,
  sureProposal,
  type UploadRow,
} from './upload-row.ts'

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
function esame(changes: Partial<DocumentoEsaminato> = {}): DocumentoEsaminato {
  return {
    depositoId: 'dep',
    nomeFile: 'a.pdf',
    bytes: 100,
    sha256: 'x',
    giudizio: 'valid_trusted',
    verifica: {
      format: 'pdf',
      containers: [],
      integrity: 'valid',
      signatures: [],
      documentTimestamps: [],
      warnings: [],
      sha256: 'x',
      bytes: 100,
      content: null,
      verifiedAt: '2026-01-01T00:00:00.000Z',
      at: null,
    },
    pagine: 1,
    protetto: false,
    confronto: null,
    titolare: null,
    cfFirma: [],
    tipo: null,
    motivoTipo: null,
    candidati: [],
    ambiguo: false,
    codiceNonLetto: false,
    ...changes,
  }
}
const candidato = (casellaId: string, confidenza: number): CandidatoCasella => ({
  casellaId,
  indirizzo: `${casellaId}@pec.example`,
  titolare: 'Rossi Maria',
  confidenza,
  motivi: [{ motivo: 'cf_firma', valore: 'X' }],
  contraddizioni: [],
})
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
    esame: esame(),
    nonEsaminato: false,
    refused: null,
    casella: casella('a'),
    tipo: 'attivazione',
    proposta: false,
    consenso: null,
    titoloFirmatario: null,
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
      { request: { casellaId: 'a', tipo: 'attivazione', depositoIds: ['dep1', 'dep3'], decisioni: [] }, keys: [1, 3] },
      { request: { casellaId: 'b', tipo: 'attivazione', depositoIds: ['dep2'], decisioni: [] }, keys: [2] },
      { request: { casellaId: 'a', tipo: 'altro', depositoIds: ['dep4'], decisioni: [] }, keys: [4] },
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

describe('what is found in a document', () => {
  const CF = 'PRVDAA80A41H501W'

  it('keeps it from going while nobody knows it', () => {
    expect(problemsOf([row(1, { esame: null })], 5).get(1)).toBe('esame')
  })

  it.each(['not_signed', 'invalid', 'unverifiable', 'changed_after_signing', 'untrusted', 'revoked'] as const)(
    'asks for a consent where it is %s',
    (giudizio) => {
      const doubtful = row(1, { esame: esame({ giudizio }) })
      expect(problemsOf([doubtful], 5).get(1)).toBe('consenso')
      doubtful.consenso = 'Originale agli atti'
      expect(problemsOf([doubtful], 5).size).toBe(0)
      expect(attachGroups([doubtful])[0]?.request.decisioni).toEqual([
        { depositoId: 'dep1', consenso: 'Originale agli atti', titoloFirmatario: null },
      ])
    },
  )

  it('asks for a consent where a password is needed, and where it could not be looked into', () => {
    expect(problemsOf([row(1, { esame: esame({ protetto: true }) })], 5).get(1)).toBe('consenso')
    expect(problemsOf([row(1, { esame: null, nonEsaminato: true })], 5).get(1)).toBe('consenso')
  })

  it('asks why somebody else signs, of the casella that is chosen', () => {
    const foreign = row(1, { casella: { ...casella('a'), codiceFiscale: CF }, esame: esame({ cfFirma: ['ALTRI'] }) })
    expect(problemsOf([foreign], 5).get(1)).toBe('firmatario')
    foreign.titoloFirmatario = 'delegato'
    expect(problemsOf([foreign], 5).size).toBe(0)
    expect(problemsOf([row(1, { ...foreign, titoloFirmatario: null, esame: esame({ cfFirma: [CF] }) })], 5).size).toBe(
      0,
    )
  })

  it('proposes a casella by itself only where it is sure and alone', () => {
    expect(sureProposal(esame({ candidati: [candidato('a', 92)] }))?.casellaId).toBe('a')
    expect(sureProposal(esame({ candidati: [candidato('a', 84)] }))).toBeNull()
    expect(sureProposal(esame({ candidati: [candidato('a', 92), candidato('b', 90)], ambiguo: true }))).toBeNull()
  })

  it('casts a doubt on the chosen casella only where it leads more to another one', () => {
    const found = esame({ candidati: [candidato('b', 90), candidato('a', 40), candidato('c', 20)] })
    const { chosen, others } = evidenceOf(row(1, { esame: found }))
    expect([chosen?.confidenza, others.map(({ casellaId }) => casellaId)]).toEqual([40, ['b']])
    expect(evidenceOf(row(1, { esame: found, casella: null })).others).toHaveLength(3)
    expect(evidenceOf(row(1, { esame: found, casella: casella('b') })).others).toEqual([])
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
