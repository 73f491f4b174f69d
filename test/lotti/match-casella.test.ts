import { describe, expect, test } from 'vitest'
import { isAmbiguous, matchCasella, type CasellaCandidata, type Prove } from '../../src-main/lotti/match-casella.ts'

const nothing: Prove = {
  moduli: [],
  cfFirma: [],
  indirizziTesto: [],
  cfTesto: [],
  indirizziNome: [],
  cfNome: [],
  paroleNome: [],
}
const CF = 'RSSMRA80A01H501'
const OTHER = 'BNCLGU75B02F205'
function casella(id: string, changes: Partial<CasellaCandidata> = {}): CasellaCandidata {
  return {
    id,
    indirizzo: `${id}@pec.example`,
    titolare: 'Rossi Maria',
    cognome: 'rossi',
    codiceFiscale: CF,
    codiceScritto: `${CF}X`,
    eliminata: false,
    delTitolare: 1,
    mancanti: [],
    richiestaInCorso: false,
    ...changes,
  }
}
const first = (prove: Partial<Prove>, ...caselle: CasellaCandidata[]) =>
  matchCasella({ ...nothing, ...prove }, caselle, 'attivazione')[0]
const confidence = (prove: Partial<Prove>, ...caselle: CasellaCandidata[]): number =>
  first(prove, ...caselle)?.confidenza ?? 0

describe('what leads from a document to a casella', () => {
  test('each hint counts, the code of our own form most, and no number of them makes it certain', () => {
    const form = confidence({ moduli: [{ codice: 'A', casellaId: 'uno' }] }, casella('uno'))
    const signer = confidence({ cfFirma: [CF] }, casella('uno'))
    const text = confidence({ cfTesto: [CF] }, casella('uno'))
    const name = confidence({ paroleNome: ['rossi'] }, casella('uno'))
    expect(form).toBeGreaterThanOrEqual(95)
    expect(signer).toBeGreaterThanOrEqual(85)
    expect(text).toBeLessThan(signer)
    expect(name).toBeLessThan(30)
    const all = {
      moduli: [{ codice: 'A', casellaId: 'uno' }],
      cfFirma: [CF],
      cfTesto: [CF],
      indirizziTesto: ['uno@pec.example'],
      paroleNome: ['rossi', 'uno'],
    }
    expect(confidence(all, casella('uno', { mancanti: ['attivazione'] }))).toBe(99)
  })

  test('a casella that waits for the document is likelier, but that alone leads nowhere', () => {
    const waiting = casella('uno', { mancanti: ['attivazione'], richiestaInCorso: true })
    expect(matchCasella(nothing, [waiting], 'attivazione')).toEqual([])
    expect(confidence({ cfTesto: [CF] }, waiting)).toBeGreaterThan(confidence({ cfTesto: [CF] }, casella('uno')))
  })

  test('of a holder with two caselle none is chosen: what names the holder is shared, and the two are told apart by a person', () => {
    const two = matchCasella(
      { ...nothing, cfFirma: [CF] },
      [casella('uno', { delTitolare: 2 }), casella('due', { delTitolare: 2 })],
      null,
    )
    expect(two.map(({ confidenza }) => confidenza)).toEqual([43, 43])
    expect(two[0]?.contraddizioni).toEqual(['piu_caselle_del_titolare'])
    expect(isAmbiguous(two)).toBe(true)
    const named = matchCasella(
      { ...nothing, cfFirma: [CF], indirizziTesto: ['uno@pec.example'] },
      [casella('uno', { delTitolare: 2 }), casella('due', { delTitolare: 2 })],
      null,
    )
    expect(named[0]?.casellaId).toBe('uno')
    expect(isAmbiguous(named)).toBe(false)
  })

  test.each([
    ['the form is of another casella', { moduli: [{ codice: 'A', casellaId: 'due' }], cfFirma: [CF] }, 'altro_modulo'],
    ['the text names another casella', { indirizziTesto: ['due@pec.example'], cfFirma: [CF] }, 'altro_indirizzo'],
    ['the text names another person', { cfTesto: [OTHER], indirizziTesto: ['uno@pec.example'] }, 'altro_cf'],
    ['somebody else signed', { cfFirma: [OTHER], indirizziTesto: ['uno@pec.example'] }, 'firma_di_altri'],
  ] as const)('when %s, confidence falls and the reason is told', (_what, prove, contradiction) => {
    const found = first(prove, casella('uno'))
    const without = first(
      { ...prove, moduli: [], ...(contradiction === 'altro_indirizzo' ? { indirizziTesto: [] } : {}) },
      casella('uno'),
    )
    expect(found?.contraddizioni).toContain(contradiction)
    const plain =
      contradiction === 'altro_modulo' || contradiction === 'altro_indirizzo' ? (without?.confidenza ?? 0) : 86
    expect(found?.confidenza).toBeLessThan(plain)
    expect(found?.confidenza).toBeLessThan(85)
  })

  test('a subentro names two persons by its nature', () => {
    const prove = { ...nothing, cfTesto: [OTHER], indirizziTesto: ['uno@pec.example'] }
    expect(matchCasella(prove, [casella('uno')], 'subentro')[0]?.contraddizioni).toEqual([])
  })

  test('a deleted casella stays last, whatever names it', () => {
    const found = matchCasella(
      { ...nothing, indirizziTesto: ['uno@pec.example'], cfTesto: [CF] },
      [casella('uno', { eliminata: true }), casella('due')],
      null,
    )
    expect(found.map(({ casellaId }) => casellaId)).toEqual(['due', 'uno'])
    expect(found[1]?.confidenza).toBeLessThan(15)
  })

  test('where the provider knows no codice fiscale, none is compared', () => {
    const found = first(
      { cfFirma: [OTHER], indirizziTesto: ['uno@pec.example'] },
      casella('uno', { codiceFiscale: '' }),
    )
    expect(found?.contraddizioni).toEqual([])
  })
})
