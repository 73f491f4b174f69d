import type { Browser } from '@playwright/test'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { chooseEveryDominio } from '../e2e/sign-in.ts'
import { badge } from '../e2e/screens.ts'
import { startHost } from './bench-host.ts'
import { benchPage } from './bench-page.ts'
import { multiplyCaselle } from './prepared-archive.ts'

/** A data folder in which an operator has signed in as one does, with so many caselle. Nobody works in it afterwards. */
export async function preparedOffice(browser: Browser, data: string, provider: string, caselle: number): Promise<void> {
  const { program, address } = await startHost(data, provider)
  const page = await benchPage(browser)
  await page.goto(address)
  await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
  await page.getByLabel('Utente').fill(demoUsers.demo.user)
  await page.getByLabel('Password', { exact: true }).fill(demoUsers.demo.password)
  await page.getByRole('button', { name: 'Accedi', exact: true }).click()
  await badge(page)
    .filter({ hasText: /^Allineato alle/ })
    .waitFor({ timeout: 600_000 })
  await chooseEveryDominio(page)
  await page.context().close()
  await program.stop()
  multiplyCaselle(data, caselle)
}
