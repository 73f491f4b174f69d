import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { goTo } from './screens.ts'

test('the reports count, compare, reckon the costs at once, and lead from a row to its caselle', async ({ desk }) => {
  const complaints: string[] = []
  desk.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await goTo(desk, 'Report')
  const views = desk.getByRole('navigation', { name: 'Report' })
  const shown = {
    Caselle: 'Dati aggregati per assistente',
    'Messaggi e spazio': 'Messaggi per mese',
    Costi: 'Costo per voce',
    'Livelli di servizio': 'Disponibilità dei servizi',
    Previsioni: 'Arretrato delle attivazioni',
    Verifiche: 'Cifre che devono tornare',
  }
  for (const [view, heading] of Object.entries(shown)) {
    await views.getByRole('button', { name: view }).click()
    await expect(desk.getByRole('heading', { name: heading })).toBeVisible()
    await expect(desk.getByText('Lettura dal gestore in corso.')).toHaveCount(0)
    if (view === 'Verifiche') await expect(desk.getByText('Tutte le cifre tornano.')).toBeVisible()
    // The rest of each screen is made of the same parts.
    if (view === 'Costi') await judge(desk)
    await test.info().attach(`report-${view}`, { body: await desk.screenshot(), contentType: 'image/png' })
  }
  await views.getByRole('button', { name: 'Costi' }).click()
  await expect(desk.getByText('Il totale è lo stesso che comunica il gestore.')).toBeVisible()
  const before = await desk.getByTestId('ipotesi-semestre').textContent()
  await desk.getByLabel('Quantità: Casella STANDARD').fill('100000')
  await expect(desk.getByTestId('ipotesi-semestre')).toContainText('400.')
  expect(await desk.getByTestId('ipotesi-semestre').textContent()).not.toBe(before)

  await desk.getByRole('button', { name: 'Esporta la tabella: Costo per tipologia' }).click()
  const [table] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('dialog').getByRole('button', { name: 'Esporta', exact: true }).click(),
  ])
  expect(table.suggestedFilename()).toMatch(/^costo-per-tipologia-20\d\d-s[12]\.xlsx$/)
  await views.getByRole('button', { name: 'Salvati' }).click()
  await desk.getByRole('button', { name: 'Nuovo report' }).click()
  const form = desk.getByRole('form', { name: 'Nuovo report' })
  await form.getByRole('button', { name: 'Salva il report' }).click()
  await expect(form.getByText('Scrivere un nome.')).toBeVisible()
  await form.getByLabel('Nome').fill('Costi del semestre')
  await form.getByLabel('Report').selectOption('costi')
  await form.getByRole('button', { name: 'Salva il report' }).click()
  await judge(desk)
  const [zip] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: 'Esegui il report Costi del semestre' }).click(),
  ])
  expect(zip.suggestedFilename()).toBe('Costi del semestre.zip')

  await views.getByRole('button', { name: 'Caselle' }).click()
  await desk.emulateMedia({ colorScheme: 'dark' })
  await expect(desk.locator('.grafico svg').first()).toBeVisible()
  await test.info().attach('report-dark', { body: await desk.screenshot(), contentType: 'image/png' })
  const [download] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: 'PNG' }).first().click(),
  ])
  expect(download.suggestedFilename()).toBe('caselle-attive.png')
  await desk.getByRole('link', { name: 'Dettaglio per casella: 2000000017 Sportello centrale' }).click()
  await expect(desk.getByRole('heading', { name: 'Caselle del report' })).toBeVisible()
  await desk.getByRole('row').filter({ hasText: '@' }).first().getByRole('link').click()
  await expect(desk.getByRole('region', { name: 'Dettaglio della casella' })).toBeVisible()
  expect(complaints).toEqual([])
})
