import { expect, test } from 'vitest'
import { capAfter } from './comune-choice.ts'

test('the only CAP of a comune is filled in; of several only the one that is written stays', () => {
  expect(capAfter({ cap: ['85025'] }, '85100')).toBe('85025')
  expect(capAfter({ cap: ['00118', '00119'] }, '00119')).toBe('00119')
  expect(capAfter({ cap: ['00118', '00119'] }, '85100')).toBe('')
})
