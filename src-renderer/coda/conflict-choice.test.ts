import { describe, expect, it } from 'vitest'
import type { FieldChange } from '../../src-main/contract/operation.ts'
import { resolutionOf } from './conflict-choice.ts'

const change = (field: string, inConflict: boolean): FieldChange => ({
  field,
  seen: 1,
  mine: 2,
  current: 3,
  inConflict,
})
const quota = change('quotaMb', true)
const email = change('comunicazioniEmail', true)
const soft = change('softLimitMb', false)

describe('the choice of a conflict', () => {
  it('waits until each field in conflict is decided', () => {
    expect(resolutionOf([quota, email], { quotaMb: 'mine' })).toBeNull()
    expect(resolutionOf([quota, soft], {})).toBeNull()
  })

  it('sends the whole change when every field keeps mine', () => {
    expect(resolutionOf([quota, email, soft], { quotaMb: 'mine', comunicazioniEmail: 'mine' })).toEqual({
      choice: 'mine',
    })
  })

  it('gives the change up when every field takes theirs', () => {
    expect(resolutionOf([quota, email], { quotaMb: 'theirs', comunicazioniEmail: 'theirs' })).toEqual({
      choice: 'theirs',
    })
  })

  it('names the fields that keep mine when only some do', () => {
    expect(resolutionOf([quota, email], { quotaMb: 'mine', comunicazioniEmail: 'theirs' })).toEqual({
      choice: 'mine',
      keepMine: ['quotaMb'],
    })
  })

  it('does not drop a field that nobody else changed together with one that is given up', () => {
    expect(resolutionOf([quota, soft], { quotaMb: 'theirs' })).toEqual({ choice: 'mine', keepMine: ['softLimitMb'] })
  })
})
