import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCaselle, alignNow, badge, detail, showCasella } from './screens.ts'

test('a note written without network stands in the queue, reaches the colleagues, and is changed and taken back', async ({
  desk,
  network,
  other,
}) => {
  const [casella] = await activeCaselle(other)
  if (casella === undefined) throw new Error('no active casella')
  await showCasella(desk, casella.indirizzo)
  await detail(desk).getByRole('tab', { name: 'Note' }).click()
  const panel = detail(desk).getByRole('tabpanel')
  await expect(panel.getByRole('heading', { name: 'Nessuna nota' })).toBeVisible()

  await network.refuse()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Non in linea/)
  await panel.getByLabel('Nuova nota').fill('Contratto in arrivo per posta')
  await desk.keyboard.press('Control+Enter')
  const note = panel.getByRole('listitem')
  await expect(note).toContainText('Contratto in arrivo per posta')
  await expect(note).toContainText('In coda')
  await expect(panel.getByLabel('Nuova nota')).toHaveValue('')

  await network.heal()
  await alignNow(desk)
  await expect(note).not.toContainText('In coda')
  const filter = encodeURIComponent(`casellaId eq "${casella.id}"`)
  await expect
    .poll(() => other.list(`/note?filter=${filter}`))
    .toMatchObject([{ testo: 'Contratto in arrivo per posta' }])

  await note.getByRole('button', { name: /^Modifica la nota/ }).click()
  await note.getByLabel('Testo della nota').fill('Contratto arrivato')
  await note.getByRole('button', { name: 'Salva' }).click()
  await expect.poll(() => other.list(`/note?filter=${filter}`)).toMatchObject([{ testo: 'Contratto arrivato' }])
  await judge(desk)

  await note.getByRole('button', { name: /^Elimina la nota/ }).click()
  await note.getByRole('button', { name: 'Elimina', exact: true }).click()
  await expect(panel.getByRole('heading', { name: 'Nessuna nota' })).toBeVisible()
  await expect.poll(() => other.list(`/note?filter=${filter}`)).toEqual([])
})
