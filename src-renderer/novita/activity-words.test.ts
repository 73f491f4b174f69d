import { describe, expect, it } from 'vitest'
import { activityKinds, type ActivityCount, type ActivityEntry } from '../../src-main/contract/activity.ts'
import { i18n } from '../locales/i18n.ts'
import { activityTarget, fieldWords, kindWords, newsSentence, whoWords } from './activity-words.ts'

const count = (kind: ActivityCount['kind'], n: number, who: string | null = null, own = false): ActivityCount => ({
  kind,
  n,
  who,
  own,
})

describe('the sentence of an alignment', () => {
  it('agrees in number, and names a thing once', () => {
    expect(newsSentence([count('casella.attivata', 3), count('casella.cambiata', 1, 'anna.verdi')])).toBe(
      '3 caselle attivate, 1 cambiata da anna.verdi',
    )
    expect(newsSentence([count('casella.attivata', 1)])).toBe('1 casella attivata')
    expect(newsSentence([count('documento.respinto', 1), count('casella.scaduta', 1200)])).toBe(
      '1 documento respinto, 1.200 caselle scadute',
    )
    expect(newsSentence([count('titolare.nuovo', 1), count('titolare.cambiato', 2)])).toBe(
      '1 titolare nuovo, 2 cambiati',
    )
  })

  it('says who after all that they did', () => {
    expect(
      newsSentence([
        count('casella.attivata', 2, 'Gestore'),
        count('casella.cambiata', 2, 'collega'),
        count('casella.scaduta', 1, 'Gestore'),
        count('casella.disabilitata', 1, 'demo', true),
      ]),
    ).toBe('2 caselle attivate, 1 scaduta dal gestore, 2 cambiate da collega, 1 disabilitata da te')
  })

  it('adds up what one person did at once and one by one', () => {
    expect(newsSentence([count('casella.cambiata', 2, 'collega'), count('casella.cambiata', 1, 'collega')])).toBe(
      '3 caselle cambiate da collega',
    )
  })

  it('stays short: beyond five parts the rest is counted', () => {
    const kinds = activityKinds.filter((kind) => kind.startsWith('casella.')).slice(0, 7)
    expect(newsSentence(kinds.map((kind) => count(kind, 1)))).toMatch(/ e altre 2 novità$/)
    expect(newsSentence(kinds.slice(0, 6).map((kind) => count(kind, 1)))).toMatch(/ e un'altra novità$/)
  })

  it('has words for every kind', () => {
    for (const kind of activityKinds) {
      expect(i18n.global.te(`novita.fatto.${kind}`), kind).toBe(true)
      expect(kindWords(kind)).toMatch(/^[A-Z]\S+ \S/)
    }
  })
})

describe('an entry', () => {
  it('says who, and of several changes that came as one how many they were', () => {
    expect(whoWords({ who: 'collega', own: false, steps: 1 })).toBe('collega')
    expect(whoWords({ who: 'demo', own: true, steps: 1 })).toBe('tu')
    expect(whoWords({ who: null, own: false, steps: 1 })).toBe('')
    expect(whoWords({ who: 'collega', own: false, steps: 3 })).toBe("3 modifiche, l'ultima di collega")
    expect(whoWords({ who: null, own: false, steps: 3 })).toBe('3 modifiche')
  })

  it('writes values as the screens do', () => {
    expect(fieldWords({ field: 'quotaMb', from: 1024, to: 3000 })).toEqual({
      name: 'Spazio assegnato',
      from: '1 GB',
      to: '3.000 MB',
    })
    expect(fieldWords({ field: 'scadenza', from: null, to: '2026-12-31' }).to).toBe('31/12/2026')
    expect(fieldWords({ field: 'ciclo', from: 'in_attesa_gestore', to: 'attiva' })).toEqual({
      name: 'Stato',
      from: 'In attesa del gestore',
      to: 'Attiva',
    })
    expect(fieldWords({ field: 'disabilitata', from: false, to: true })).toMatchObject({ from: 'No', to: 'Sì' })
  })

  it('leads to what changed, unless that is gone', () => {
    const entry: ActivityEntry = {
      seq: 1,
      group: 1,
      at: '2026-11-20T09:00:00.000Z',
      kind: 'casella.cambiata',
      id: 'C1',
      subject: 'a@pec.example',
      casella: { id: 'C1', indirizzo: 'a@pec.example' },
      titolareId: 'T1',
      who: null,
      own: false,
      steps: 1,
      fields: [],
    }
    expect(activityTarget(entry)).toEqual({ name: 'casella', params: { id: 'C1' } })
    expect(activityTarget({ ...entry, kind: 'casella.rimossa', casella: null })).toBeNull()
    expect(activityTarget({ ...entry, kind: 'titolare.cambiato', casella: null })).toEqual({
      path: '/titolari',
      query: { titolare: 'T1' },
    })
    expect(activityTarget({ ...entry, kind: 'titolare.rimosso', casella: null })).toBeNull()
  })
})
