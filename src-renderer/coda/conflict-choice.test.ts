import { describe, expect, it } from 'vitest'
import type { FieldChange } from '../../src-main/contract/operation.ts'
import { resolutionOf, typedProblems, typedValue } from './conflict-choice.ts'

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

  it('sends a third value in place of mine, and waits while it is wrong', () => {
    const choices = { quotaMb: 'edited', comunicazioniEmail: 'theirs' } as const
    expect(resolutionOf([quota, email], choices, { quotaMb: { value: 5 } })).toEqual({
      choice: 'mine',
      keepMine: [],
      edited: { quotaMb: 5 },
    })
    expect(resolutionOf([quota, email], choices, { quotaMb: { wrong: 'not_a_number' } })).toBeNull()
    expect(resolutionOf([quota, email], choices, {})).toBeNull()
  })

  it('reads a third value by the rules of the form', () => {
    expect(typedValue('quotaMb', '1.500', 1)).toEqual({ value: 1500 })
    expect(typedValue('quotaMb', 'tanto', 1)).toEqual({ wrong: 'not_a_number' })
    expect(typedValue('quotaMb', '0', null)).toEqual({ wrong: 'not_a_number' })
    expect(typedValue('comunicazioniEmail', '', 'a@b.it')).toEqual({ value: null })
    expect(typedValue('comunicazioniEmail', 'non un indirizzo', null)).toEqual({ wrong: 'email_invalid' })
  })

  it('shows a soft limit over the quota that goes with it, whichever of the two is new', () => {
    const changes = [quota, change('softLimitMb', true)]
    expect(typedProblems(changes, { quotaMb: 'edited', softLimitMb: 'theirs' }, { quotaMb: { value: 2 } })).toEqual({
      softLimitMb: 'soft_limit_over_quota',
    })
    expect(typedProblems(changes, { quotaMb: 'edited' }, { quotaMb: { wrong: 'not_a_number' } })).toEqual({
      quotaMb: 'not_a_number',
    })
    expect(typedProblems(changes, { quotaMb: 'mine', softLimitMb: 'mine' }, {})).toEqual({})
  })
})
