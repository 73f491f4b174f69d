import { expect, it } from 'vitest'
import { countChosen, nothingChosen, targetOf } from './casella-selection.ts'
import { emptyFilter } from './caselle-query.ts'

it('what is chosen is named one by one, or as all of the filter but some', () => {
  expect(targetOf({ everything: false, keys: ['a', 'b'] }, emptyFilter, 100)).toEqual({ ids: ['a', 'b'] })
  expect(targetOf({ everything: true, keys: ['a'] }, emptyFilter, 100)).toEqual({
    filter: emptyFilter,
    except: ['a'],
    expected: 99,
  })
})

it('nothing chosen is no target, and neither is more than a request may name', () => {
  expect(targetOf(nothingChosen, emptyFilter, 100)).toBeNull()
  expect(targetOf({ everything: true, keys: ['a'] }, emptyFilter, 1)).toBeNull()
  const many = Array.from({ length: 20_001 }, (_, n) => String(n))
  expect(targetOf({ everything: false, keys: many }, emptyFilter, 30_000)).toBeNull()
})

it('all but some are so many', () => {
  expect(countChosen({ everything: true, keys: ['a', 'b'] }, 12)).toBe(10)
  expect(countChosen({ everything: false, keys: ['a', 'b'] }, 12)).toBe(2)
})
