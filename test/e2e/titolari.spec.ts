import type { Locator, Page } from '@playwright/test'
import { z } from 'zod'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCasella, alignNow, badge, goTo, total } from './screens.ts'

const listOfTitolari = (page: Page): Locator => page.getByRole('grid', { name: 'Elenco dei titolari' })
const panelOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Particolari del titolare' })
const pane = (page: Page, title: string): Locator => panelOf(page).getByRole('region', { name: title })
const tab = (page: Page, title: string): Locator => panelOf(page).getByRole('tab', { name: title })

/** Somebody with an active casella, as the provider has them. */
async function somebody(other: Colleague, n = 0): Promise<Titolare> {
  return Titolare.parse(await other.row(`/titolari/${(await activeCasella(other, n)).titolareId}`))
}

async function indirizziOf(other: Colleague, { id }: Titolare): Promise<unknown[]> {
  return other.list(`/indirizzi?filter=${encodeURIComponent(`titolareId eq "${id}"`)}`)
}

async function showTitolare(page: Page, { codiceFiscale, cognome, nome }: Titolare): Promise<void> {
  await goTo(page, 'Titolari')
  await page.getByRole('searchbox', { name: 'Cerca nei titolari' }).fill(codiceFiscale)
  await listOfTitolari(page).getByText(codiceFiscale, { exact: true }).click()
  await expect(panelOf(page).getByRole('heading', { name: `${cognome} ${nome}` })).toBeVisible()
  // The panel follows the active row without taking the focus.
  await listOfTitolari(page).focus()
}

test('a titolare changed with the keyboard while the provider is away arrives at the Gestore once', async ({
  desk,
  network,
  other,
}) => {
  const before = await somebody(other)
  await showTitolare(desk, before)
  await network.refuse()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Non in linea/)
  const dati = pane(desk, 'Dati')

  await test.step('the fields are locked until E, and Esc asks before something written is lost (D27)', async () => {
    await listOfTitolari(desk).focus()
    await desk.keyboard.press('e')
    await dati.getByLabel('Telefono').fill('0971 445566')
    await desk.keyboard.press('Escape')
    const asked = panelOf(desk).getByRole('alertdialog')
    await expect(asked).toContainText('Quanto scritto andrà perso')
    await asked.getByRole('button', { name: 'Continua a modificare' }).click()
    await expect(dati.getByLabel('Telefono')).toHaveValue('0971 445566')
  })

  await test.step('what is wrong says how to mend it, and is not saved', async () => {
    await dati.getByLabel('E-mail').fill('senza chiocciola')
    await desk.keyboard.press('Control+Enter')
    await expect(dati).toContainText("L'indirizzo e-mail non è completo")
    await dati.getByLabel('E-mail').fill('maria.nuova@ente.example')
  })

  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'light' })

  await desk.keyboard.press('Control+Enter')
  await expect(desk.getByText('Dati del titolare: modifica in coda')).toBeVisible()
  await expect(dati.getByTestId('pending-field')).toHaveCount(2)
  await expect(dati.getByRole('button', { name: 'Abilita campi editabili' })).toBeVisible()

  await test.step('D26: an address is added at any time', async () => {
    await tab(desk, 'Indirizzi').click()
    const indirizzi = pane(desk, 'Indirizzi')
    await indirizzi.getByRole('button', { name: 'Aggiungi indirizzo' }).click()
    const entry = indirizzi.getByRole('article').first()
    await entry.getByLabel('Via').fill('Via Pretoria 12')
    await desk.keyboard.press('Control+Enter')
    await expect(indirizzi.getByRole('alert').first()).toContainText('3 campi da correggere: Località, CAP, Provincia')
    await desk.emulateMedia({ colorScheme: 'dark' })
    await judge(desk)
    await desk.emulateMedia({ colorScheme: 'light' })
    await entry.getByLabel('Provincia').fill('xx')
    await expect(entry).toContainText('Non è la sigla di una provincia')
    await entry.getByLabel('Località').fill('potenz')
    await expect(desk.getByRole('option', { name: /^Potenza PZ/ })).toBeVisible()
    await judge(desk)
    await desk.keyboard.press('ArrowDown')
    await desk.keyboard.press('Enter')
    await expect(entry.getByLabel('Località')).toHaveValue('Potenza')
    await expect(entry.getByLabel('Provincia')).toHaveValue('PZ')
    await expect(entry.getByLabel('CAP')).toHaveValue('85100')
    await judge(desk)
    await desk.keyboard.press('Control+Enter')
    await expect(indirizzi.getByText('inserimento in coda')).toBeVisible()
  })
  expect(await other.row(`/titolari/${before.id}`)).toEqual(before)

  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await expect(pane(desk, 'Indirizzi').getByText('inserimento in coda')).toHaveCount(0)
  await tab(desk, 'Dati').click()
  await expect(dati.getByTestId('pending-field')).toHaveCount(0)
  expect(await other.row(`/titolari/${before.id}`)).toMatchObject({
    telefono: '0971 445566',
    email: 'maria.nuova@ente.example',
    version: before.version + 1,
  })
  const made = await indirizziOf(other, before)
  expect(made.filter((row) => z.object({ via: z.string() }).parse(row).via === 'Via Pretoria 12')).toMatchObject([
    { localita: 'Potenza', provincia: 'PZ', cap: '85100' },
  ])

  await test.step('an address is taken away only after a question', async () => {
    await tab(desk, 'Indirizzi').click()
    const indirizzi = pane(desk, 'Indirizzi')
    await indirizzi.getByRole('button', { name: 'Abilita campi editabili' }).click()
    await indirizzi.getByRole('button', { name: 'Elimina Via Pretoria 12' }).click()
    await indirizzi.getByRole('alertdialog').getByRole('button', { name: 'Elimina' }).click()
    await expect.poll(async () => (await indirizziOf(other, before)).length).toBe(made.length - 1)
  })
})

test('a copy of the personal data asks what for, is saved, and stands in the register', async ({ desk, other }) => {
  const holder = await somebody(other)
  await showTitolare(desk, holder)
  await panelOf(desk).getByRole('button', { name: 'Copia dei dati personali' }).click()
  const form = panelOf(desk).getByRole('form', { name: 'Copia dei dati personali' })
  await form.getByRole('button', { name: 'Crea la copia' }).click()
  await expect(form).toContainText('Lo scopo è obbligatorio')
  await judge(desk)
  await form.getByRole('combobox', { name: 'Scopo' }).press('ArrowDown')
  await desk.getByRole('option', { name: "Richiesta dell'interessato" }).click()
  const saved = desk.waitForEvent('download')
  await form.getByRole('button', { name: 'Crea la copia' }).click()
  expect((await saved).suggestedFilename()).toBe(`copia-dati-${holder.id}.pdf`)
  await goTo(desk, 'Impostazioni')
  await desk.getByRole('tab', { name: 'Accessi ai dati personali' }).click()
  await expect(desk.getByRole('grid', { name: /^Accessi/ })).toContainText("Richiesta dell'interessato")
  await judge(desk)
})

test('the same codice fiscale as another titolare is told while it is written, with the way to the other', async ({
  desk,
  other,
}) => {
  const first = await somebody(other)
  const titolari = z.array(Titolare).parse(await other.list('/titolari?limit=200'))
  const second = titolari.find(({ id, codiceFiscale }) => id !== first.id && codiceFiscale.length === 16)
  if (second === undefined) throw new Error('the sandbox has no second titolare')
  await showTitolare(desk, first)
  await desk.keyboard.press('e')
  const dati = pane(desk, 'Dati')
  await dati.getByLabel('Codice fiscale').fill(second.codiceFiscale)
  const told = dati.getByRole('link', { name: `${second.cognome} ${second.nome}` })
  await expect(told).toBeVisible()
  await told.click()
  await panelOf(desk).getByRole('alertdialog').getByRole('button', { name: 'Scarta le modifiche' }).click()
  await expect(panelOf(desk).getByRole('heading', { name: `${second.cognome} ${second.nome}` })).toBeVisible()
})

test('a note about a titolare reaches the colleagues', async ({ desk, other }) => {
  const titolare = await somebody(other)
  await showTitolare(desk, titolare)
  await tab(desk, 'Note').click()
  await panelOf(desk).getByLabel('Nuova nota').fill('Preferisce essere chiamata al mattino')
  await desk.keyboard.press('Control+Enter')
  await expect
    .poll(() => other.list(`/note?filter=${encodeURIComponent(`titolareId eq "${titolare.id}"`)}`))
    .toMatchObject([{ testo: 'Preferisce essere chiamata al mattino' }])
})

test('the filters narrow the list, stand in the address, and are taken off one by one (D19)', async ({
  desk,
  other,
}) => {
  const { cognome, nome, id } = await somebody(other)
  await goTo(desk, 'Titolari')
  const all = await total(desk).textContent()
  const filters = desk.getByRole('search', { name: 'Filtri dei titolari' })
  await filters.getByRole('button', { name: 'Filtri', exact: true }).click()
  await expect(filters.getByLabel('Nome', { exact: true })).toBeFocused()
  await expect(filters.getByRole('searchbox')).toHaveCount(9)
  await desk.keyboard.type(nome.slice(0, 3).toLowerCase())
  await filters.getByLabel('Cognome', { exact: true }).fill(cognome)
  await expect(
    listOfTitolari(desk)
      .getByRole('row', { name: new RegExp(`${cognome} ${nome}`) })
      .first(),
  ).toBeVisible()
  await expect(total(desk)).not.toHaveText(all ?? '')
  await expect(desk).toHaveURL(new RegExp(`nome=${nome.slice(0, 3).toLowerCase()}`))
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
  await desk.keyboard.press('Escape')
  await expect(filters.getByLabel('Nome', { exact: true })).toBeHidden()

  await test.step('the columns are chosen, and stay chosen', async () => {
    await desk.getByRole('button', { name: 'Colonne', exact: true }).click()
    await desk.getByRole('checkbox', { name: 'Identificativo' }).check()
    await desk.getByRole('checkbox', { name: 'Ragione sociale' }).uncheck()
    await desk.keyboard.press('Escape')
    await expect(listOfTitolari(desk)).toContainText(id)
    await desk.reload()
    await expect(listOfTitolari(desk).getByRole('columnheader', { name: 'Identificativo' })).toBeVisible()
    await expect(listOfTitolari(desk).getByRole('columnheader', { name: 'Ragione sociale' })).toHaveCount(0)
    // The address has brought the filters back.
    await expect(listOfTitolari(desk)).toContainText(id)
    await listOfTitolari(desk).getByRole('button', { name: 'Caselle' }).click()
    await expect(listOfTitolari(desk).getByRole('columnheader', { name: 'Caselle' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    )
  })

  await filters.getByRole('button', { name: /^Togli il filtro Cognome/ }).click()
  await filters.getByRole('button', { name: /^Togli il filtro Nome/ }).click()
  await expect(total(desk)).toHaveText(all ?? '')
})

test('a titolare without a casella is entered with the keyboard and arrives at the Gestore once', async ({
  desk,
  other,
}) => {
  await goTo(desk, 'Titolari')
  await listOfTitolari(desk).focus()
  await desk.keyboard.press('n')
  const nuovo = pane(desk, 'Nuovo titolare')
  await expect(nuovo.getByLabel('Cognome')).toBeFocused()
  await desk.keyboard.type('Aaronne')
  await desk.keyboard.press('Control+Enter')
  await expect(nuovo.getByRole('alert').first()).toContainText('2 campi da correggere: Nome, Codice fiscale')
  await nuovo.getByLabel('Nome', { exact: true }).fill('Ida')
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
  // Its check character is wrong: it is stopped until somebody says why it is right.
  await nuovo.getByLabel('Codice fiscale').fill('pssdaa80a41g942z')
  await desk.keyboard.press('Control+Enter')
  await expect(nuovo).toContainText("L'ultimo carattere non corrisponde agli altri")
  await nuovo.getByLabel('Motivo per cui il codice è giusto così').fill('così sul tesserino')
  await nuovo.getByLabel('Cellulare').fill('333 1234567')
  await desk.keyboard.press('Escape')
  await panelOf(desk).getByRole('button', { name: 'Continua a modificare' }).click()
  await nuovo.getByLabel('Cellulare').press('Control+Enter')
  await expect(desk.getByText('Nuovo titolare in coda')).toBeVisible()
  await expect(panelOf(desk).getByRole('heading', { name: 'Aaronne Ida' })).toBeVisible()
  const filter = encodeURIComponent('codiceFiscale eq "PSSDAA80A41G942Z"')
  await expect
    .poll(() => other.list(`/titolari?filter=${filter}`))
    .toMatchObject([{ cognome: 'Aaronne', nome: 'Ida', cellulare: '+393331234567' }])
  await expect(panelOf(desk)).not.toContainText('in coda')
})

test('two titolari who are the same are merged by keyboard, and nothing of the other is lost unseen (D28)', async ({
  desk,
  other,
}) => {
  const stays = await somebody(other, 4)
  const goes = await somebody(other, 9)
  expect(goes.id).not.toBe(stays.id)
  await showTitolare(desk, stays)
  await panelOf(desk).getByRole('link', { name: 'Unisci con un altro titolare' }).press('Enter')
  await desk.getByRole('combobox', { name: 'Titolare da unire' }).fill(goes.codiceFiscale)
  await expect(desk.getByRole('option', { name: `${goes.cognome} ${goes.nome}` })).toBeVisible()
  await desk.keyboard.press('Enter')
  await desk.getByRole('radiogroup', { name: 'Chi resta' }).getByLabel(stays.id).press('Space')
  const lost = desk.getByRole('listitem').filter({ hasText: `Codice fiscale: ${goes.codiceFiscale}` })
  await expect(lost).toBeVisible()
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await judge(desk)
  await desk.emulateMedia({ colorScheme: 'light' })

  await desk.getByRole('button', { name: 'Unisci i titolari' }).press('Enter')
  const asked = desk.getByRole('alertdialog')
  await asked.getByRole('textbox').fill('unisci')
  await desk.keyboard.press('Enter')
  await expect(desk.getByText('Unione di titolari in coda')).toContainText(`${goes.cognome} ${goes.nome}`)
  await expect
    .poll(async () =>
      other.row(`/titolari/${goes.id}`).then(
        () => 'there',
        () => 'gone',
      ),
    )
    .toBe('gone')
  expect(await other.row(`/titolari/${stays.id}`)).toMatchObject({ codiceFiscale: stays.codiceFiscale })
})

test('page by page, the buttons stand below the rows, also beside the panel of a titolare', async ({ desk }) => {
  await desk.evaluate(() => {
    localStorage.setItem('sportello.elenchi', 'pages')
  })
  await desk.reload()
  await goTo(desk, 'Titolari')
  const rows = desk.getByRole('grid', { name: 'Elenco dei titolari' })
  await rows.getByRole('row').nth(3).click()
  await expect(desk.getByRole('complementary').getByRole('heading').first()).toBeVisible()
  const list = await rows.boundingBox()
  const turns = await desk.getByRole('button', { name: 'Seguente' }).boundingBox()
  expect(turns?.y).toBeGreaterThanOrEqual((list?.y ?? 0) + (list?.height ?? 0))
  expect(list?.width).toBeGreaterThan(600)
})
