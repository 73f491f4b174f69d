import type { Page } from '@playwright/test'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { expect, test } from './fixtures.ts'
import { judge, judgeInEveryTheme } from './judge.ts'
import { activeCasella, badge, detail, goTo, showCasella } from './screens.ts'

const PIN = '408152'
const locked = (page: Page) => page.getByRole('heading', { name: 'Schermo bloccato' })

async function choosePin(page: Page): Promise<void> {
  await goTo(page, 'Impostazioni')
  await page.getByRole('tab', { name: 'Blocco e PIN' }).click()
  await page.getByLabel('Nuovo PIN', { exact: true }).fill('123456')
  await page.getByLabel('Ripeti il nuovo PIN').fill('123456')
  await page.getByRole('button', { name: 'Imposta il PIN' }).click()
  await expect(page.getByText(/Si indovina facilmente/)).toBeVisible()
  await page.getByLabel('Nuovo PIN', { exact: true }).fill(PIN)
  await page.getByLabel('Ripeti il nuovo PIN').fill(PIN)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Blocca ora' })).toBeVisible()
  await judge(page)
}

async function unlock(page: Page, pin = PIN): Promise<void> {
  await page.getByLabel('PIN', { exact: true }).fill(pin)
  await page.keyboard.press('Enter')
}

test('the lock hides every screen and menu in every tab, and what was being written is there afterwards', async ({
  desk,
  other,
}) => {
  await choosePin(desk)
  const casella = await activeCasella(other)
  await showCasella(desk, casella.indirizzo)
  await detail(desk).getByRole('button', { name: 'Modifica', exact: true }).click()
  const email = detail(desk).getByLabel('E-mail per le comunicazioni')
  await email.fill('a.meta@posta.example')
  const address = desk.url()

  // A menu stands beside the application's own element, with the operator's name.
  await desk.getByTestId('operator-menu').click()
  await expect(desk.getByText(demoUsers.demo.user, { exact: true })).toBeVisible()
  await desk.keyboard.press('Control+Shift+L')
  await expect(locked(desk)).toBeVisible()
  await expect(desk.getByLabel('PIN', { exact: true })).toBeFocused()
  const seen = await desk.locator('body').innerText()
  expect(seen).not.toContain(casella.indirizzo)
  expect(seen).not.toContain(demoUsers.demo.user)
  await expect(desk).toHaveTitle('Sportello LRA')
  await judgeInEveryTheme(desk)

  for (const key of ['F1', 'Control+k', 'Escape', 'Control+z']) await desk.keyboard.press(key)
  expect(desk.url()).toBe(address)
  const asked = await desk.evaluate(async () => {
    const body = { v: 1, id: 'x', channel: 'caselle.list', body: { offset: 0, limit: 5 } }
    const answer = await fetch('/api', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answer.text()
  })
  expect(asked).toContain('screen_locked')
  const tab = await desk.context().newPage()
  await tab.goto(`${new URL(desk.url()).origin}/#/caselle`)
  await expect(locked(tab)).toBeVisible()

  await unlock(desk, '998877')
  await expect(desk.getByText('Il PIN non è giusto.')).toBeVisible()
  await unlock(desk)
  await expect(email).toHaveValue('a.meta@posta.example')
  await expect(locked(tab)).toBeHidden()
  await expect(tab.getByRole('grid', { name: 'Elenco delle caselle' })).toBeVisible()
  await desk.keyboard.press('Escape')
})

test('a restart asks the PIN at once, and a colleague who signs in finds nothing of the first operator', async ({
  desk,
  application,
  other,
  launch,
}) => {
  await choosePin(desk)
  const casella = await activeCasella(other)
  await showCasella(desk, casella.indirizzo)
  await detail(desk).getByRole('button', { name: 'Modifica', exact: true }).click()
  await detail(desk).getByLabel('E-mail per le comunicazioni').fill('a.meta@posta.example')
  await desk.keyboard.press('Control+Shift+L')
  await expect(locked(desk)).toBeVisible()
  await desk.getByRole('button', { name: 'PIN dimenticato, o un altro operatore' }).click()
  await desk.getByLabel('Utente').fill(demoUsers.collega.user)
  await desk.getByLabel('Password', { exact: true }).fill(demoUsers.collega.password)
  await desk.getByRole('button', { name: 'Accedi', exact: true }).click()
  await expect(badge(desk)).toBeVisible()
  await expect(desk.getByText('a.meta@posta.example')).toBeHidden()
  await expect(desk.getByTestId('operator-menu')).toHaveAttribute('title', 'Collega di prova')

  // The first operator signs in again: the PIN is still theirs, and asked at the next start.
  await desk.goto(`${new URL(desk.url()).origin}/#/accesso`)
  await desk.getByLabel('Utente').fill(demoUsers.demo.user)
  await desk.getByLabel('Password', { exact: true }).fill(demoUsers.demo.password)
  await desk.getByRole('button', { name: 'Accedi', exact: true }).click()
  await expect(desk.getByTestId('operator-menu')).toHaveAttribute('title', 'Operatore di prova')
  await application.stop()
  const again = await launch()
  await desk.goto(again.address())
  await expect(locked(desk)).toBeVisible()
  await unlock(desk)
  await expect(badge(desk)).toBeVisible()
})
