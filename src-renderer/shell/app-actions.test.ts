import { describe, expect, it } from 'vitest'
import { i18n } from '../locales/i18n.ts'
import { appActions, matchesWords } from './app-actions.ts'

describe('the actions of Ctrl+K', () => {
  it('all have words', () => {
    expect(appActions.filter((action) => !i18n.global.te(`shell.azioni.${action.key}`))).toEqual([])
  })

  it('are found by the beginnings of their words, in any order, whatever the case and the accents', () => {
    expect(matchesWords('Vai a Modifiche in coda', 'COD mod')).toBe(true)
    expect(matchesWords('Attività', 'attivita')).toBe(true)
    expect(matchesWords('Nuova casella', 'sella')).toBe(false)
    expect(matchesWords('Nuova casella', '  ')).toBe(true)
  })
})
