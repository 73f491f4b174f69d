import { describe, expect, it } from 'vitest'
import { i18n } from '../locales/i18n.ts'
import { router } from '../shell/router.ts'
import { articoloOfScreen } from './articolo-of-screen.ts'
import { articoli, articoliFor, blocksOf, faqFor, schermate } from './articolo.ts'

/** Words of other programs and pages, which the screens do not have. */
const elsewhere = ['Hai dimenticato la password']
/** Addresses that a person sees in the application, without those before the sign-in. */
const screens = router.getRoutes().filter(({ redirect, meta }) => redirect === undefined && meta['bare'] !== true)

function leaves(held: unknown): string[] {
  if (typeof held === 'string') return held.split('|').map((form) => form.trim())
  return typeof held === 'object' && held !== null ? Object.values(held).flatMap(leaves) : []
}

describe('the guide', () => {
  it('has pages of its own names, each with a text and the words of its category', () => {
    expect(articoli.length).toBeGreaterThanOrEqual(50)
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
    expect(articoliFor('daticert').map(({ id }) => id)).toEqual(['ricevute'])
    expect(articoliFor('merge')[0]?.id).toBe('fusione')
    expect(articoliFor('smarrita')[0]?.id).toBe('nuove-credenziali')
    expect(articoliFor('pdf danneggiato')[0]?.id).toBe('file-illeggibili')
    expect(articoliFor('parolachenonesiste')).toEqual([])
  })

  it('finds the answers of the provider by the same words, the question before the answer', () => {
    const row = (id: string, domanda: string, risposta: string) => ({
      id,
      domanda,
      risposta,
      categoria: 'posta' as const,
    })
    const rows = [row('1', 'Altro', 'Parla di un rinnovo'), row('2', 'Come si chiede il rinnovo', 'Si chiede')]
    expect(faqFor('rinnòvo', rows).map(({ id }) => id)).toEqual(['2', '1'])
    expect(faqFor('fattura', rows)).toEqual([])
    expect(faqFor('', rows)).toHaveLength(2)
  })

  it('has for every address of the application a page of its own choosing', () => {
    expect(screens.length).toBeGreaterThan(25)
    const pages = screens.map(({ path }) => [path, articoloOfScreen(path.replace(/:[^/]+/, 'x'))] as const)
    const ids = new Set(articoli.map(({ id }) => id))
    expect(pages.filter(([, id]) => id === null || !ids.has(id))).toEqual([])
    expect(articoloOfScreen('/unknown')).toBeNull()
  })

  it('leads only to screens that exist, under the words that they have', () => {
    const paths = new Set(screens.map(({ path }) => path.replace(/\/:[^/]+\?$/, '')))
    for (const key of new Set(articoli.flatMap(({ vai }) => vai))) {
      expect(paths).toContain((schermate[key] ?? '').split('?')[0])
      expect(i18n.global.te(`guida.schermata.${key}`)).toBe(true)
    }
  })

  it('calls things by the words that stand on the screens', () => {
    const { guida: _own, ...messages } = i18n.global.messages.value.it
    const said = new Set(leaves(messages))
    const quoted = articoli.flatMap(({ id, testo }) =>
      [...testo.join('\n').matchAll(/«([^»]+)»/g)].map(([, word = '']) => ({ id, word })),
    )
    expect(quoted.length).toBeGreaterThan(100)
    expect(quoted.filter(({ word }) => word.length > 1 && !said.has(word) && !elsewhere.includes(word))).toEqual([])
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
