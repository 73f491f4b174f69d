import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { activeCaselle, alignNow, badge, detail, editCasella, goTo, showCasella } from './screens.ts'

const unread = (page: Page) => page.getByTestId('news-count')
const list = (page: Page) => page.getByRole('region', { name: 'Che cosa è arrivato dal gestore' })

test('what a colleague changes is told in the menu, in Novità and on the casella, from what to what and by whom', async ({
  desk,
  network,
  other,
}) => {
  const [first, second, third] = await activeCaselle(other)
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few active caselle')
  await goTo(desk, 'Novità')
  await expect(desk.getByRole('heading', { name: 'Nessuna novità' })).toBeVisible()
  await goTo(desk, 'Caselle')
  // What one alignment brings is told together: none comes between.
  await network.refuse()
  await other.patch(first.id, { disabilitata: true })
  await other.patch(second.id, { disabilitata: true })
  await other.patch(third.id, { comunicazioniEmail: 'nuova@comune.example' })
  await network.heal()
  await alignNow(desk)
  await expect(unread(desk)).toHaveText('3')
  await expect(desk.getByText("2 caselle disabilitate, 1 cambiata da collega. L'elenco è in Novità.")).toBeVisible()

  await goTo(desk, 'Novità')
  await expect(list(desk).getByRole('heading', { name: 'Oggi' })).toBeVisible()
  await expect(list(desk).getByRole('heading', { level: 3 })).toContainText(
    '2 caselle disabilitate, 1 cambiata da collega',
  )
  const line = list(desk).locator('li').filter({ hasText: third.indirizzo })
  await expect(line).toContainText('Casella cambiata')
  await expect(line).toContainText('Nuova')
  await expect(line).toContainText(third.comunicazioniEmail ?? '')
  await expect(line).toContainText('nuova@comune.example')
  // Looked at, it is new no more.
  await expect(unread(desk)).toHaveCount(0)

  await line.getByRole('link').focus()
  await desk.keyboard.press('Enter')
  await expect(detail(desk).getByRole('heading', { name: third.indirizzo })).toBeVisible()
  await detail(desk).getByRole('tab', { name: 'Novità' }).click()
  await expect(detail(desk).getByRole('tabpanel')).toContainText('Casella cambiata')
  await expect(detail(desk).getByRole('tabpanel')).toContainText('collega')
})

test('that the system says there is a network, or that somebody looks, brings the news within seconds', async ({
  desk,
  network,
  other,
}) => {
  const [first] = await activeCaselle(other)
  await network.refuse()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Non in linea/)
  await other.patch(first?.id ?? '', { disabilitata: true })
  await network.heal()
  await desk.evaluate(() => dispatchEvent(new Event('online')))
  await expect(unread(desk)).toHaveText('1')
})

test('behind a login page the badge says what to do, nothing leaves, and it goes on by itself', async ({
  desk,
  network,
  other,
}) => {
  const [casella] = await activeCaselle(other)
  if (casella === undefined) throw new Error('no active casella')
  network.answerInstead('<!doctype html><title>Benvenuti</title>', /./)
  await alignNow(desk)
  await expect(badge(desk)).toHaveText('La rete blocca il gestore')
  await showCasella(desk, casella.indirizzo)
  await editCasella(desk, { quotaMb: 3000 })
  await expect(badge(desk)).toHaveText('La rete blocca il gestore, 1 in coda')
  await badge(desk).click()
  const panel = desk.getByRole('region', { name: 'Collegamento' })
  await expect(panel).toContainText('Aprire il browser e accedere alla rete, poi premere Riprova')
  await panel.getByRole('button', { name: 'Riprova' }).click()
  await expect(badge(desk)).toHaveText('La rete blocca il gestore, 1 in coda')
  await network.heal()
  // By itself it looks every half minute at the latest.
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/, { timeout: 60_000 })
  await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(3000)
  expect((await other.casella(casella.id)).version).toBe(casella.version + 1)
})
