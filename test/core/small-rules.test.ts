import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkedChanges } from '../../src-main/caselle/casella-commands.ts'
import { enteredTitolare } from '../../src-main/caselle/entered-titolare.ts'
import { spaceState, statoCasella } from '../../src-main/caselle/stato-casella.ts'
import { CommandError, errorDataOf } from '../../src-main/command-error.ts'
import { keyOrder, keysIn, narrow } from '../../src-main/db/ordered-list.ts'
import { searchWords } from '../../src-main/db/search-index.ts'
import { sql } from '../../src-main/db/sql.ts'
import { depositCipher, depositDecipher, depositKey, newIv } from '../../src-main/documenti/deposit-cipher.ts'
import { safeFileName } from '../../src-main/documenti/deposit.ts'
import { documentFormat } from '../../src-main/documenti/document-format.ts'
import { logLine } from '../../src-main/diagnostics/log.ts'
import { backoffMs } from '../../src-main/outbox/backoff.ts'
import { judgeUpdate, titolareKey } from '../../src-main/outbox/verification.ts'
import type { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { providerUrl } from '../../src-main/provider/http-client.ts'
import { uploadPath } from '../../src-main/provider/resumable-upload.ts'

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'ok'
  } catch (error) {
    return errorDataOf(error).code
  }
}
const plan = { mode: 'quota' as const, piani: [], quotaMinMb: 100, quotaMaxMb: 10_000, durataMesi: null }

test('D69: a new quota takes the soft limit to 80% of it, unless the operator says another', () => {
  expect(checkedChanges({ quotaMb: 2001 }, plan)).toEqual({ quotaMb: 2001, softLimitMb: 1600 })
  expect(checkedChanges({ quotaMb: 2000, softLimitMb: 1900 }, plan)).toEqual({ quotaMb: 2000, softLimitMb: 1900 })
  expect(codeOf(() => checkedChanges({ quotaMb: 99 }, plan))).toBe('invalid_field')
  expect(codeOf(() => checkedChanges({ quotaMb: 10_001 }, plan))).toBe('invalid_field')
})

test('the communications e-mail may be cleared (D70), and is checked when it is given', () => {
  expect(checkedChanges({ comunicazioniEmail: null }, plan)).toEqual({ comunicazioniEmail: null })
  expect(codeOf(() => checkedChanges({ comunicazioniEmail: 'non un indirizzo' }, plan))).toBe('invalid_field')
})

test('a wrong check character stops a new holder unless a reason is given', () => {
  const entered = {
    kind: 'new' as const,
    tipologia: 'persona_fisica',
    nome: 'Ada',
    cognome: 'Prova',
    codiceFiscale: 'prvdaa80a41h501b',
    overrideReason: null,
    email: null,
    cellulare: '333 1234567',
    telefono: null,
    indirizzo: null,
    attivita: null,
  }
  const registry = { holder: 'registry', cellulareRequired: true } as const
  expect(codeOf(() => enteredTitolare(entered, registry))).toBe('invalid_field')
  expect(enteredTitolare({ ...entered, overrideReason: 'tessera sanitaria' }, registry)).toMatchObject({
    codiceFiscale: 'PRVDAA80A41H501B',
    cellulare: '+393331234567',
  })
  expect(codeOf(() => enteredTitolare({ ...entered, overrideReason: 'x', cellulare: null }, registry))).toBe(
    'invalid_field',
  )
})

test('D55: a holder without codice fiscale is for the provider to which name and e-mail are enough', () => {
  const entered = {
    kind: 'new' as const,
    tipologia: 'persona_fisica',
    nome: 'Ada',
    cognome: 'Prova',
    codiceFiscale: ' ',
    overrideReason: 'non serve',
    email: ' ada@posta.example ',
    cellulare: null,
    telefono: null,
    indirizzo: null,
    attivita: null,
  }
  const poste = { holder: 'name_email', cellulareRequired: false } as const
  expect(enteredTitolare(entered, poste)).toMatchObject({ codiceFiscale: '', email: 'ada@posta.example' })
  expect(codeOf(() => enteredTitolare({ ...entered, email: null }, poste))).toBe('invalid_field')
  expect(codeOf(() => enteredTitolare({ ...entered, codiceFiscale: 'PRVDAA' }, poste))).toBe('invalid_field')
  expect(codeOf(() => enteredTitolare(entered, { ...poste, holder: 'registry' }))).toBe('invalid_field')
})

test('a new holder is found again by codice fiscale, or by e-mail and name where it has none', () => {
  const ada = { nome: 'Ada', cognome: 'D"Àrco', codiceFiscale: '', email: 'ada@posta.example' }
  const titolare: Titolare = {
    ...ada,
    id: 'T1',
    version: 1,
    updatedAt: '2026-03-11T09:30:00.000Z',
    updatedBy: null,
    enteId: 'E1',
    tipologia: 'privato',
    telefono: null,
    cellulare: null,
    fax: null,
  }
  const byName = titolareKey(ada)
  expect(byName?.filter).toBe('email eq "ada@posta.example" and cognome eq "D\\"Àrco" and nome eq "Ada"')
  const others = [{ nome: 'Eva' }, { email: null }, { codiceFiscale: 'PRVDAA80A41H501A' }]
  expect(byName?.isMine(titolare)).toBe(true)
  expect(others.map((other) => byName?.isMine({ ...titolare, ...other }))).toEqual([false, false, false])
  expect(titolareKey({ ...ada, codiceFiscale: 'PRVDAA80A41H501A' })?.filter).toBe('codiceFiscale eq "PRVDAA80A41H501A"')
  expect(titolareKey({ ...ada, email: null })).toBeUndefined()
})

test('the state is the first thing that keeps a casella from being used', () => {
  const base = { ciclo: 'attiva', sospesa: false, disabilitata: false } as const
  expect(statoCasella(base)).toBe('attiva')
  expect(statoCasella({ ...base, disabilitata: true })).toBe('disabilitata')
  expect(statoCasella({ ...base, disabilitata: true, sospesa: true })).toBe('sospesa')
  expect(statoCasella({ ciclo: 'eliminata', disabilitata: true, sospesa: true })).toBe('eliminata')
  expect(spaceState({ usatoMb: 90, softLimitMb: 80, quotaMb: 100 })).toBe('over_soft_limit')
  expect(spaceState({ usatoMb: 101, softLimitMb: 80, quotaMb: 100 })).toBe('over_quota')
})

test('words for the search fold accents and case, and keep letters and digits', () => {
  expect(searchWords("Niccolò D'Àrco-2 UFFICIO_tributi@pec.it")).toEqual([
    'niccolo',
    'd',
    'arco',
    '2',
    'ufficio',
    'tributi',
    'pec',
    'it',
  ])
  expect(searchWords('"*() -- ')).toEqual([])
})

test('a list is narrowed in order, paged, and turned round', () => {
  const order = keyOrder(Int32Array.from([5, 3, 9, 1, 7]))
  const list = narrow(order, null, [new Set([1, 3, 5, 7]), new Set([1, 5, 7])], false)
  expect([list.total, list.slice(0, 2), list.slice(2, 5)]).toEqual([3, [5, 1], [7]])
  const turned = narrow(order, null, [], true)
  expect([turned.slice(0, 2), turned.slice(4, 9), turned.slice(9, 9)]).toEqual([[7, 1], [5], []])
  expect([[...list.all()], [...turned.all()]]).toEqual([
    [5, 1, 7],
    [7, 1, 9, 3, 5],
  ])
  expect([...order.keys]).toEqual([5, 3, 9, 1, 7])
})

test('keys that come in one text are those that stand in it', () => {
  expect([...keysIn(Buffer.from('5 1000000 37'))]).toEqual([5, 1_000_000, 37])
  expect([...keysIn(Buffer.from('8'))]).toEqual([8])
  expect([...keysIn(null)]).toEqual([])
})

test('values never become SQL', () => {
  const statement = sql`SELECT * FROM casella WHERE ${sql`id = ${"'; DROP TABLE casella --"}`} AND pk > ${3}`
  expect(statement).toEqual({
    text: 'SELECT * FROM casella WHERE id = ? AND pk > ?',
    params: ["'; DROP TABLE casella --", 3],
  })
  const column = (name: 'a' | 'b') => sql`ORDER BY ${name === 'a' ? sql`a` : sql`b`}`.text
  expect([column('a'), column('b'), column('a')]).toEqual(['ORDER BY a', 'ORDER BY b', 'ORDER BY a'])
})

test('a deposited file is read back from any byte', () => {
  const key = depositKey('ab'.repeat(32))
  const iv = newIv()
  iv.fill(0xff, 8)
  const plain = randomBytes(5000)
  const encrypted = depositCipher(key, iv).update(plain)
  for (const offset of [0, 1, 15, 16, 17, 4095, 4999])
    expect(depositDecipher(key, iv, offset).update(encrypted.subarray(offset)).equals(plain.subarray(offset))).toBe(
      true,
    )
  expect(createHash('sha256').update(encrypted).digest('hex')).not.toBe(
    createHash('sha256').update(plain).digest('hex'),
  )
})

test('a document is known by its bytes, whatever its name', () => {
  const cms = Buffer.concat([Buffer.from('308006092a864886f70d010702a080', 'hex'), randomBytes(600)])
  expect(documentFormat(Buffer.from('%PDF-1.7'))).toBe('pdf')
  expect(documentFormat(cms)).toBe('p7m')
  expect(documentFormat(Buffer.from(cms.toString('base64')))).toBe('p7m')
  expect(documentFormat(Buffer.from(`-----BEGIN PKCS7-----\n${cms.toString('base64')}`))).toBe('p7m')
  for (const other of ['MZ\x90 programma', 'PK\x03\x04', '<html>', '0\x80 breve', ''])
    expect(documentFormat(Buffer.from(other, 'latin1'))).toBeNull()
})

test('a file name loses its folders and what no file system takes', () => {
  expect(safeFileName('C:\\documenti\\contratto?.pdf')).toBe('contratto.pdf')
  expect(safeFileName('../../etc/passwd')).toBe('passwd')
  expect(safeFileName('..')).toBe('documento')
  expect(safeFileName(`${'a'.repeat(400)}.p7m`)).toHaveLength(200)
})

test('waits double, are spread and end at five minutes', () => {
  expect(backoffMs(0, 0.5)).toBe(2000)
  expect(backoffMs(3, 0.5)).toBe(16_000)
  expect(backoffMs(50, 0)).toBe(225_000)
  expect(backoffMs(50, 1)).toBe(375_000)
})

test('an update is judged by the registry only when all of it speaks for one answer', () => {
  const fields = { quotaMb: 2000, softLimitMb: 1600 }
  const seen = { quotaMb: 1000, softLimitMb: 800 }
  expect(judgeUpdate(fields, seen, { quotaMb: 2000, softLimitMb: 1600 })).toBe('applied')
  expect(judgeUpdate(fields, seen, { quotaMb: 1000, softLimitMb: 800 })).toBe('not_applied')
  expect(judgeUpdate(fields, seen, { quotaMb: 2000, softLimitMb: 800 })).toBe('undecidable')
  expect(judgeUpdate(fields, seen, { quotaMb: 5, softLimitMb: 4 })).toBe('undecidable')
})

test('the address of a provider is https, or http on this machine, and nothing more', () => {
  expect(providerUrl('gestore.example.it/api/')).toBe('https://gestore.example.it/api')
  expect(providerUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080')
  expect(codeOf(() => providerUrl('http://gestore.example.it'))).toBe('url_not_secure')
  for (const wrong of ['', 'ftp://a.it', 'https://u:p@a.it', 'https://a.it/?x=1', 'https://a b'])
    expect([wrong, codeOf(() => providerUrl(wrong))]).toEqual([wrong, 'url_invalid'])
})

test('an upload never leaves the provider it was begun with', () => {
  expect(uploadPath('/uploads/abc', 'http://127.0.0.1:1')).toBe('/uploads/abc')
  expect(uploadPath('http://altrove.example/uploads/abc', 'http://127.0.0.1:1')).toBe('/uploads/abc')
  expect(uploadPath('/api/uploads/abc', 'https://a.it/api')).toBe('/uploads/abc')
  expect(uploadPath('/sessions/current', 'http://127.0.0.1:1')).toBeNull()
})

test('a log line takes ids, states and codes, and no text of a person', () => {
  const line = logLine(new Date(0), 'command.failed', {
    code: 'internal',
    errorName: 'Mario Rossi RSSMRA80A01H501U',
    count: 3,
  })
  expect(JSON.parse(line)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    event: 'command.failed',
    code: 'internal',
    errorName: '[omesso]',
    count: 3,
  })
  const sneaked: Record<string, string> = { code: 'x', password: 'segreta', path: '/home/mario' }
  expect(logLine(new Date(0), 'command.failed', sneaked)).not.toMatch(/segreta|mario/)
})

test('errors of disk and database have codes that people can be told', () => {
  const system = (code: string) => errorDataOf(Object.assign(new Error('x'), { code })).code
  expect(['ENOSPC', 'SQLITE_FULL', 'EACCES', 'SQLITE_CORRUPT', 'EOTHER'].map(system)).toEqual([
    'disk_full',
    'disk_full',
    'folder_not_writable',
    'archive_damaged',
    'internal',
  ])
  expect(errorDataOf(new CommandError('read_only', 'm', { a: 1 }))).toEqual({
    code: 'read_only',
    message: 'm',
    details: { a: 1 },
  })
})
