import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCaselle, goTo, listOfCaselle, total } from './screens.ts'

const chips = (page: Page): Locator => page.getByRole('list', { name: 'Filtri attivi' }).getByRole('button')
const bar = (page: Page): Locator => page.getByRole('contentinfo')

/** Presses Tab until a control has the focus, as one does who has no mouse. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(control).toBeFocused()
}

test('filters are set by keyboard, stand in the address, and go one by one', async ({ desk, other }) => {
  const { items } = await other.page('/caselle?limit=200')
  await expect(total(desk)).toHaveText(String(items.length))
  await listOfCaselle(desk).focus()
  await desk.keyboard.press('d')
  await expect(desk.getByRole('combobox', { name: 'Dominio' })).toBeFocused()
  const rinnovi = items.filter(({ richiesta }) => richiesta === 'rinnovo').length
  await desk.getByRole('combobox', { name: 'Richiesta presentata' }).selectOption('Rinnovo')
  await expect(total(desk)).toHaveText(String(rinnovi))
  await tabTo(desk, desk.getByRole('button', { name: 'altri filtri' }))
  await desk.keyboard.press('Enter')
  await desk.getByLabel('Inserita dal').pressSequentially('31/02/2020')
  await expect(desk.getByText('Scrivere la data come gg/mm/aaaa')).toBeVisible()
  await expect(chips(desk)).toHaveCount(1)
  await desk.getByLabel('Inserita dal').fill('1/1/2001')
  await expect(chips(desk)).toHaveText([/Richiesta presentata/, /dal 01\/01\/2001/])
  await expect(desk).toHaveURL(/dal=2001-01-01/)
  await desk.reload()
  await expect(chips(desk)).toHaveCount(2)
  await expect(total(desk)).toHaveText(String(rinnovi))
  await chips(desk).first().focus()
  await desk.keyboard.press('Enter')
  await expect(chips(desk)).toHaveText([/dal 01\/01\/2001/])
  await expect(chips(desk).first()).toBeFocused()
  await desk.keyboard.press('Enter')
  await expect(chips(desk)).toHaveCount(0)
  await expect(total(desk)).toHaveText(String(items.length))
})

test('a view is made, shown again and removed by keyboard, with its filters and columns', async ({ desk, other }) => {
  const all = String((await other.page('/caselle?limit=200')).items.length)
  await expect(total(desk)).toHaveText(all)
  const views = desk.getByRole('navigation', { name: "Viste dell'elenco" })
  await views.getByRole('button', { name: 'In attesa' }).press('Enter')
  await expect(chips(desk)).toHaveText([/In attesa di attivazione/])
  await expect(total(desk)).not.toHaveText(all)
  await desk.getByRole('button', { name: 'Colonne', exact: true }).press('Enter')
  await desk.getByRole('checkbox', { name: 'Tipologia' }).press('Space')
  await desk.keyboard.press('Escape')
  await expect(desk.getByRole('button', { name: 'Colonne', exact: true })).toBeFocused()
  await expect(listOfCaselle(desk).getByRole('columnheader', { name: 'Tipologia' })).toBeVisible()
  const wider = (await total(desk).textContent()) ?? ''
  await desk.getByRole('combobox', { name: 'Dominio' }).selectOption({ index: 1 })
  await expect(total(desk)).not.toHaveText(wider)
  const found = await total(desk).textContent()
  await desk.getByRole('button', { name: 'vista', exact: true }).press('Enter')
  await expect(desk.getByLabel('Nome della vista')).toBeFocused()
  await desk.keyboard.type('Da sollecitare')
  await desk.keyboard.press('Enter')
  const mine = views.getByRole('button', { name: 'Da sollecitare' })
  await expect(mine).toHaveAttribute('aria-pressed', 'true')
  await views.getByRole('button', { name: 'Tutte' }).press('Enter')
  await expect(chips(desk)).toHaveCount(0)
  await desk.reload()
  await expect(total(desk)).not.toHaveText(found ?? '')
  await mine.press('Enter')
  // The domain is where one works by now (D14): it is no filter among others.
  await expect(chips(desk)).toHaveText([/In attesa di attivazione/])
  await expect(total(desk)).toHaveText(found ?? '')
  await expect(listOfCaselle(desk).getByRole('columnheader', { name: 'Tipologia' })).toBeVisible()
  await desk.getByRole('button', { name: 'vista', exact: true }).press('Enter')
  await desk.getByRole('button', { name: 'Elimina la vista' }).press('Enter')
  await expect(mine).toHaveCount(0)
  await judge(desk)
})

test('an action on what is selected by keyboard reaches the Gestore for just those', async ({ desk, other }) => {
  const active = await activeCaselle(other)
  const all = String((await other.page('/caselle?limit=200')).items.length)
  await expect(total(desk)).toHaveText(all)
  await desk.getByRole('combobox', { name: 'Stato' }).selectOption('attiva')
  await expect(chips(desk)).toHaveCount(1)
  await expect(total(desk)).not.toHaveText(all)
  const shown = Number(await total(desk).textContent())
  await listOfCaselle(desk).focus()
  await desk.keyboard.press('ArrowDown')
  await desk.keyboard.press('Space')
  await desk.keyboard.press('Shift+ArrowDown')
  await desk.keyboard.press('Shift+ArrowDown')
  await expect(bar(desk)).toContainText('3 selezionate')
  await desk.keyboard.press('Control+a')
  await desk.keyboard.press('Space')
  await expect(bar(desk)).toContainText(`${shown - 1} selezionate`)
  await bar(desk).getByRole('button', { name: 'Disabilita', exact: true }).press('Enter')
  const confirm = desk.getByRole('alertdialog')
  await expect(confirm).toContainText(`Disabilitare ${shown - 1} caselle`)
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
  await confirm.getByRole('button', { name: `Applica a ${shown - 1} caselle` }).press('Enter')
  await expect(desk.getByTestId('many-work')).toContainText(`Fatto per ${shown - 1}`)
  await expect
    .poll(async () => (await other.page('/caselle?limit=200')).items.filter(({ disabilitata }) => disabilitata).length)
    .toBeGreaterThanOrEqual(shown - 1)
  const { items } = await other.page('/caselle?limit=200')
  const still = items.filter(({ id, disabilitata }) => active.some((each) => each.id === id) && !disabilitata)
  expect(still.length).toBeLessThanOrEqual(1)
})

test('the figures of domains and assistenti lead to their caselle, which leave as a file by keyboard', async ({
  desk,
  other,
}) => {
  const { items } = await other.page('/caselle?limit=200')
  await goTo(desk, 'Domini')
  const eliminate = desk.getByRole('link', { name: /caselle eliminate|casella eliminata/ }).last()
  const figure = await eliminate.textContent()
  expect(Number(figure)).toBe(items.filter(({ ciclo }) => ciclo === 'eliminata').length)
  await judge(desk)
  await eliminate.press('Enter')
  await expect(total(desk)).toHaveText(figure ?? '')
  await listOfCaselle(desk).focus()
  await desk.keyboard.press('Control+e')
  const dialog = desk.getByRole('dialog', { name: 'Esporta le caselle' })
  await expect(dialog.getByTestId('esporta-righe')).toHaveText(figure ?? '')
  await expect(dialog).toContainText('Stato: Eliminata')
  await expect(dialog.getByRole('radio', { name: /XLSX/ })).toBeFocused()
  await judge(desk)
  await desk.keyboard.press('ArrowUp')
  const download = desk.waitForEvent('download')
  await desk.keyboard.press('Enter')
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^caselle-\d{4}-\d\d-\d\d\.csv$/)
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(Number(figure) + 1)
  expect(lines[0]).toBe('\uFEFFCasella;Titolare;Stato;Spazio usato (MB);Data scadenza')
  await expect(desk.getByText(`${figure ?? ''} righe esportate`)).toBeVisible()
  await expect(dialog).toBeHidden()
  await expect(listOfCaselle(desk)).toBeFocused()
  await desk.evaluate(() => dispatchEvent(new Event('beforeprint')))
  await desk.emulateMedia({ media: 'print' })
  await expect(desk.getByRole('navigation', { name: 'Menu' })).toBeHidden()
  await expect(desk.getByText('Filtro: Stato: Eliminata')).toBeVisible()
  await expect(desk.getByRole('heading', { name: 'Caselle' })).toBeVisible()
})

test('many filters at once keep the screen whole, light and dark', async ({ desk }) => {
  await desk.goto(
    `${desk.url().split('#')[0] ?? ''}#/caselle?stato=in_attesa&richiesta=nessuna&dal=2001-01-01&al=2030-12-31&scadenza=90&piene=90&tipologia=STANDARD&coda=si&assistente=nessuno&dominio=nessuno`,
  )
  await expect(chips(desk)).toHaveCount(9)
  await desk.getByRole('button', { name: 'altri filtri' }).press('Enter')
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
})
