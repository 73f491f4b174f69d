import { describe, expect, it } from 'vitest'
import type { Status } from '../../src-main/contract/status.ts'
import { i18n } from '../locales/i18n.ts'
import { badgeOf, syncPercent } from './badge.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

const aligned: Status = {
  phase: 'ready',
  connection: 'aligned',
  lastAlignedAt: '2026-11-20T09:42:00Z',
  offlineSince: null,
  nextAlignmentAt: null,
  lastError: null,
  sync: null,
  pending: 0,
  needsYou: 0,
  unseenActivity: 0,
  operatore: null,
  scope: null,
  provider: null,
  lock: null,
  custody: null,
  trouble: null,
  recoveryKey: 'not_applicable',
  counts: { caselle: 0, titolari: 0, domini: 0 },
  host: 'browser',
  version: '0.0.0',
}

function sentence(change: Partial<Status>, hostLost = false): string {
  const { key, params } = badgeOf({ ...aligned, ...change }, hostLost, now)
  expect(i18n.global.te(`shell.badge.${key}`)).toBe(true)
  return i18n.global.t(`shell.badge.${key}`, params)
}

describe('the connection badge', () => {
  it('says when the data were last equal to the provider', () => {
    expect(sentence({})).toBe('Allineato alle 10:42')
    expect(sentence({ lastAlignedAt: '2026-11-18T09:42:00Z' })).toBe('Allineato il 18/11/2026 alle 10:42')
    expect(sentence({ pending: 2 })).toBe('Allineato alle 10:42, 2 in coda')
  })

  it('says since when there is no network, and what waits for it', () => {
    const offline = { connection: 'offline', offlineSince: '2026-11-20T08:10:00Z' } as const
    expect(sentence(offline)).toBe('Non in linea dalle 09:10')
    expect(sentence({ ...offline, pending: 3 })).toBe('Non in linea dalle 09:10, 3 in coda')
    expect(sentence({ ...offline, offlineSince: '2026-11-19T08:10:00Z', pending: 3 })).toBe(
      'Non in linea dal 19/11/2026, 3 in coda',
    )
  })

  it('says that the network stands between, and what waits for it', () => {
    expect(sentence({ connection: 'intercepted', needsYou: 1 })).toBe('La rete blocca il gestore')
    expect(sentence({ connection: 'intercepted', pending: 3 })).toBe('La rete blocca il gestore, 3 in coda')
  })

  it('asks for a decision only where the way to the provider is open', () => {
    expect(sentence({ needsYou: 1 })).toBe('1 da decidere')
    expect(sentence({ needsYou: 1, connection: 'session_expired' })).toBe('Sessione scaduta: accedi')
    expect(sentence({ needsYou: 1, connection: 'offline', pending: 1 })).toBe('Non in linea, 1 in coda')
  })

  it('says how far the alignment is, where that is known', () => {
    const sync = { stage: 'snapshot', done: 620, total: 1000, cancellable: true } as const
    expect(sentence({ sync, connection: 'aligning' })).toBe('Allineamento 62%')
    expect(sentence({ sync: { ...sync, total: null }, connection: 'aligning' })).toBe('Allineamento in corso')
    expect(sentence({ sync: { ...sync, stage: 'search_index' } })).toBe('Preparazione della ricerca 62%')
  })

  it('never shows a hundred before the end', () => {
    expect(syncPercent({ stage: 'changes', done: 9999, total: 10_000, cancellable: false })).toBe(99)
  })

  it('says before anything else that the program itself does not answer', () => {
    expect(sentence({ connection: 'offline', needsYou: 4 }, true)).toBe('Programma non raggiungibile')
  })

  it('does not claim an alignment that never was', () => {
    expect(sentence({ lastAlignedAt: null })).toBe('Mai allineato')
    expect(sentence({ connection: 'error' })).toBe('Allineamento non riuscito')
  })
})
