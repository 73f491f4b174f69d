import { expect, type Locator, type Page } from '@playwright/test'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import type { Colleague } from '../support/provider-colleague.ts'

export const badge = (page: Page): Locator => page.getByTestId('connection-badge')
export const total = (page: Page): Locator => page.getByTestId('total')
export const listOfCaselle = (page: Page): Locator => page.getByRole('grid', { name: 'Elenco delle caselle' })
export const listOfOperations = (page: Page): Locator =>
  page.getByRole('grid', { name: 'Elenco delle modifiche in coda' })
export const detail = (page: Page): Locator => page.getByRole('region', { name: 'Dettaglio della casella' })
export const operationPanel = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'Particolari della modifica' })
export const searchBox = (page: Page): Locator =>
  page.getByRole('searchbox', { name: 'Cerca per casella, titolare, codice fiscale, ragione sociale' })

export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: screen }).click()
  await expect(page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: screen })).toHaveAttribute(
    'aria-current',
    'page',
  )
}

/** Finds a casella by its address and shows it beside the list. */
export async function showCasella(page: Page, indirizzo: string): Promise<Locator> {
  await goTo(page, 'Caselle')
  await searchBox(page).fill(indirizzo)
  await listOfCaselle(page).getByText(indirizzo, { exact: true }).click()
  await expect(detail(page).getByRole('heading', { name: indirizzo })).toBeVisible()
  return detail(page)
}

/** Has the application look for the provider now, as somebody does who knows that the network is back. */
export async function alignNow(page: Page): Promise<void> {
  await badge(page).click()
  await page.getByRole('button', { name: 'Allinea ora' }).click()
}

/** Changes fields of the casella shown and saves. */
export async function editCasella(
  page: Page,
  fields: { email?: string; quotaMb?: number; softLimitMb?: number },
): Promise<void> {
  const panel = detail(page)
  await panel.getByRole('button', { name: 'Modifica', exact: true }).click()
  if (fields.email !== undefined) await panel.getByLabel('E-mail per le comunicazioni').fill(fields.email)
  if (fields.quotaMb !== undefined) await panel.getByLabel('Spazio assegnato').fill(String(fields.quotaMb))
  if (fields.softLimitMb !== undefined) await panel.getByLabel('Soglia di avviso').fill(String(fields.softLimitMb))
  await panel.getByRole('button', { name: 'Salva' }).click()
}

/** Active caselle with a communications e-mail, as the provider has them. */
export async function activeCaselle(other: Colleague): Promise<Casella[]> {
  const { items } = await other.page('/caselle?limit=200')
  return items.filter(
    ({ ciclo, disabilitata, sospesa, comunicazioniEmail }) =>
      ciclo === 'attiva' && !disabilitata && !sospesa && comunicazioniEmail !== null,
  )
}

/** The `n`th of `activeCaselle`. */
export async function activeCasella(other: Colleague, n = 0): Promise<Casella> {
  const casella = (await activeCaselle(other))[n]
  if (casella === undefined) throw new Error(`the sandbox has no active casella number ${n}`)
  return casella
}

/** Opens a select by the keyboard, as its field catches the pointer, and takes an option. */
export async function choose(page: Page, select: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: select, exact: true }).press('ArrowDown')
  await page.getByRole('option', { name: option }).click()
}
