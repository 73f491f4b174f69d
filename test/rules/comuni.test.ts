import { expect, test } from 'vitest'
import data from '../../resources/comuni.json' with { type: 'json' }
import {
  capOffered,
  type Comune,
  comuneOfBelfiore,
  comuniNamed,
  foldedName,
  readComuni,
} from '../../src-main/contract/rules/comuni.ts'
import { nascitaIn } from '../../src-main/contract/rules/nascita.ts'
import { isCap, isProvincia } from '../../src-main/contract/rules/indirizzo.ts'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'

const comuni = readComuni(data.rows)
const names = (text: string, most = 12): string[] =>
  comuniNamed(comuni, text, most).map(({ nome, provincia }) => `${nome} ${provincia}`)

test('every row of the data file is a comune with province, Belfiore code and CAP', () => {
  expect(comuni.length).toBe(data.rows.length)
  const isRight = ({ provincia, belfiore, cap }: Comune): boolean =>
    isProvincia(provincia) && /^[A-Z]\d{3}$/.test(belfiore) && cap.length > 0 && cap.every(isCap)
  expect(comuni.filter((comune) => !isRight(comune))).toEqual([])
})

test('a comune is found by its beginning, whatever accents, apostrophes and case are typed', () => {
  expect(foldedName('Sant’Agata  de’ Goti')).toBe(foldedName("sant'agata de' goti"))
  expect(names('cantu')[0]).toBe('Cantù CO')
  expect(names('L’AQUILA')[0]).toBe("L'Aquila AQ")
  expect(names('reggio nell emilia')).toEqual(["Reggio nell'Emilia RE"])
  expect(names('')).toEqual([])
  expect(names('qqq')).toEqual([])
})

test('the likeliest comes first: the name itself, then what begins so, then a later word, larger ones before smaller', () => {
  expect(names('ro')[0]).toBe('Roma RM')
  expect(names('castro')[0]).toMatch(/^Castro /)
  expect(names('castro').slice(0, 2).sort()).toEqual(['Castro BG', 'Castro LE'])
  expect(names('aquila')).toContain("L'Aquila AQ")
  expect(names('s', 5)).toHaveLength(5)
})

test('CAP are those of the comune that is written; without one, comuni of the CAP, from three figures on', () => {
  const offered = (cap: string, nome = '', provincia = ''): string[] =>
    capOffered(comuni, { cap, nome, provincia }, 100).map((row) => `${row.cap} ${row.nome}`)
  expect(offered('', 'potenza')).toEqual(['85100 Potenza'])
  expect(offered('', 'Castro', 'le')).toHaveLength(1)
  expect(offered('0011', 'Roma').every((row) => row.startsWith('0011'))).toBe(true)
  expect(offered('85025')).toContain('85025 Melfi')
  expect(offered('85100', 'Comune inventato')).toEqual(['85100 Potenza'])
  expect(offered('85')).toEqual([])
})

test('the birthplace of a codice fiscale is its Belfiore code, also with omocodia; abroad is no comune', () => {
  const code = (fifteen: string): string => `${fifteen}${checkCharacter(fifteen)}`
  for (const written of ['VRDLRA75C52G942', 'VRDLRA75C52G9QN', 'VRDLRATRCRNG94N'])
    expect(nascitaIn(code(written), 2026)).toEqual({ belfiore: 'G942', data: '1975-03-12' })
  expect(comuneOfBelfiore(comuni, 'G942')?.nome).toBe('Potenza')
  expect(comuneOfBelfiore(comuni, 'Z110')).toBeUndefined()
  // 2023 is a child and 1923 nearly too old: one year is left; a thirtieth of February is none.
  expect(nascitaIn(code('VRDLRA23C52G942'), 2026)?.data).toBe('1923-03-12')
  expect(nascitaIn(code('VRDLRA75B30G942'), 2026)?.data).toBeNull()
  const wrong = checkCharacter('VRDLRA75C52G942') === 'A' ? 'B' : 'A'
  expect(nascitaIn(`VRDLRA75C52G942${wrong}`, 2026)).toBeNull()
  expect(nascitaIn('00154890762', 2026)).toBeNull()
})
