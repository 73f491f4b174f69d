import { join } from 'node:path'
import { startApplication } from '../support/application.ts'
import { expect, test } from './fixtures.ts'
import { badge, detail, goTo, listOfCaselle, total } from './screens.ts'

test('from the welcome to 5,000 caselle in three presses, with nothing fetched from elsewhere', async ({
  page,
  folder,
}) => {
  const application = await startApplication({ data: join(folder, 'dati') })
  try {
    const complaints: string[] = []
    const foreign: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(`${application.origin}/`)) foreign.push(request.url())
    })
    page.on('websocket', (socket) => {
      if (!socket.url().startsWith(application.origin.replace('http:', 'ws:'))) foreign.push(socket.url())
    })

    await page.goto(application.address())
    await page.getByRole('button', { name: 'Prova con il gestore di prova' }).click()
    // A whole registry is made first.
    await expect(page.getByLabel('Indirizzo del gestore')).toHaveValue(/^http:\/\/127\.0\.0\.1:\d+$/, {
      timeout: 60_000,
    })
    await expect(page.getByLabel('Utente')).not.toHaveValue('')
    await expect(page.getByLabel('Password', { exact: true })).not.toHaveValue('')
    await expect(page.getByRole('button', { name: 'Accedi', exact: true })).toBeFocused()
    await page.keyboard.press('Enter')

    await expect(badge(page)).toHaveText(/^Allineato alle \d\d:\d\d$/)
    await expect(page).toHaveURL(`${application.origin}/#/cruscotto`)
    await expect(page.getByTestId('statistiche-all')).toContainText('5.000')
    await goTo(page, 'Caselle')
    // D14: of several domains one is chosen before the list appears; the last of them is all.
    await expect(page.getByRole('button', { name: /^cert\.comune/ })).toBeFocused()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await expect(total(page)).toHaveText('5.000')
    await expect(listOfCaselle(page).getByRole('row')).not.toHaveCount(1)
    await expect(page.getByTestId('prova')).toHaveText('PROVA')
    await expect(page).toHaveURL(`${application.origin}/#/caselle?dominio=tutti`)

    await page.reload()
    await expect(total(page)).toHaveText('5.000')
    await test.step('the header names the ente, the operator and the e-mail for communications (D11)', async () => {
      await expect(page.getByTestId('ente')).toHaveText('Comune di Borgolento')
      await page.getByTestId('operator-menu').click()
      await expect(page.getByText('Operatore di prova', { exact: true })).toBeVisible()
      await expect(page.getByText('ufficio.pec@borgolento.example')).toBeVisible()
      await page.keyboard.press('Escape')
    })
    await test.step('the panel of a casella has what the panels show of it (D35)', async () => {
      await listOfCaselle(page).getByRole('row').nth(1).click()
      await detail(page).getByRole('tab', { name: 'Casella', exact: true }).click()
      for (const label of ['Stato', 'Scadenza', 'Dominio', 'Tipologia', 'Inserita', 'Eliminata'])
        await expect(detail(page).locator('.field-row').filter({ hasText: label }).first()).toBeVisible()
    })
    await test.step('the caselle of a titolare stand in their own pane (D25)', async () => {
      await detail(page).getByRole('tab', { name: 'Titolare', exact: true }).click()
      await detail(page)
        .getByRole('link', { name: /titolare/i })
        .first()
        .click()
      const pane = page.getByRole('complementary')
      await pane.getByRole('tab', { name: /^Caselle/ }).click()
      await expect(pane.getByRole('columnheader')).toHaveText(['Casella', 'Stato', 'Scadenza'])
      await expect(pane.getByRole('row').nth(1)).toContainText(/inserita/i)
    })
    await test.step('a domain chosen in place is where the list opens from then on (D14)', async () => {
      await goTo(page, 'Domini')
      await page.getByRole('link', { name: 'Apri il dominio cert.comune.borgolento.it' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('cert.comune.borgolento.it')
      const active = page.getByRole('link', { name: /caselle nello stato Attiva$/ })
      const [inserted, count] = [page.locator('tfoot td'), (await active.textContent()) ?? '']
      const all = (await inserted.textContent()) ?? ''
      await active.click()
      await expect(total(page)).toHaveText(count)
      // The link's own filter was no choice; choosing is picking another one.
      await page.getByTestId('filter-dominio').selectOption('')
      await expect(total(page)).not.toHaveText(all)
      // A page that is left takes along what it has not asked yet.
      const kept = page.waitForResponse((answer) => answer.request().postData()?.includes('"domini.choose"') === true)
      await page.getByTestId('filter-dominio').selectOption({ label: 'cert.comune.borgolento.it' })
      await kept
      await page.goto(`${application.origin}/#/supporto`)
      await page.reload()
      await goTo(page, 'Caselle')
      await expect(total(page)).toHaveText(all)
    })
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    await application.stop()
  }
})
