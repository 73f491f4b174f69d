import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Database from 'better-sqlite3'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { colleague } from '../support/provider-colleague.ts'
import { expect, test } from './fixtures.ts'
import { activeCasella, badge, editCasella, goTo, searchBox, showCasella, total } from './screens.ts'
import { fillIn, openLogin, submit } from './sign-in.ts'

const { user, password } = demoUsers.demo
const passwordBox = (page: Page) => page.getByLabel('Password', { exact: true })

/** As the provider does when it ends all sessions: nobody is told. */
function endSessions(sandboxData: string): void {
  const db = new Database(join(sandboxData, 'gestore-di-prova.sqlite'))
  db.pragma('busy_timeout = 5000')
  db.exec('DELETE FROM access_token; DELETE FROM session')
  db.close()
}

test('a wrong password is told at its field, which is emptied', async ({ page, application }) => {
  await openLogin(page, application)
  await fillIn(page, user, 'sbagliata')
  await submit(page)
  await expect(page.getByText('Nome utente o password non corretti.')).toBeVisible()
  await expect(passwordBox(page)).toHaveValue('')
  await expect(passwordBox(page)).toBeFocused()
  await passwordBox(page).fill(password)
  await submit(page)
  await expect(badge(page)).toHaveText(/^Allineato alle/)
})

test('an address where nobody answers is told as such', async ({ page, application, network }) => {
  await openLogin(page, application)
  await network.refuse()
  await fillIn(page, user, password)
  await submit(page)
  await expect(page.getByText('Il gestore non risponde.')).toBeVisible()
  await expect(page.getByLabel('Indirizzo del gestore')).toBeFocused()
})

test('no password goes to a foreign host without https', async ({ page, application }) => {
  await openLogin(page, application)
  await fillIn(page, user, password, 'http://gestore.example')
  await submit(page)
  await expect(
    page.getByText("L'indirizzo del gestore non usa una connessione protetta (https). Usare l'indirizzo"),
  ).toBeVisible()
})

test('an address with something else than a provider is told as such', async ({ page, application }) => {
  const site = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Benvenuti</title>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  await openLogin(page, application)
  await fillIn(page, user, password, `http://127.0.0.1:${(site.address() as AddressInfo).port}`)
  await submit(page)
  await expect(page.getByText('A questo indirizzo risponde un servizio diverso dal gestore atteso.')).toBeVisible()
  await new Promise((resolve) => site.close(resolve))
})

test('an expired session stops the sending, not the work, and signing in again sends the queue', async ({
  desk,
  other,
  sandbox,
  sandboxData,
}) => {
  const [one, two] = [await activeCasella(other, 0), await activeCasella(other, 1)]
  endSessions(sandboxData)
  await showCasella(desk, one.indirizzo)
  await editCasella(desk, { quotaMb: 3000 })
  await expect(badge(desk)).toHaveText('Sessione scaduta: accedi')

  await showCasella(desk, two.indirizzo)
  await editCasella(desk, { quotaMb: 4000 })
  await expect(desk.getByTestId('queue-count')).toHaveText('2')
  await goTo(desk, 'Titolari')
  await expect(total(desk)).not.toHaveText('0')
  await goTo(desk, 'Caselle')

  await badge(desk).click()
  await desk.getByRole('button', { name: 'Accedi', exact: true }).click()
  await expect(desk.getByText('La sessione è scaduta. Nulla è andato perso')).toBeVisible()
  await expect(desk.getByText("2 modifiche in coda partiranno dopo l'accesso.")).toBeVisible()
  await expect(desk.getByLabel('Utente')).toHaveValue(user)
  await passwordBox(desk).fill(password)
  await submit(desk)
  await expect(searchBox(desk)).toHaveValue(two.indirizzo)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await expect(desk.getByTestId('queue-count')).toHaveCount(0)

  // The colleague's session went with the others.
  const after = await colleague(sandbox.url)
  expect(await after.casella(one.id)).toMatchObject({ quotaMb: 3000, version: one.version + 1 })
  expect(await after.casella(two.id)).toMatchObject({ quotaMb: 4000, version: two.version + 1 })
})

test('leaving with changes in the queue is asked first, with their count, and loses none of them', async ({
  desk,
  network,
  other,
}) => {
  const casella = await activeCasella(other)
  await network.refuse()
  await showCasella(desk, casella.indirizzo)
  await editCasella(desk, { quotaMb: 3000 })
  await expect(badge(desk)).toContainText('1 in coda')

  await desk.getByRole('navigation', { name: 'Menu' }).getByRole('button', { name: 'Esci' }).click()
  const asked = desk.getByRole('alertdialog', { name: 'Uscire con modifiche in coda' })
  await expect(asked).toContainText('1 modifica non è ancora arrivata al gestore.')
  await asked.getByRole('button', { name: 'Annulla' }).click()
  await expect(asked).toBeHidden()
  await desk.getByRole('navigation', { name: 'Menu' }).getByRole('button', { name: 'Esci' }).click()
  await asked.getByRole('button', { name: 'Esci comunque' }).click()
  await expect(desk.getByRole('heading', { name: 'Accesso al gestore' })).toBeVisible()

  await network.heal()
  await fillIn(desk, user, password)
  await submit(desk)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  expect(await other.casella(casella.id)).toMatchObject({ quotaMb: 3000, version: casella.version + 1 })
})
