import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { goTo, total } from './screens.ts'

test('the home tells the service in figures that lead to their lists, and stands without a network', async ({
  desk,
  network,
  other,
}) => {
  const { items } = await other.page('/caselle?limit=200')
  await goTo(desk, 'Cruscotto')
  await expect(desk.getByTestId('oggi')).toHaveText(/^[a-zì]+ \d{1,2} [a-z]+ 20\d\d$/)
  const all = desk.getByTestId('statistiche-all')
  await expect(all).toContainText(String(items.length))
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme })
    await judge(desk)
    await test.info().attach(`cruscotto-${colorScheme}`, { body: await desk.screenshot(), contentType: 'image/png' })
  }
  await network.refuse()
  const waiting = items.filter(({ ciclo }) => ciclo === 'in_attesa_gestore').length
  await desk.getByRole('link', { name: new RegExp(`^${waiting} ?casell. in attesa del gestore`) }).click()
  await expect(desk).toHaveURL(/#\/caselle\?stato=in_attesa_gestore$/)
  await expect(total(desk)).toHaveText(String(waiting))
  await goTo(desk, 'Cruscotto')
  await expect(desk.getByTestId('aggiornati')).toHaveText(/^Dati aggiornati: \d\d:\d\d$/)
  await desk.getByRole('link', { name: /document. d'identità scadut./ }).click()
  await expect(desk).toHaveURL(/#\/scadenze\?periodo=identita_scadute$/)
  await expect(desk.getByRole('button', { name: "Documenti d'identità scaduti" })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await goTo(desk, 'Cruscotto')
  await desk.getByTestId('statistiche-direct').getByRole('link').first().click()
  await expect(desk).toHaveURL(/assistente=-/)
  await expect(total(desk)).toHaveText(String(items.filter(({ assistenteId }) => assistenteId === null).length))
})
