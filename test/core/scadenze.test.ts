import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import { icsOf } from '../../src-main/export/ics.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let core: Core
let client: CoreClient
let held: Casella[]

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, data: join(folder, 'gestore'), caselle: 600, seed: 5, profile: 'toscana' })
  core = await startTestCore(folder)
  client = coreClient(core)
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await client.aligned()
  const other = await colleague(sandbox.url)
  held = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await other.page(`/caselle?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
    held.push(...page.items)
    cursor = page.nextCursor
  }
})
afterAll(async () => {
  await core.close()
  await sandbox.close()
})

const expiring = () => held.filter(({ ciclo, scadenza }) => ciclo !== 'eliminata' && scadenza !== null)

test('the months hold each casella that expires from today on, and the past those that have expired', async () => {
  const overview = await client.call('scadenze.overview', {})
  const future = expiring().filter(({ scadenza }) => (scadenza ?? '') >= overview.oggi)
  const months = new Map<string, number>()
  for (const { scadenza } of future) {
    const month = (scadenza ?? '').slice(0, 7)
    months.set(month, (months.get(month) ?? 0) + 1)
  }
  expect(future.length).toBeGreaterThan(20)
  expect(overview.mesi.caselle).toEqual(
    [...months].sort(([one], [two]) => one.localeCompare(two)).map(([mese, n]) => ({ mese, n })),
  )
  expect(overview.scadute).toBe(expiring().length - future.length)
  expect(overview.password).toBe(
    held.filter(({ passwordScaduta, ciclo }) => passwordScaduta && ciclo !== 'eliminata').length,
  )
})

test('a period lists its caselle, the earliest first, page by page, and a dominio narrows it', async () => {
  const { mesi } = await client.call('scadenze.overview', {})
  const mese = mesi.caselle.reduce((most, each) => (each.n > most.n ? each : most))
  const period = { from: `${mese.mese}-01`, to: `${mese.mese}-28` }
  const wanted = expiring().filter(
    ({ scadenza }) => scadenza !== null && scadenza >= period.from && scadenza <= period.to,
  )
  const all = { kind: 'caselle', from: null, to: null } as const
  const first = await client.call('scadenze.list', { ...all, offset: 0, limit: 3 })
  const next = await client.call('scadenze.list', { ...all, offset: 3, limit: 3 })
  expect(first.total).toBe(expiring().length)
  const days = [...first.rows, ...next.rows].map(({ quando }) => quando)
  expect(days).toEqual(
    expiring()
      .map(({ scadenza }) => scadenza)
      .sort()
      .slice(0, 6),
  )
  expect((await client.call('scadenze.list', { kind: 'caselle', ...period, offset: 0, limit: 1 })).total).toBe(
    wanted.length,
  )
  const dominioId = held[0]?.dominioId ?? ''
  expect((await client.call('scadenze.list', { ...all, dominioId, offset: 0, limit: 1 })).total).toBe(
    expiring().filter((casella) => casella.dominioId === dominioId).length,
  )
})

test('what waits for the provider or for a person is listed with what it is', async () => {
  for (const kind of ['password', 'richieste', 'documenti'] as const) {
    const { total, rows } = await client.call('scadenze.list', { kind, offset: 0, limit: 200 })
    const overview = await client.call('scadenze.overview', {})
    expect(overview[kind]).toBe(total)
    expect(rows.every(({ stato, che }) => stato !== 'eliminata' || kind !== 'password' || che === null)).toBe(true)
    const instants = rows.map(({ quando }) => quando ?? '')
    expect(instants).toEqual([...instants].sort())
  }
})

test('the passwords that end within thirty days are listed with their day, the earliest first (D77)', async () => {
  const { oggi, passwordInScadenza } = await client.call('scadenze.overview', {})
  const until = new Date(Date.parse(oggi) + 30 * 86_400_000).toISOString().slice(0, 10)
  const ending = held
    .filter(({ ciclo, passwordScaduta }) => ciclo !== 'eliminata' && !passwordScaduta)
    .map(({ passwordScadeIl }) => passwordScadeIl ?? '')
    .filter((day) => day >= oggi && day <= until)
  expect(ending.length).toBeGreaterThan(5)
  const { total, rows } = await client.call('scadenze.list', { kind: 'password_in_scadenza', offset: 0, limit: 200 })
  expect([total, passwordInScadenza]).toEqual([ending.length, ending.length])
  expect(rows.map(({ quando }) => quando)).toEqual(ending.sort())
  const later = held.filter(({ ciclo, passwordScaduta }) => ciclo !== 'eliminata' && !passwordScaduta)
  const { mesi } = await client.call('scadenze.overview', {})
  expect(mesi.password_in_scadenza.reduce((sum, { n }) => sum + n, 0)).toBe(
    later.filter(({ passwordScadeIl }) => (passwordScadeIl ?? '') >= oggi).length,
  )
})

test('the calendar file has one entry a day, which names its caselle', async () => {
  const file = await client.call('scadenze.ics', { kinds: ['caselle'], from: null, to: null })
  const text = Buffer.from(file.base64, 'base64').toString('utf8')
  expect(file.count).toBe(expiring().length)
  expect(text.match(/BEGIN:VEVENT/g)?.length).toBe(new Set(expiring().map(({ scadenza }) => scadenza)).size)
  const unfolded = text.replaceAll('\r\n ', '')
  for (const { indirizzo } of expiring().slice(0, 5)) expect(unfolded).toContain(indirizzo)
})

describe('identity documents (D61)', () => {
  let office: Core
  let ordine: Sandbox
  let desk: CoreClient
  let titolari: Titolare[]
  let caselle: Casella[]
  /** Holders with a casella in life, of a dominio or of any. */
  const living = (dominioId: string | null = null) =>
    titolari.filter(({ id }) =>
      caselle.some(
        ({ titolareId, ciclo, ...casella }) =>
          titolareId === id && ciclo !== 'eliminata' && (dominioId === null || casella.dominioId === dominioId),
      ),
    )
  const lastDay = ({ documentoIdentita }: Titolare) => documentoIdentita?.scadenza ?? ''

  beforeAll(async () => {
    const own = temporaryFolder()
    ordine = await startSandbox({ port: 0, data: join(own, 'gestore'), caselle: 600, seed: 5, profile: 'ordine' })
    office = await startTestCore(own)
    desk = coreClient(office)
    await desk.call('session.login', { url: ordine.url, ...ordine.demo })
    await desk.aligned()
    const other = await colleague(ordine.url)
    titolari = Titolare.array().parse(await other.list('/titolari?limit=1000'))
    caselle = Casella.array().parse(await other.list('/caselle?limit=1000'))
  })
  afterAll(async () => {
    await office.close()
    await ordine.close()
  })

  test('those that have ended and those of the next twelve months are listed by holder, the earliest first', async () => {
    const { oggi, identitaScadute, mesi } = await desk.call('scadenze.overview', {})
    const ended = living().filter((titolare) => lastDay(titolare) < oggi)
    expect(ended.length).toBeGreaterThan(5)
    expect(identitaScadute).toBe(ended.length)
    const yesterday = new Date(Date.parse(oggi) - 86_400_000).toISOString().slice(0, 10)
    const page = { kind: 'identita', from: null, to: yesterday, offset: 0, limit: 200 } as const
    const { total, rows } = await desk.call('scadenze.list', page)
    expect(total).toBe(ended.length)
    expect(rows.map(({ quando }) => quando)).toEqual(ended.map(lastDay).sort())
    const one = rows.find(({ caselle: n }) => n > 1) ?? rows[0]
    const sue = caselle.filter(({ titolareId, ciclo }) => titolareId === one?.id && ciclo !== 'eliminata')
    expect(one?.caselle).toBe(sue.length)
    expect(sue.map(({ id }) => id)).toContain(one?.casellaId)
    expect(one?.che).toBe(titolari.find(({ id }) => id === one?.id)?.documentoIdentita?.tipo)
    const months = mesi.identita.map(({ mese }) => mese)
    expect(months.length).toBeGreaterThan(5)
    expect(mesi.identita.reduce((sum, { n }) => sum + n, 0)).toBe(
      living().filter((titolare) => lastDay(titolare) >= oggi && lastDay(titolare) <= `${months.at(-1) ?? ''}-31`)
        .length,
    )
    const dominioId = caselle[0]?.dominioId ?? ''
    expect((await desk.call('scadenze.list', { ...page, dominioId })).total).toBe(
      living(dominioId).filter((titolare) => lastDay(titolare) < oggi).length,
    )
  })

  test('one that is renewed leaves the list at once, while the change still waits', async () => {
    const { oggi, identitaScadute } = await desk.call('scadenze.overview', {})
    const titolare = living().find((each) => lastDay(each) < oggi)
    const id = titolare?.id ?? ''
    const renewed = { rilasciato: oggi, scadenza: `${Number(oggi.slice(0, 4)) + 10}-01-31` }
    await desk.call('titolari.update', {
      id,
      changes: { 'documentoIdentita.rilasciato': renewed.rilasciato, 'documentoIdentita.scadenza': renewed.scadenza },
      seen: {
        'documentoIdentita.rilasciato': titolare?.documentoIdentita?.rilasciato ?? null,
        'documentoIdentita.scadenza': titolare?.documentoIdentita?.scadenza ?? null,
      },
    })
    expect((await desk.call('scadenze.overview', {})).identitaScadute).toBe(identitaScadute - 1)
  })

  test('they go into the calendar file beside the caselle, by name, each with an entry of its own', async () => {
    const { oggi, mesi } = await desk.call('scadenze.overview', {})
    const file = await desk.call('scadenze.ics', { kinds: ['caselle', 'identita'], from: oggi, to: null })
    const sum = (months: { n: number }[]) => months.reduce((total, { n }) => total + n, 0)
    expect(file.count).toBe(sum(mesi.caselle) + sum(mesi.identita))
    const text = Buffer.from(file.base64, 'base64').toString('utf8').replaceAll('\r\n ', '')
    const uids = text.match(/^UID:.*$/gm) ?? []
    expect(new Set(uids).size).toBe(uids.length)
    const first = (await desk.call('scadenze.list', { kind: 'identita', from: oggi, to: null, offset: 0, limit: 1 }))
      .rows[0]
    expect(text).toContain(`${first?.titolare ?? '?'} (${first?.indirizzo ?? '?'})`)
    expect(text).toMatch(/SUMMARY:\d+ document[oi] di identità in scadenza/)
  })
})

test('a calendar line is folded at 75 octets between characters, and what means something to calendars is escaped', () => {
  const text = icsOf(
    [{ uid: 'a@b', giorno: '2026-12-31', titolo: 'Tre; due, uno\\', testo: `${'è'.repeat(60)}\nfine` }],
    Date.UTC(2026, 10, 23, 9),
  )
  const lines = text.split('\r\n')
  expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
  const unfolded = text.replaceAll('\r\n ', '')
  expect(unfolded).toContain(`DESCRIPTION:${'è'.repeat(60)}\\nfine`)
  expect(unfolded).toContain('SUMMARY:Tre\\; due\\, uno\\\\')
  expect(unfolded).toContain('DTSTAMP:20261123T090000Z')
  expect(unfolded).toContain('DTEND;VALUE=DATE:20270101')
})
