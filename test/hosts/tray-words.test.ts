import { expect, test } from 'vitest'
import { ConnectionState, Phase, type Status } from '../../src-main/contract/status.ts'
import { trayWords } from '../../src-main/hosts/electron/tray-words.ts'
import { emptyStatus } from '../support/a-status.ts'

const ready: Status = {
  ...emptyStatus(),
  phase: 'ready',
  connection: 'aligned',
  lastAlignedAt: '2026-11-20T09:42:00Z',
  operatore: {
    id: 'o1',
    user: 'mario.rossi',
    nome: 'Mario Rossi',
    ruolo: 'assistente',
    comunicazioniEmail: null,
    codiceAssistente: null,
  },
  scope: { id: 's', enteId: 'e', ente: 'Comune di Esempio' },
  provider: { url: 'https://lra.example', nome: 'Gestore', environment: 'esercizio', embedded: false },
  custody: 'system',
  recoveryKey: 'printed',
  counts: { caselle: 12, titolari: 9, domini: 1 },
}

test('the icon says how things stand, and what waits', () => {
  expect(trayWords(ready, false).lines).toEqual(['Allineato'])
  expect(trayWords({ ...ready, connection: 'offline', pending: 3, needsYou: 1 }, false)).toEqual({
    tooltip: 'Sportello LRA\nNon in linea\n3 modifiche in coda\n1 modifica da decidere',
    lines: ['Non in linea', '3 modifiche in coda', '1 modifica da decidere'],
    count: 4,
  })
})

test('nothing is called aligned that is not', () => {
  for (const connection of ConnectionState.options.filter((each) => each !== 'aligned'))
    expect(trayWords({ ...ready, connection }, false).lines[0]).not.toBe('Allineato')
  for (const phase of Phase.options.filter((each) => each !== 'ready'))
    expect(trayWords({ ...ready, phase }, false).lines[0]).not.toBe('Allineato')
  expect(trayWords(ready, true).lines[0]).toBe('Il programma si sta riavviando')
  expect(trayWords(null, false).lines).toEqual(['Avvio in corso'])
})

test('whoever passes by reads no name there', () => {
  for (const phase of Phase.options) {
    const { tooltip } = trayWords({ ...ready, phase, pending: 2 }, false)
    expect(tooltip).not.toMatch(/Rossi|Comune|lra\.example|Gestore/)
  }
})
