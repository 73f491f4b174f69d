import { expect, test } from './fixtures.ts'
import { judge, judgeInEveryTheme } from './judge.ts'
import {
  activeCasella,
  badge,
  detail,
  editCasella,
  goTo,
  listOfOperations,
  operationPanel,
  searchBox,
  showCasella,
} from './screens.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`on a system that is ${colorScheme}`, () => {
    test.use({ colorScheme })

    test(`the way in has no accessibility violation (${colorScheme})`, async ({ page, application }) => {
      await page.goto(application.address())
      await expect(page.getByRole('heading', { name: 'Da dove iniziare' })).toBeVisible()
      await judge(page)
      await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
      await page.getByLabel('Indirizzo del gestore').fill('')
      await page.getByRole('button', { name: 'Accedi', exact: true }).click()
      await expect(page.getByRole('alert').first()).toBeVisible()
      await judge(page)
    })
  })
}

/** What the operator can choose, and the page's colour then; the light one last, which the rest is judged in first. */
const themes = [
  ['Scuro', 'rgb(15, 25, 34)'],
  ['Alto contrasto', 'rgb(0, 0, 0)'],
  ['Chiaro', 'rgb(245, 246, 247)'],
] as const

test('no screen has an accessibility violation in any theme, or scrolls sideways', async ({ desk, network, other }) => {
  // Every screen in one sitting.
  test.slow()
  const casella = await activeCasella(other)
  await test.step('the choice of the theme', async () => {
    for (const [words, page] of themes) {
      await desk.getByTestId('operator-menu').click()
      await desk.getByRole('radio', { name: words }).check()
      await desk.keyboard.press('Escape')
      await expect(desk.locator('.shell')).toHaveCSS('background-color', page)
    }
    await desk.getByTestId('operator-menu').click()
    await judgeInEveryTheme(desk)
    await desk.keyboard.press('Escape')
  })

  await test.step('caselle, with something in the queue', async () => {
    await network.refuse()
    await showCasella(desk, casella.indirizzo)
    await editCasella(desk, { quotaMb: 3000 })
    await expect(badge(desk)).toContainText('1 in coda')
    await searchBox(desk).fill('')
    await expect(desk.getByTestId('position')).toContainText('200')
    await judgeInEveryTheme(desk)
  })
  await test.step('the editing of a casella', async () => {
    await detail(desk).getByRole('button', { name: 'Modifica', exact: true }).click()
    await detail(desk).getByLabel('Spazio assegnato').fill('tanto')
    await expect(detail(desk).getByText('Scrivere un numero intero di MB.').first()).toBeVisible()
    await judgeInEveryTheme(desk)
    await detail(desk).getByRole('button', { name: 'Annulla' }).first().click()
    await detail(desk).getByRole('button', { name: 'Scarta le modifiche' }).click()
  })
  await test.step('each tab of a casella', async () => {
    for (const tab of ['Titolare', 'Documenti', 'Note', 'Modifiche', 'Novità']) {
      await detail(desk).getByRole('tab', { name: tab }).click()
      await expect(detail(desk).getByRole('tabpanel')).not.toBeEmpty()
      await judgeInEveryTheme(desk)
    }
  })
  await test.step('a casella as a page', async () => {
    await detail(desk).getByRole('link', { name: 'Apri come pagina' }).click()
    await expect(desk.getByRole('button', { name: 'Indietro' })).toBeVisible()
    await judgeInEveryTheme(desk)
  })
  await test.step('titolari', async () => {
    await goTo(desk, 'Titolari')
    await desk.getByRole('grid').locator('[aria-rowindex="2"]').click()
    await expect(desk.getByRole('complementary')).toBeVisible()
    await judgeInEveryTheme(desk)
  })
  await test.step('coda', async () => {
    await goTo(desk, 'Coda')
    await listOfOperations(desk).getByRole('row').filter({ hasText: casella.indirizzo }).click()
    await expect(operationPanel(desk)).toBeVisible()
    await judgeInEveryTheme(desk)
  })
  const documents = ['Carica documentazione', 'Invio di molti', 'Verifica documento', 'Gestione documenti']
  for (const screen of [
    'Cruscotto',
    'Report',
    'Novità',
    ...documents,
    'Domini',
    'Assistenti',
    'Supporto',
    'Impostazioni',
  ]) {
    await test.step(screen, async () => {
      await goTo(desk, screen)
      await expect(desk.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible()
      await judgeInEveryTheme(desk)
    })
  }
  await test.step('the guide', async () => {
    await desk.keyboard.press('F1')
    await expect(desk.getByRole('article').getByRole('heading', { level: 2 })).toBeFocused()
    await judgeInEveryTheme(desk)
  })
  await test.step('nuova casella, with what is missing', async () => {
    await goTo(desk, 'Caselle')
    await desk.getByRole('link', { name: 'Nuova casella' }).click()
    await desk.getByRole('button', { name: 'Avanti' }).click()
    await expect(desk.getByRole('alert').first()).toBeVisible()
    await judgeInEveryTheme(desk)
  })
  await test.step('the search everywhere and the state of the connection', async () => {
    await desk.keyboard.press('Control+k')
    await desk.keyboard.type('a')
    await expect(desk.getByRole('listbox', { name: 'Risultati' })).toBeVisible()
    await judgeInEveryTheme(desk)
    await desk.keyboard.press('Escape')
    await badge(desk).click()
    await expect(desk.getByRole('button', { name: 'Allinea ora' })).toBeVisible()
    await judgeInEveryTheme(desk)
  })
})
