import { rawRequest } from '../support/browser-client.ts'
import { expect, test } from './fixtures.ts'

const REFUSED = 'Questo indirizzo non apre più Sportello LRA'
const WELCOME = 'Da dove iniziare'

test('without a token there is a page in Italian that says why, and nothing of the application', async ({
  page,
  application,
}) => {
  const answer = await page.goto(application.origin)
  expect(answer?.status()).toBe(403)
  await expect(page.getByRole('heading', { name: REFUSED })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'it')
  await expect(page.locator('script')).toHaveCount(0)
  const wrong = await page.goto(`${application.origin}/?token=${'x'.repeat(43)}`)
  expect(wrong?.status()).toBe(403)
})

test('an address opens one browser; the next one needs the address written after it', async ({
  page,
  browser,
  application,
}) => {
  const used = application.address()
  await page.goto(used)
  await expect(page.getByRole('heading', { name: WELCOME })).toBeVisible()
  await expect(page).not.toHaveURL(/token/)

  const context = await browser.newContext()
  const second = await context.newPage()
  expect((await second.goto(used))?.status()).toBe(403)
  await expect(second.getByRole('heading', { name: REFUSED })).toBeVisible()
  await expect.poll(() => application.address()).not.toBe(used)
  await second.goto(application.address())
  await expect(second.getByRole('heading', { name: WELCOME })).toBeVisible()
  await context.close()

  await page.goto(used)
  await expect(page.getByRole('heading', { name: WELCOME })).toBeVisible()
  await expect(page).not.toHaveURL(/token/)
})

test('a name that leads to 127.0.0.1 gets nothing, even with the right token', async ({ page, application }) => {
  const url = new URL(application.address())
  const path = `${url.pathname}${url.search}`
  const answer = await rawRequest(Number(url.port), { path, headers: { host: `sportello.example:${url.port}` } })
  expect(answer).toMatchObject({ status: 403, text: '{"code":"wrong_host"}' })
  expect(answer.headers['set-cookie']).toBeUndefined()
  // The token was not used up by it.
  await page.goto(application.address())
  await expect(page.getByRole('heading', { name: WELCOME })).toBeVisible()
})
