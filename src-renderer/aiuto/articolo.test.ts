import { describe, expect, it } from 'vitest'
import { i18n } from '../locales/i18n.ts'
import { screenGroups } from '../shell/screens.ts'
import { articoli, articoliFor, articoloOfScreen, blocksOf } from './articolo.ts'

describe('the guide', () => {
  it('has pages of its own names, each with a text and the words of its category', () => {
    expect(articoli.length).toBeGreaterThanOrEqual(20)
    expect(new Set(articoli.map(({ id }) => id)).size).toBe(articoli.length)
    for (const { testo, categoria } of articoli) {
      expect(testo.join(' ').length).toBeGreaterThan(150)
      expect(i18n.global.te(`guida.categoria.${categoria}`)).toBe(true)
      expect(testo.join(' ')).not.toMatch(/!/)
    }
  })

  it('is found by words of the title first, and by what people call the thing', () => {
    expect(articoliFor('conflitto')[0]?.id).toBe('conflitti')
    expect(articoliFor('993')[0]?.id).toBe('client')
    expect(articoliFor('outlook').map(({ id }) => id)).toEqual(['client'])
    expect(articoliFor('daticert').map(({ id }) => id)).toEqual(['ricevute'])
    expect(articoliFor('parolachenonesiste')).toEqual([])
  })

  it('has a page that exists for every screen of the menu', () => {
    for (const { path } of screenGroups.flatMap(({ screens }) => screens))
      expect(articoli.map(({ id }) => id)).toContain(articoloOfScreen(path))
  })

  it('draws items that follow each other as one list', () => {
    expect(blocksOf(['Prima', '- a', '- b', '## Poi', '- c'])).toEqual([
      { kind: 'paragraph', text: 'Prima' },
      { kind: 'list', items: ['a', 'b'] },
      { kind: 'heading', text: 'Poi' },
      { kind: 'list', items: ['c'] },
    ])
  })
})
