import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import { periodoDi, RegolaPeriodo } from '../../src-main/contract/report-tabelle.ts'
import { fileDi, type ReportSalvato } from '../../src-main/contract/report-salvato.ts'
import { writePeriodo } from '../../src-main/contract/rules/periodo.ts'
import { readReport, type ReportArguments } from '../../src-main/hosts/cli/report-arguments.ts'
import { writeReport } from '../../src-main/hosts/cli/write-report.ts'
import { csvCells } from '../support/exported.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let office: Office
beforeAll(async () => {
  office = await startOffice(folder)
})
afterAll(() => office.close())

const costi = (nome: string): ReportSalvato => ({
  id: crypto.randomUUID(),
  nome,
  cosa: {
    tipo: 'report',
    report: 'costi',
    periodo: 'semestre_scorso',
    enteId: null,
    assistenteId: null,
    tipologia: null,
  },
  formati: ['csv', 'pdf'],
})
const asked = (change: Partial<ReportArguments>): ReportArguments => ({
  nome: '',
  out: folder,
  formati: [],
  periodo: null,
  filters: [],
  personal: false,
  ...change,
})

test('a period moves with the calendar, over the ends of years too', () => {
  const on = (day: string): string[] => RegolaPeriodo.options.map((regola) => writePeriodo(periodoDi(regola, day)))
  expect(on('2026-01-01')).toEqual(['2026-01', '2025-12', '2026-s1', '2025-s2', '2026', '2025'])
  expect(on('2026-07-31')).toEqual(['2026-07', '2026-06', '2026-s2', '2026-s1', '2026', '2025'])
  const files = fileDi(costi('Costi').cosa, ['csv', 'xlsx'], '2026-07-31', 'ente')
  expect(new Set(files.map(({ subject }) => subject.list === 'report' && subject.periodo))).toEqual(
    new Set(['2026-s1']),
  )
  const tables = files.flatMap(({ subject }) => (subject.list === 'report' ? [subject.tabella] : []))
  expect(tables).not.toContain('costiEnti')
  expect(tables).not.toContain('costiIpotesi')
  expect(fileDi(costi('Costi').cosa, ['csv'], '2026-07-31', 'aggregatore')).toHaveLength(tables.length / 2 + 1)
})

test("a saved report is its operator's own, is changed in its place, and outlasts a restart without network", async () => {
  await office.network.refuse()
  const mine = costi('Costi del semestre')
  await office.client.call('reportSalvati.save', mine)
  await office.client.call('reportSalvati.save', { ...mine, nome: 'Semestre' })
  expect(await office.client.codeOf('reportSalvati.save', costi('SEMESTRE'))).toBe('invalid_field')
  expect(await office.client.codeOf('reportSalvati.save', costi('Costi'))).toBe('invalid_field')
  expect(await office.client.codeOf('reportSalvati.save', { ...mine, nome: ' ' })).toBe('invalid_body')
  expect(await office.client.codeOf('reportSalvati.save', { ...mine, formati: [] })).toBe('invalid_body')
  await office.restart()
  expect((await office.client.call('reportSalvati.list', {})).salvati).toEqual([{ ...mine, nome: 'Semestre' }])
  await office.network.heal()
  await office.signIn('collega')
  expect((await office.client.call('reportSalvati.list', {})).salvati).toEqual([])
  expect(await office.client.codeOf('reportSalvati.save', { ...mine, nome: 'Preso' })).toBe('not_found')
  await office.client.call('reportSalvati.remove', { id: mine.id })
  await office.signIn('demo')
  expect((await office.client.call('reportSalvati.list', {})).salvati).toHaveLength(1)
  expect((await office.client.call('reportSalvati.remove', { id: mine.id })).salvati).toEqual([])
})

test('the command line writes a saved report by its name, its list too, and a report of the program without one', async () => {
  const { core } = office.client
  await office.client.call('reportSalvati.save', costi('Costi del semestre'))
  const elenco: ReportSalvato = {
    id: crypto.randomUUID(),
    nome: 'Attive',
    cosa: {
      tipo: 'elenco',
      subject: {
        ...CaselleFilter.parse({ stato: 'attivate' }),
        list: 'caselle',
        sort: 'indirizzo',
        descending: true,
        target: null,
      },
      colonne: ['indirizzo', 'codiceFiscale'],
      filtro: 'Stato: Attivate',
    },
    formati: ['csv'],
  }
  await office.client.call('reportSalvati.save', elenco)
  const out = join(folder, 'nuova', 'cartella')
  const written = await writeReport(core, asked({ nome: 'costi DEL semestre', out }))
  expect(written.map(({ file }) => file.slice(out.length + 1))).toEqual(readdirSync(out).toSorted(byWriting(written)))
  expect(written.filter(({ file }) => file.endsWith('.pdf'))).toHaveLength(written.length / 2)
  const [attive] = await writeReport(core, asked({ nome: 'Attive', out }))
  const { rows, total } = await office.client.call('caselle.list', {
    stato: 'attivate',
    sort: 'indirizzo',
    descending: true,
    offset: 0,
    limit: 200,
  })
  const cells = csvCells(readFileSync(attive?.file ?? ''))
  expect([attive?.righe, cells]).toEqual([total, rows.map(({ indirizzo }) => [indirizzo, '[omesso]'])])
  const previsioni = await writeReport(core, asked({ nome: 'previsioni', out }))
  expect(previsioni.map(({ file }) => file.endsWith('.xlsx'))).toEqual([true, true, true])
  const filters = [{ name: 'tipologia', value: 'STANDARD' }] as const
  const [standard] = await writeReport(
    core,
    asked({ nome: 'dettaglio', out, filters, formati: ['csv'], periodo: { scritto: '2026-11' } }),
  )
  expect(standard?.file).toMatch(/caselle-del-report-2026-11\.csv$/)
  expect(new Set(csvCells(readFileSync(standard?.file ?? '')).map((row) => row[3]))).toEqual(new Set(['STANDARD']))
})
const byWriting =
  (written: readonly { file: string }[]) =>
  (one: string, other: string): number =>
    written.findIndex(({ file }) => file.endsWith(one)) - written.findIndex(({ file }) => file.endsWith(other))

test('the command line says what is wrong with a name, a period, a format or a folder', async () => {
  const { core } = office.client
  const usage = { code: 'usage', exitCode: 2 }
  await expect(writeReport(core, asked({ nome: 'bilancio' }))).rejects.toMatchObject({
    ...usage,
    message: expect.stringContaining('«Costi del semestre»') as unknown,
  })
  await expect(writeReport(core, asked({ nome: 'enti' }))).rejects.toMatchObject(usage)
  const filters = [{ name: 'tipologia', value: 'STANDARD' }] as const
  await expect(writeReport(core, asked({ nome: 'sla', filters }))).rejects.toMatchObject(usage)
  await expect(writeReport(core, asked({ nome: 'Attive', periodo: { scritto: '2026' } }))).rejects.toMatchObject(usage)
  mkdirSync(join(folder, 'x'))
  writeFileSync(join(folder, 'x', 'un-file'), '')
  await expect(
    writeReport(core, asked({ nome: 'previsioni', out: join(folder, 'x', 'un-file') })),
  ).rejects.toMatchObject({
    code: 'file_not_written',
    exitCode: 1,
    message: expect.stringContaining('un file con lo stesso nome') as unknown,
  })
  const none = { 'con-dati-personali': false }
  for (const [rest, values] of [
    [[], { ...none, out: 'x' }],
    [['costi', 'sla'], { ...none, out: 'x' }],
    [['costi'], none],
    [['costi'], { ...none, out: '-' }],
    [['costi'], { ...none, out: 'x', periodo: '2026-13' }],
    [['costi'], { ...none, out: 'x', format: ['ods'] }],
    [['dettaglio'], { ...none, out: 'x', filter: ['colore=blu'] }],
  ] as const)
    expect(readReport(rest, values)).toHaveProperty('wrong')
  expect(readReport(['costi'], { ...none, out: 'x', periodo: 'mese_scorso', format: ['csv,pdf'] })).toMatchObject({
    formati: ['csv', 'pdf'],
    periodo: { regola: 'mese_scorso' },
  })
})
