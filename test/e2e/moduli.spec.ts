import { readFileSync } from 'node:fs'
import { PDFDocument } from 'pdf-lib'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCaselle, detail, showCasella } from './screens.ts'
import { openSignedIn } from './sign-in.ts'

test('a form is printed for a casella and listed with its code, and one for each of a selection', async ({
  page,
  application,
  other,
}) => {
  await openSignedIn(page, application)
  const [casella] = await activeCaselle(other)
  if (casella === undefined) throw new Error('too few active caselle')
  await showCasella(page, casella.indirizzo)
  await detail(page).getByRole('tab', { name: 'Documenti', exact: true }).click()
  await detail(page).getByRole('combobox', { name: 'Modulo' }).selectOption('Richiesta di nuove credenziali')
  const single = page.waitForEvent('download')
  await detail(page).getByRole('button', { name: 'Stampa', exact: true }).click()
  const form = await PDFDocument.load(readFileSync(await (await single).path()))
  const code = /LRA1-\S+/.exec(form.getTitle() ?? '')?.[0] ?? 'no code'
  await expect(detail(page).getByText(code)).toBeVisible()
  await expect(detail(page).getByText('In attesa della copia firmata')).toBeVisible()
  await judge(page)

  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Stampa moduli' }).click()
  await page
    .getByRole('region', { name: 'Stampa moduli' })
    .getByRole('combobox', { name: 'Modulo' })
    .selectOption('Delega')
  await judge(page)
  const many = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Prepara i moduli' }).click()
  expect((await many).suggestedFilename()).toMatch(/^delega-\d+\.pdf$/)
})
