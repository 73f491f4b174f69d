import type { Locator, Page } from '@playwright/test'
import { z } from 'zod'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { Attivita, Titolare } from '../../src-main/provider-contract/titolare.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { expect, test } from './fixtures.ts'
import { heldBack } from './held-back.ts'
import { activeCasella, activeCaselle, goTo, listOfCaselle, searchBox, total } from './screens.ts'

const rowOf = (page: Page, indirizzo: string): Locator =>
  listOfCaselle(page).getByRole('row').filter({ hasText: indirizzo })

async function allCaselle(other: Colleague): Promise<Casella[]> {
  return (await other.page('/caselle?limit=200')).items
}

test('the list follows what is typed, by address, holder, codice fiscale and ragione sociale', async ({
  desk,
  other,
}) => {
  const caselle = await allCaselle(other)
  const titolari = z.array(Titolare).parse(await other.list('/titolari?limit=500'))
  const attivita = z.array(Attivita).parse(await other.list('/attivita?limit=500'))
  await expect(total(desk)).toHaveText(String(caselle.length))

  await test.step('by address, as it is typed', async () => {
    const { indirizzo } = await activeCasella(other, 3)
    const beginning = indirizzo.slice(0, 4)
    await searchBox(desk).pressSequentially(beginning)
    await expect(total(desk)).not.toHaveText(String(caselle.length))
    await expect(rowOf(desk, beginning).first()).toBeVisible()
    await searchBox(desk).pressSequentially(indirizzo.slice(4))
    await expect(total(desk)).toHaveText('1')
    await expect(rowOf(desk, indirizzo)).toHaveCount(1)
  })

  await test.step('by holder, in any order of the words', async () => {
    const { titolareId, indirizzo } = await activeCasella(other, 5)
    const { nome, cognome } = titolari.find(({ id }) => id === titolareId) ?? { nome: '', cognome: '' }
    for (const words of [`${cognome} ${nome}`, `${nome} ${cognome}`.toUpperCase()]) {
      await searchBox(desk).fill(words)
      await expect(rowOf(desk, indirizzo)).toContainText(`${cognome} ${nome}`)
      await expect(total(desk)).not.toHaveText(String(caselle.length))
    }
  })

  await test.step('by codice fiscale', async () => {
    const { titolareId, indirizzo } = await activeCasella(other, 7)
    const codiceFiscale = titolari.find(({ id }) => id === titolareId)?.codiceFiscale ?? ''
    await searchBox(desk).fill(codiceFiscale.toLowerCase())
    await expect(total(desk)).toHaveText(String(caselle.filter((each) => each.titolareId === titolareId).length))
    await expect(rowOf(desk, indirizzo)).toHaveCount(1)
  })

  await test.step('by ragione sociale', async () => {
    const casella = (await activeCaselle(other)).find(({ titolareId }) =>
      attivita.some((each) => each.titolareId === titolareId),
    )
    const ragioneSociale = attivita.find(({ titolareId }) => titolareId === casella?.titolareId)?.ragioneSociale ?? ''
    expect(ragioneSociale).not.toBe('')
    await searchBox(desk).fill(ragioneSociale)
    await expect(rowOf(desk, casella?.indirizzo ?? '')).toHaveCount(1)
    await expect(total(desk)).not.toHaveText(String(caselle.length))
  })

  await test.step('nothing found says so and offers the way back', async () => {
    await searchBox(desk).fill('zzzz')
    await expect(desk.getByText('Nessuna casella corrisponde')).toBeVisible()
    await listOfCaselle(desk).getByRole('button', { name: 'pulisci' }).click()
    await expect(total(desk)).toHaveText(String(caselle.length))
  })
})

test('what is typed while a way to the list is still being looked up is kept, and what was typed before it gives way', async ({
  desk,
  other,
}) => {
  const [first, second] = [await activeCasella(other, 0), await activeCasella(other, 1)]
  const toList = desk.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Caselle' })
  await searchBox(desk).fill(first.indirizzo)
  await expect(rowOf(desk, first.indirizzo)).toHaveCount(1)
  await expect(desk).toHaveURL(/cerca=/)

  const lookup = await heldBack(desk, 'domini.toChoose')
  await toList.click()
  await lookup.asked
  await searchBox(desk).fill(second.indirizzo)
  lookup.release()
  await expect(rowOf(desk, second.indirizzo)).toHaveCount(1)
  await expect(searchBox(desk)).toHaveValue(second.indirizzo)
  await expect(desk).toHaveURL(new RegExp(`cerca=${second.indirizzo.slice(0, 4)}`))
  await desk.unroute('**/api')

  await searchBox(desk).fill('nessuna così')
  await toList.click()
  await expect(searchBox(desk)).toHaveValue('')
  await expect(desk).not.toHaveURL(/cerca=/)
})

test('the menu leads back to the list as it was left, also where a way to it was given up or a word was just typed', async ({
  desk,
  other,
}) => {
  const [first, second] = [await activeCasella(other, 0), await activeCasella(other, 1)]
  await searchBox(desk).fill(second.indirizzo)
  await expect(desk).toHaveURL(/cerca=/)
  const lookup = await heldBack(desk, 'domini.toChoose')
  await desk.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Caselle' }).click()
  await lookup.asked
  await searchBox(desk).fill(first.indirizzo)
  await expect(desk).toHaveURL(new RegExp(`cerca=${first.indirizzo.slice(0, 4)}`))
  lookup.release()
  await goTo(desk, 'Titolari')
  await goTo(desk, 'Caselle')
  await expect(searchBox(desk)).toHaveValue(first.indirizzo)
  await expect(rowOf(desk, first.indirizzo)).toHaveCount(1)

  await searchBox(desk).fill(second.indirizzo)
  await desk.keyboard.press('F1')
  await expect(desk).toHaveURL(/guida/)
  await goTo(desk, 'Caselle')
  await expect(searchBox(desk)).toHaveValue(second.indirizzo)
})

test('dominio and stato narrow the list, stand in the address, and are there again on return', async ({
  desk,
  other,
}) => {
  const caselle = await allCaselle(other)
  const dominio = (await activeCasella(other)).dominio
  const ofDominio = caselle.filter((casella) => casella.dominio === dominio)
  const eliminate = ofDominio.filter(({ ciclo }) => ciclo === 'eliminata')

  await desk.getByRole('combobox', { name: 'Dominio' }).selectOption(dominio)
  await expect(total(desk)).toHaveText(String(ofDominio.length))
  await desk.getByRole('combobox', { name: 'Stato' }).selectOption('Eliminata')
  await expect(total(desk)).toHaveText(String(eliminate.length))
  await expect(desk).toHaveURL(/[?&]stato=eliminata/)

  await goTo(desk, 'Domini')
  await goTo(desk, 'Caselle')
  await expect(desk.getByRole('combobox', { name: 'Stato' })).toHaveValue('eliminata')
  await expect(total(desk)).toHaveText(String(eliminate.length))
  await desk.reload()
  await expect(total(desk)).toHaveText(String(eliminate.length))

  // The domain is where one works (D14): clearing the filters stays there, all domains are chosen as such.
  await desk.getByTestId('clear-filters').click()
  await expect(total(desk)).toHaveText(String(ofDominio.length))
  await expect(desk).not.toHaveURL(/stato=/)
  await desk.getByRole('combobox', { name: 'Dominio' }).selectOption({ index: 0 })
  await expect(total(desk)).toHaveText(String(caselle.length))
})

test('the keyboard alone finds a casella, opens it and comes back to the list as it was', async ({ desk, other }) => {
  const { dominio } = await activeCasella(other)
  const list = listOfCaselle(desk)

  await desk.keyboard.press('/')
  await expect(searchBox(desk)).toBeFocused()
  await desk.keyboard.type(dominio)
  await expect(desk).toHaveURL(/cerca=/)
  await list.focus()
  await desk.keyboard.press('ArrowDown')
  await desk.keyboard.press('ArrowDown')
  await expect(list.locator('[aria-rowindex="3"]')).toHaveClass(/active/)
  const indirizzo = (await list.locator('[aria-rowindex="3"] .address').textContent())?.trim() ?? ''
  await expect(desk.getByRole('region', { name: 'Dettaglio della casella' })).toContainText(indirizzo)

  await desk.keyboard.press('Enter')
  await expect(desk).toHaveURL(/#\/caselle\/[^?]+$/)
  await expect(desk.getByRole('heading', { name: indirizzo })).toBeVisible()
  await desk.keyboard.press('Escape')
  await expect(desk).toHaveURL(/cerca=/)
  await expect(searchBox(desk)).toHaveValue(dominio)
  await expect(list.locator('[aria-rowindex="3"]')).toHaveClass(/active/)

  await list.focus()
  await desk.keyboard.press('Escape')
  await expect(desk.getByRole('region', { name: 'Dettaglio della casella' })).toBeHidden()
  await expect(desk.getByRole('button', { name: 'Mostra il dettaglio' })).toBeVisible()
})
