import { expect, test } from './fixtures.ts'
import { alignNow, badge, goTo } from './screens.ts'

test('a segnalazione opened offline is answered from the console of the gestore, and closed', async ({
  desk,
  network,
  sandbox,
  request,
}) => {
  await goTo(desk, 'Supporto')
  await network.refuse()
  const panel = desk.getByRole('complementary', { name: 'Segnalazione' })
  await desk.keyboard.press('n')
  await panel.getByRole('combobox', { name: 'Tipo' }).press('ArrowDown')
  await desk.getByRole('option', { name: 'Posta' }).click()
  await panel.getByLabel('Titolo').fill('Ricevuta che manca')
  await panel.getByLabel('Descrizione').fill('Inviata ieri, nessuna consegna.')
  await panel.getByLabel('Descrizione').press('Control+Enter')
  const row = desk.getByRole('grid', { name: 'Elenco delle segnalazioni' }).getByRole('row').nth(1)
  await expect(row).toContainText('Ricevuta che manca')
  await expect(row).toContainText('In coda')

  await network.heal()
  await alignNow(desk)
  await expect(row).toContainText('Aperta')
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  const code = (await panel.locator('.mono').first().textContent()) ?? ''
  const [, utente = '', password = ''] = /^utente console: (\S+) \/ (\S+)$/m.exec(sandbox.program.stdout()) ?? []
  const post = (path: string, form: Record<string, string>) =>
    request.post(`${sandbox.url}/console/${path}`, {
      form,
      headers: { origin: sandbox.url },
    })
  await post('accesso', { utente, password })
  const answer = (form: Record<string, string>) => post(`segnalazioni/${code}`, form)
  await answer({ azione: 'risposta', testo: 'A quale indirizzo?' })
  await alignNow(desk)
  await expect(panel).toContainText('A quale indirizzo?')
  await expect(panel).toContainText("L'assistenza aspetta una risposta.")
  await panel.getByLabel('Messaggio').fill('A un indirizzo di posta ordinaria.')
  await panel.getByRole('button', { name: 'Invia il messaggio' }).click()
  await expect(panel.getByText('In coda')).toHaveCount(0)
  await alignNow(desk)
  await expect(row).toContainText('Presa in carico')
  await answer({
    azione: 'chiusura',
    problema: 'Posta ordinaria',
    svolta: 'Verifica',
    soluzione: 'Non prevista',
  })
  await alignNow(desk)
  await expect(panel).toContainText('Non prevista')
  await expect(panel.getByRole('button', { name: 'Riapri la segnalazione' })).toBeVisible()

  await desk.keyboard.press('F1')
  await expect(desk.getByRole('heading', { name: 'Aprire e seguire una segnalazione' })).toBeFocused()
})
