import { expect, type Page } from '@playwright/test'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import type { Application } from '../support/application.ts'
import { badge, goTo } from './screens.ts'

export async function fillIn(page: Page, user: string, password: string, url?: string): Promise<void> {
  if (url !== undefined) await page.getByLabel('Indirizzo del gestore').fill(url)
  await page.getByLabel('Utente').fill(user)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

export async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Accedi', exact: true }).click()
}

/** From the welcome to the login form of one's own provider, which `--provider` has filled in. */
export async function openLogin(page: Page, application: Application): Promise<void> {
  await page.goto(application.address())
  await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
  await expect(page.getByRole('heading', { name: 'Accesso al gestore' })).toBeVisible()
}

/** The list of caselle, of all domains where the operator has not chosen before (D14). */
export async function chooseEveryDominio(page: Page): Promise<void> {
  await goTo(page, 'Caselle')
  const every = page.getByRole('button', { name: 'Tutti i domini' })
  const list = page.getByRole('main').getByRole('heading', { name: 'Caselle', level: 1 })
  await expect(every.or(list)).toBeVisible()
  if (await every.isVisible()) await every.click()
  await expect(list).toBeVisible()
}

export async function openSignedIn(
  page: Page,
  application: Application,
  user: keyof typeof demoUsers = 'demo',
): Promise<void> {
  await openLogin(page, application)
  await fillIn(page, demoUsers[user].user, demoUsers[user].password)
  await submit(page)
  await expect(badge(page)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await chooseEveryDominio(page)
}
