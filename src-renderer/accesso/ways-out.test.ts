import { describe, expect, it } from 'vitest'
import { waysOut } from './ways-out.ts'

const state = { bytes: 10, hasKey: true, unsent: 2, copies: [] }

describe('the ways out of a blocked archive', () => {
  it('never offer to begin anew where the archive itself is sound', () => {
    for (const code of ['archive_in_use', 'folder_not_writable', 'disk_full', 'archive_newer'] as const)
      expect([code, waysOut(code, state).startAnew]).toEqual([code, false])
  })

  it('lead from damage to a copy, to a file of the unsent work, and to a new archive', () => {
    expect(waysOut('archive_damaged', state)).toMatchObject({ restore: true, exportUnsent: true, startAnew: true })
    expect(waysOut('archive_damaged', { ...state, unsent: 0 }).exportUnsent).toBe(false)
  })

  it('ask for the printed key where the key is lost, since no copy opens without it', () => {
    const ways = waysOut('archive_key_lost', { ...state, hasKey: false, unsent: null })
    expect(ways).toMatchObject({ recoverKey: true, restore: false, exportUnsent: false, startAnew: true })
  })

  it('give nothing up where the keyring is only shut', () => {
    const ways = waysOut('archive_key_unavailable', { ...state, hasKey: false, unsent: null })
    expect(ways).toMatchObject({ recoverKey: true, restore: false, startAnew: false })
  })
})
