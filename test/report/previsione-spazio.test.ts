import { expect, test } from 'vitest'
import { previsioneSpazio } from '../../src-main/contract/rules/previsione-spazio.ts'

const line = (days: readonly number[], usato: (day: number) => number) =>
  days.map((day) => ({ giorno: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10), usatoMb: usato(day) }))

test('a casella that grows by 10 MB a day from 100 fills its 1000 MB after 90 days, and a straight line has no doubt', () => {
  const told = previsioneSpazio(
    line([0, 10, 20, 30], (day) => 100 + 10 * day),
    1000,
  )
  expect(told).toEqual({
    esito: 'si_riempie',
    mbAlMese: 304,
    giorno: '2026-04-01',
    presto: '2026-04-01',
    tardi: '2026-04-01',
  })
})

test('a line with doubt is told with its earliest and its latest day', () => {
  const told = previsioneSpazio(
    line([0, 10, 20, 30, 40], (day) => 100 + 10 * day + (day % 20 === 0 ? 15 : -15)),
    1000,
  )
  expect(told.esito).toBe('si_riempie')
  if (told.esito !== 'si_riempie') return
  expect(told.presto < told.giorno && told.tardi !== null && told.giorno < told.tardi).toBe(true)
})

test('where the history is too short, in readings or in days, nothing is foretold', () => {
  expect(previsioneSpazio([], 1000)).toEqual({ esito: 'storia_breve' })
  expect(
    previsioneSpazio(
      line([0, 20, 40], (day) => day),
      1000,
    ),
  ).toEqual({ esito: 'storia_breve' })
  expect(
    previsioneSpazio(
      line([0, 1, 2, 3, 4], (day) => day),
      1000,
    ),
  ).toEqual({ esito: 'storia_breve' })
})

test('one that does not grow is not said to fill, and a full one is full', () => {
  expect(
    previsioneSpazio(
      line([0, 10, 20, 30], () => 500),
      1000,
    ),
  ).toEqual({ esito: 'non_cresce' })
  expect(
    previsioneSpazio(
      line([0, 10, 20, 30], (day) => 500 - day),
      1000,
    ),
  ).toEqual({ esito: 'non_cresce' })
  expect(
    previsioneSpazio(
      line([0, 10], () => 1000),
      1000,
    ),
  ).toEqual({ esito: 'piena' })
})
