import { expect, type Page } from '@playwright/test'
import type { ChannelName, ChannelRequest, ChannelResponse } from '../../src-main/contract/channels.ts'
import { ResponseEnvelope } from '../../src-main/contract/envelope.ts'
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

/**
 * The list of caselle, signed in and aligned. The way there by hand is tested on its own (`sign-in.spec.ts`,
 * `first-run.spec.ts`); here the page's own requests are made without it, in a third of the time.
 */
export async function openSignedIn(
  page: Page,
  application: Application,
  user: keyof typeof demoUsers = 'demo',
): Promise<void> {
  const { origin } = application
  // The token of the address is exchanged for the cookie of this browser.
  await page.request.get(application.address())
  const ask = async <C extends ChannelName>(channel: C, body: ChannelRequest<C>): Promise<ChannelResponse<C>> => {
    const response = await page.request.post(`${origin}/api`, {
      headers: { origin },
      data: { v: 1, id: 'e2e', channel, body },
    })
    const answer = ResponseEnvelope.parse(await response.json())
    if (!answer.ok) throw new Error(`${channel}: ${answer.error.code}`)
    return answer.data as ChannelResponse<C>
  }
  const { provider } = await ask('app.status', {})
  const { user: name, password } = demoUsers[user]
  await ask('session.login', { url: provider?.url ?? '', user: name, password })
  await expect.poll(async () => (await ask('app.status', {})).connection).toBe('aligned')
  const { domini } = await ask('domini.toChoose', {})
  if (domini.length > 1) await ask('domini.choose', { id: null })
  await page.goto(`${origin}/#/caselle`)
  await expect(badge(page)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await expect(page.getByRole('main').getByRole('heading', { name: 'Caselle', level: 1 })).toBeVisible()
}
