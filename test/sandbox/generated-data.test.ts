import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { type ResourceType, SnapshotLine } from '../../src-main/provider-contract/feed.ts'
import { Attivita, Titolare } from '../../src-main/provider-contract/titolare.ts'
import {
  codiceFiscale,
  hasValidCheckCharacter,
  normalizedCodiceFiscale,
  withOmocodia,
} from '../../src-main/sandbox/generate/codice-fiscale.ts'
import { isPartitaIva } from '../../src-main/sandbox/generate/partita-iva.ts'
import { type TestSandbox, TEST_DAY, startTestSandbox } from './sandbox-client.ts'

describe('codice fiscale and partita IVA', () => {
  test('the code of a person follows from name, birth and place', () => {
    const mario = { nome: 'Mario', cognome: 'Rossi', sesso: 'M', nascita: '1980-01-01', luogo: 'H501' } as const
    expect(codiceFiscale(mario)).toBe('RSSMRA80A01H501U')
    expect(codiceFiscale({ ...mario, nome: 'Maria', sesso: 'F' })).toBe('RSSMRA80A41H501Y')
    expect(codiceFiscale({ ...mario, nome: 'Gianfranco', cognome: 'Fo' }).slice(0, 6)).toBe('FOXGFR')
    expect(codiceFiscale({ ...mario, nome: 'Nicolò', cognome: 'D’Àmico' }).slice(0, 6)).toBe('DMCNCL')
  })

  test('omocodia keeps the check character right and the normalised form the same', () => {
    const code = 'RSSMRA80A01H501U'
    for (let replaced = 1; replaced <= 7; replaced += 1) {
      const variant = withOmocodia(code, replaced)
      expect(variant).not.toBe(code)
      expect(hasValidCheckCharacter(variant)).toBe(true)
      expect(normalizedCodiceFiscale(variant)).toBe(normalizedCodiceFiscale(code))
    }
  })

  test('a partita IVA has its check digit', () => {
    expect(['00743110157', '00743110158', '0074311015', 'A0743110157'].map(isPartitaIva)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('generated data', () => {
  const CASELLE = 3000
  let sandbox: TestSandbox
  let lines: SnapshotLine[]
  const snapshotOf = async (from: TestSandbox) => {
    const { text } = await (await from.as('demo')).get('/snapshot')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => SnapshotLine.parse(JSON.parse(line)))
  }
  beforeAll(async () => {
    sandbox = await startTestSandbox({ caselle: CASELLE })
    lines = await snapshotOf(sandbox)
  })
  afterAll(() => sandbox.remove())

  const rows = <T extends z.ZodType>(type: ResourceType, schema: T) =>
    lines.flatMap((line) => (line.kind === 'row' && line.item.type === type ? [schema.parse(line.item.data)] : []))
  const share = (list: Casella[], matches: (casella: Casella) => boolean) => list.filter(matches).length / list.length

  test('codici fiscali are valid, but for the few wrong ones that real registers have', () => {
    const codes = rows('titolare', Titolare).map((titolare) => titolare.codiceFiscale)
    const wrong = codes.filter((code) => !hasValidCheckCharacter(code) && !isPartitaIva(code))
    expect(wrong.length).toBeGreaterThan(0)
    expect(wrong.length / codes.length).toBeLessThan(0.01)
    expect(new Set(codes.map(normalizedCodiceFiscale)).size).toBe(codes.length)
    expect(codes.some((code) => isPartitaIva(code))).toBe(true)
    for (const { partitaIva } of rows('attivita', Attivita)) expect(isPartitaIva(partitaIva)).toBe(true)
  })

  test('caselle are spread over states, holders and domini as in a real office', () => {
    const caselle = rows('casella', Casella)
    expect(caselle).toHaveLength(CASELLE)
    expect(share(caselle, ({ ciclo }) => ciclo === 'attiva')).toBeCloseTo(0.9, 1)
    expect(caselle.length / new Set(caselle.map(({ titolareId }) => titolareId)).size).toBeCloseTo(1.4, 1)
    expect(new Set(caselle.map(({ indirizzo }) => indirizzo)).size).toBe(CASELLE)
    const some: [string, (casella: Casella) => boolean][] = [
      ['over the soft limit', ({ usatoMb, softLimitMb }) => usatoMb > softLimitMb],
      ['without communications e-mail', ({ comunicazioniEmail }) => comunicazioniEmail === null],
      [
        'active without dates (D44)',
        ({ ciclo, scadenza, attivata }) => ciclo === 'attiva' && scadenza === null && attivata === null,
      ],
      ['with an expired password', ({ passwordScaduta }) => passwordScaduta],
      ['disabled', ({ disabilitata }) => disabilitata],
      ['to be renewed', ({ richiesta }) => richiesta === 'rinnovo'],
      ['of an assistente', ({ assistenteId }) => assistenteId !== null],
      ['expired', ({ ciclo }) => ciclo === 'scaduta'],
      ['deleted', ({ ciclo }) => ciclo === 'eliminata'],
    ]
    for (const [name, matches] of some) {
      expect(share(caselle, matches), name).toBeGreaterThan(0)
      expect(share(caselle, matches), name).toBeLessThan(0.4)
    }
  })

  test('an expiry is the last day of a month, ahead for active caselle and past for expired ones (D37)', () => {
    for (const { ciclo, scadenza } of rows('casella', Casella)) {
      if (scadenza === null) continue
      const next = new Date(Date.parse(scadenza) + 86_400_000)
      expect(next.getUTCDate()).toBe(1)
      if (ciclo === 'attiva') expect(scadenza >= TEST_DAY.slice(0, 10)).toBe(true)
      if (ciclo === 'scaduta') expect(scadenza < TEST_DAY.slice(0, 10)).toBe(true)
    }
  })

  test('a casella that waits has no dates and no contract (D57), and only then', () => {
    for (const { ciclo, attivata, scadenza, contratto, inserita } of rows('casella', Casella)) {
      if (['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati'].includes(ciclo)) {
        expect([attivata, scadenza, contratto]).toEqual([null, null, false])
      } else if (attivata !== null) {
        expect(attivata > inserita).toBe(true)
      }
    }
  })

  test('most that wait for the Gestore have sent their documents, and each refused one has its reason (D60)', () => {
    const sent = Map.groupBy(rows('documento', Documento), ({ casellaId }) => casellaId)
    const statesOf = (wanted: Casella['ciclo']) =>
      rows('casella', Casella)
        .filter(({ ciclo }) => ciclo === wanted)
        .map(({ id }) => sent.get(id)?.map(({ stato, motivo }) => [stato, motivo !== null]) ?? [])
    const waiting = statesOf('in_attesa_gestore')
    expect(waiting).toContainEqual([])
    expect(waiting.filter(({ length }) => length > 0).length / waiting.length).toBeGreaterThan(0.5)
    expect(waiting.flat().every(([stato]) => stato === 'ricevuto')).toBe(true)
    const refused = statesOf('documenti_errati')
    expect(refused.length).toBeGreaterThan(0)
    for (const each of refused) expect(each).toEqual([['respinto', true]])
  })

  test('the same seed gives the same rows, another seed others', async () => {
    const dataOf = async (seed: number, profile: ProfileName) => {
      const made = await startTestSandbox({ caselle: 100, seed, profile })
      const all = await snapshotOf(made)
      await made.remove()
      return all.flatMap((line) => (line.kind === 'row' ? [line.item] : []))
    }
    for (const profile of ['toscana', 'poste'] as const) {
      const one = await dataOf(3, profile)
      expect(await dataOf(3, profile)).toEqual(one)
      expect(await dataOf(4, profile)).not.toEqual(one)
    }
  })

  test('where name and e-mail are enough most titolari have no codice fiscale, and each has an e-mail (D55)', async () => {
    const made = await startTestSandbox({ caselle: 400, profile: 'poste' })
    const titolari = (await snapshotOf(made)).flatMap((line) =>
      line.kind === 'row' && line.item.type === 'titolare' ? [Titolare.parse(line.item.data)] : [],
    )
    const codes = titolari.map((titolare) => titolare.codiceFiscale).filter((code) => code !== '')
    expect(codes.length / titolari.length).toBeGreaterThan(0)
    expect(codes.length / titolari.length).toBeLessThan(0.3)
    expect(new Set(codes.map(normalizedCodiceFiscale)).size).toBe(codes.length)
    expect(titolari.filter(({ email }) => email === null)).toEqual([])
    await made.remove()
  })

  test.each(['basilicata', 'toscana', 'ordine'] as const)(
    'in the profile %s each titolare has a codice fiscale',
    async (profile) => {
      const made = await startTestSandbox({ caselle: 100, profile })
      for (const line of await snapshotOf(made)) {
        if (line.kind === 'row' && line.item.type === 'titolare') expect(line.item.data.codiceFiscale).not.toBe('')
      }
      await made.remove()
    },
  )

  test.each(['basilicata', 'toscana', 'poste', 'ordine'] as const)(
    'the profile %s gives rows that its own plan allows',
    async (profile) => {
      const made = await startTestSandbox({ caselle: 200, profile })
      for (const line of await snapshotOf(made)) {
        if (line.kind === 'row' && line.item.type === 'casella') {
          expect(line.item.data.softLimitMb).toBeLessThanOrEqual(line.item.data.quotaMb)
        }
      }
      await made.remove()
    },
  )
})
