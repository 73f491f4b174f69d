import { expect, it } from 'vitest'
import { CommandError } from '../bridge/bridge.ts'
import { unexpectedErrors } from './unexpected-errors.ts'

it('says what no screen has caught, once for a row of the same, and leaves the core that is away to the shell', () => {
  const said: string[] = []
  let now = 0
  const report = unexpectedErrors(
    (words) => said.push(words),
    () => now,
  )
  report(new CommandError('disk_full', '', {}))
  report(new CommandError('disk_full', '', {}))
  report(new TypeError('a defect of ours'))
  report(new CommandError('host_unreachable', '', {}))
  expect(said).toHaveLength(2)
  expect(said[0]).toContain('disk_full')
  expect(said[1]).toContain('internal')
  // Words of the failure itself may name a person.
  expect(said[1]).not.toContain('defect')
  now = 10_000
  report(new CommandError('disk_full', '', {}))
  expect(said).toHaveLength(3)
})
