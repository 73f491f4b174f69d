import { expect, it } from 'vitest'
import { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { screenGroups } from './screens.ts'

it('the menu has the groups of the panels (D12), and nothing of a rivenditore (D7)', () => {
  const groups = Object.fromEntries(screenGroups.map(({ key, screens }) => [key, screens.map((screen) => screen.key)]))
  expect(groups['anagrafica']).toEqual(expect.arrayContaining(['titolari', 'caselle']))
  expect(groups['domini']).toEqual(['domini', 'assistenti'])
  expect(groups['servizio']).toEqual(expect.arrayContaining(['supporto', 'impostazioni']))
  const names = [...Object.values(groups).flat(), ...Object.keys(Capabilities.shape)]
  expect(names.filter((name) => /rivendit|resell/i.test(name))).toEqual([])
})
