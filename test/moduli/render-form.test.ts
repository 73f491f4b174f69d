import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PDFDict, PDFDocument, PDFName } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { formFontsJson } from '../../scripts/form-fonts.ts'
import { readFileSync } from 'node:fs'
import { everyForm, offeredForms } from '../../src-main/moduli/forms/every-form.ts'
import { renderForm } from '../../src-main/moduli/render-form.ts'
import { profiles } from '../../src-main/sandbox/profiles.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { aForm, blankForm, kinds } from './a-form.ts'

const folder = temporaryFolder()
const made = new Date('2026-03-01T09:00:00Z')
async function written(
  name: string,
  form: Parameters<typeof renderForm>[0],
): Promise<{ path: string; bytes: Uint8Array }> {
  const path = join(folder, `${name}.pdf`)
  const bytes = await renderForm(form, made)
  writeFileSync(path, bytes)
  return { path, bytes }
}
const textOf = (path: string): string => execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })
const soundness = (path: string): string => execFileSync('qpdf', ['--check', path], { encoding: 'utf8' })

describe.each(kinds)('%s', (kind) => {
  test('is a sound, tagged PDF on A4 with its title, its data and its code on each page', async () => {
    const form = aForm(kind)
    const { path, bytes } = await written(kind, form)
    expect(soundness(path)).toContain('No syntax or stream encoding errors found')
    const text = textOf(path)
    for (const part of [
      form.definition.title,
      form.code,
      'ufficio.tributi@pec.borgolento.example',
      'Ștefănescu',
      'Ente di prova',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/undefined|null|NaN|\{\w+\}/)
    const document = await PDFDocument.load(bytes)
    expect(document.getTitle()).toContain(form.definition.title)
    for (const page of document.getPages()) expect(page.getSize()).toEqual({ width: 595.28, height: 841.89 })
    expect(text.split(form.code).length - 1).toBeGreaterThanOrEqual(document.getPageCount() * 2)
    const { catalog } = document
    expect(String(catalog.get(PDFName.of('Lang')))).toBe('(it-IT)')
    expect(String(catalog.lookup(PDFName.of('MarkInfo')))).toContain('/Marked true')
    expect(String(catalog.lookup(PDFName.of('ViewerPreferences')))).toContain('/DisplayDocTitle true')
    expect(catalog.lookup(PDFName.of('StructTreeRoot'))).toBeInstanceOf(PDFDict)
  })

  test('of which nothing is known is ruled to be filled by hand', async () => {
    const { path } = await written(`${kind}-vuoto`, blankForm(kind))
    const text = textOf(path)
    expect(text).toContain(everyForm[kind].title)
    expect(text).not.toMatch(/undefined|null|NaN|\{\w+\}/)
  })
})

test('names of more than 80 letters are wrapped and whole', async () => {
  const cognome =
    'Della Rovere Degli Alberti Di San Giuseppe Montecuccoli Quaranta Von Hohenlohe Waldenburg Schillingsfürst'
  const { path } = await written('lungo', aForm('nuove_credenziali', { cognome }))
  expect(textOf(path).replaceAll(/\s+/g, ' ')).toContain(cognome)
})

test('hostile data make a sound form of few pages, and signs that cannot be printed are left to be written', async () => {
  const nasty = `\u0000\u202Eevil\n\t${'W'.repeat(10_000)}<script>)(\\`
  const form = aForm('adesione', { cognome: nasty, indirizzo: nasty, ente: nasty, via: '😀 李 ', nome: '\u200F' })
  const { path, bytes } = await written('ostile', form)
  expect(soundness(path)).toContain('No syntax or stream encoding errors found')
  expect((await PDFDocument.load(bytes)).getPageCount()).toBeLessThan(6)
  expect(textOf(path)).toContain(form.code)
  expect(textOf(path)).toMatch(/_ ?_/)
})

test('the same data give the same file', async () => {
  const form = aForm('cessazione')
  expect(Buffer.from(await renderForm(form, made)).equals(await renderForm(form, made))).toBe(true)
})

test('the request for new credentials fits one page (D80)', async () => {
  const { bytes } = await written('una', aForm('nuove_credenziali'))
  expect((await PDFDocument.load(bytes)).getPageCount()).toBe(1)
})

test('each profile offers the forms of the documents that it takes (D83, D86, D118)', () => {
  expect(offeredForms(profiles.poste)).toEqual(['variazione', 'delega', 'estratto_log'])
  expect(offeredForms(profiles.basilicata)).not.toContain('adesione')
  expect(offeredForms(profiles.ordine)).toEqual([...kinds])
  expect(offeredForms(profiles.toscana)).toEqual([...kinds])
})

test('the fonts of the forms are those of the screens', async () => {
  expect(readFileSync(join(import.meta.dirname, '../../resources/form-fonts.json'), 'utf8')).toBe(await formFontsJson())
})
