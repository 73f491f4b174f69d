import { expect, test } from 'vitest'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import type { Documento } from '../../src-main/provider-contract/documento.ts'
import type { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { activityOf } from '../../src-main/sync/activity-diff.ts'

const names = {
  titolare: (id: string) => ({ T1: 'Rossi Anna', T2: 'Bianchi Luca' })[id] ?? null,
  assistente: (id: string) => ({ A1: 'Sportello Nord' })[id] ?? null,
}
const tracked = { version: 3, updatedAt: '2026-11-20T08:00:00.000Z', updatedBy: 'collega', enteId: 'E1' }
const casella: Casella = {
  ...tracked,
  id: 'C1',
  denominazione: 'tributi',
  dominioId: 'D1',
  dominio: 'pec.example',
  indirizzo: 'tributi@pec.example',
  titolareId: 'T1',
  assistenteId: 'A1',
  tipologia: 'standard',
  ciclo: 'attiva',
  disabilitata: false,
  sospesa: false,
  passwordScaduta: false,
  passwordScadeIl: null,
  contratto: true,
  richiesta: 'nessuna',
  comunicazioniEmail: 'ufficio@comune.example',
  quotaMb: 1024,
  softLimitMb: 819,
  usatoMb: 10,
  inserita: '2025-01-01T00:00:00.000Z',
  attivata: '2025-01-02T00:00:00.000Z',
  scadenza: '2026-12-31',
}
const documento: Documento = {
  ...tracked,
  id: 'F1',
  casellaId: 'C1',
  tipo: 'attivazione',
  formato: 'pdf',
  nomeFile: 'modulo.pdf',
  bytes: 10,
  sha256: 'a'.repeat(64),
  stato: 'ricevuto',
  motivo: null,
  caricato: '2026-11-20T08:00:00.000Z',
}
const titolare: Titolare = {
  ...tracked,
  id: 'T1',
  tipologia: 'persona_fisica',
  nome: 'Anna',
  cognome: 'Rossi',
  codiceFiscale: 'RSSNNA80A01H501U',
  email: null,
  telefono: null,
  cellulare: null,
  fax: null,
}
const change = (before: Partial<Casella>, after: Partial<Casella>) =>
  activityOf('casella', { ...casella, ...before }, { ...casella, version: 4, ...after }, names)

test.each([
  [{ ciclo: 'in_attesa_gestore' }, {}, 'casella.attivata'],
  [{ ciclo: 'in_attesa_firma' }, { ciclo: 'in_attesa_gestore' }, 'casella.in_attesa'],
  [{ ciclo: 'in_attesa_gestore' }, { ciclo: 'documenti_errati' }, 'casella.documenti_errati'],
  [{}, { ciclo: 'scaduta' }, 'casella.scaduta'],
  [{ ciclo: 'scaduta' }, {}, 'casella.rinnovata'],
  [{}, { ciclo: 'eliminata', disabilitata: true }, 'casella.eliminata'],
  [{}, { disabilitata: true }, 'casella.disabilitata'],
  [{ disabilitata: true }, {}, 'casella.riabilitata'],
  [{}, { sospesa: true }, 'casella.sospesa'],
  [{ sospesa: true }, {}, 'casella.ripristinata'],
  [{ richiesta: 'subentro' }, { titolareId: 'T2' }, 'casella.titolare_cambiato'],
  [{}, { richiesta: 'rinnovo' }, 'casella.richiesta'],
  [{ richiesta: 'rinnovo' }, { scadenza: '2027-12-31' }, 'casella.rinnovata'],
  [{ richiesta: 'cessazione' }, {}, 'casella.richiesta_conclusa'],
  [{}, { passwordScaduta: true }, 'casella.password_scaduta'],
  [{}, { quotaMb: 2048 }, 'casella.cambiata'],
] as const)('from %o to %o a casella is told as %s', (before, after, kind) => {
  expect(change(before, after)?.kind).toBe(kind)
})

test('a casella that was not there is new, and one that is gone is told by its last address', () => {
  expect(activityOf('casella', undefined, casella, names)).toMatchObject({ kind: 'casella.nuova', fields: [] })
  expect(activityOf('casella', casella, undefined, names)).toMatchObject({
    kind: 'casella.rimossa',
    subject: 'tributi@pec.example',
    who: null,
  })
})

test('space that fills, and bookkeeping, are nobody’s news', () => {
  expect(change({}, { usatoMb: 900, updatedBy: null, updatedAt: '2026-11-21T00:00:00.000Z' })).toBeNull()
  expect(activityOf('casella', undefined, undefined, names)).toBeNull()
})

test('each changed field has its value before and after, holders and assistenti by name', () => {
  expect(change({}, { quotaMb: 2048, comunicazioniEmail: null })?.fields).toEqual([
    { field: 'comunicazioniEmail', from: 'ufficio@comune.example', to: null },
    { field: 'quotaMb', from: 1024, to: 2048 },
  ])
  expect(change({}, { titolareId: 'T2', assistenteId: null })?.fields).toEqual([
    { field: 'titolare', from: 'Rossi Anna', to: 'Bianchi Luca' },
    { field: 'assistente', from: 'Sportello Nord', to: null },
  ])
  expect(change({}, { titolareId: 'T9' })?.fields).toEqual([{ field: 'titolare', from: 'Rossi Anna', to: 'T9' }])
})

test('several changes at once are counted, since only the last has a name', () => {
  expect(change({}, { quotaMb: 2048 })).toMatchObject({ who: 'collega', steps: 1 })
  expect(change({}, { quotaMb: 2048, version: 7 })?.steps).toBe(4)
})

test('a documento arrives, is accepted or rejected with a reason', () => {
  const after = (changes: Partial<Documento>) =>
    activityOf('documento', documento, { ...documento, version: 4, ...changes }, names)
  expect(activityOf('documento', undefined, documento, names)).toMatchObject({
    kind: 'documento.arrivato',
    casellaId: 'C1',
  })
  expect(after({ stato: 'accettato' })?.kind).toBe('documento.accettato')
  expect(after({ stato: 'respinto', motivo: 'illeggibile' })).toMatchObject({
    kind: 'documento.respinto',
    fields: [
      { field: 'stato', from: 'ricevuto', to: 'respinto' },
      { field: 'motivo', from: null, to: 'illeggibile' },
    ],
  })
})

test('a titolare is told by name', () => {
  expect(activityOf('titolare', titolare, { ...titolare, version: 4, email: 'a@b.example' }, names)).toMatchObject({
    kind: 'titolare.cambiato',
    subject: 'Rossi Anna',
    titolareId: 'T1',
    fields: [{ field: 'email', from: null, to: 'a@b.example' }],
  })
})
