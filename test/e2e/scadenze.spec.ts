import { readFileSync } from 'node:fs'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { detail, goTo } from './screens.ts'

test('what expires is listed by month and by what waits, leads to the casella, and goes into a calendar', async ({
  desk,
}) => {
  await goTo(desk, 'Scadenze')
  const periods = desk.getByRole('navigation', { name: 'Periodi' })
  const month = periods.getByRole('button', { name: /^[A-Z][a-z]+ 20\d\d/ }).first()
  await month.click()
  await expect(desk).toHaveURL(/periodo=20\d\d-\d\d/)
  const title = /^([A-Z][a-z]+ 20\d\d)/.exec((await month.textContent())?.trim() ?? '')?.[1] ?? ''
  const list = desk.getByRole('grid', { name: `Elenco: ${title}` })
  const rows = list.getByRole('row').filter({ hasText: '@' })
  await expect(rows.first()).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme })
    await judge(desk)
    await test.info().attach(`scadenze-${colorScheme}`, { body: await desk.screenshot(), contentType: 'image/png' })
  }

  await desk.getByRole('button', { name: "Esporta per l'agenda" }).click()
  const ask = desk.getByRole('alertdialog', { name: `Esportare le scadenze: ${title}` })
  await expect(ask).toContainText('dati personali')
  const [download] = await Promise.all([
    desk.waitForEvent('download'),
    ask.getByRole('button', { name: 'Esporta', exact: true }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^scadenze-\d{4}-\d\d-\d\d\.ics$/)
  const address = /\S+@\S+/.exec((await rows.first().textContent()) ?? '')?.[0] ?? '?'
  expect(readFileSync(await download.path(), 'utf8').replaceAll('\r\n ', '')).toContain(address.slice(10, 40))

  await periods.getByRole('button', { name: /^Richieste senza risposta/ }).click()
  await expect(desk.getByText('Inviate al gestore e non ancora concluse, dalla più vecchia.')).toBeVisible()
  await judge(desk)
  await month.click()
  // Until the month is read again, other rows stand there.
  await expect(rows.first()).toContainText(address)
  await rows.first().click()
  await desk.keyboard.press('Enter')
  await expect(detail(desk)).toBeVisible()
})
