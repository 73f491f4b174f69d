import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { archiveOnDisk, demoKeyOf, rawDatabase } from '../support/archive-on-disk.ts'
import { startApplication } from '../support/application.ts'
import { providerInEarnest } from '../support/provider-in-earnest.ts'
import { expect, test } from './fixtures.ts'
import { judge } from './judge.ts'
import { activeCasella, alignNow, badge, editCasella, goTo, showCasella, total } from './screens.ts'
import { chooseEveryDominio, fillIn, submit } from './sign-in.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'

const themes = ['light', 'dark'] as const

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme })
    await judge(page)
    await test.info().attach(`${name}-${colorScheme}`, { body: await page.screenshot(), contentType: 'image/png' })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function openArchive(page: Page): Promise<void> {
  await goTo(page, 'Impostazioni')
  await page.getByRole('tab', { name: 'Archivio e copie' }).click()
}

test('a copy is made, restored and told of in the settings, and the queue is exported', async ({
  desk,
  network,
  other,
}) => {
  const casella = await activeCasella(other)
  await openArchive(desk)
  await expect(desk.getByText('Nessuna copia ancora.')).toBeVisible()
  await expect(desk.getByText('Questo archivio contiene solo dati generati')).toBeVisible()
  await desk.getByRole('button', { name: 'Fai una copia ora' }).click()
  await expect(desk.getByText('Copia fatta e verificata.')).toBeVisible()
  await expect(desk.getByRole('row').filter({ hasText: 'Su richiesta' })).toHaveCount(1)

  await network.refuse()
  await showCasella(desk, casella.indirizzo)
  await editCasella(desk, { quotaMb: casella.quotaMb + 1024 })
  await expect(badge(desk)).toContainText('1 in coda')
  await openArchive(desk)
  await expect(desk.getByText('Una modifica non inviata.')).toBeVisible()
  await look(desk, 'impostazioni')
  const [download] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: 'Esporta per Excel (CSV)' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^modifiche-non-inviate-\d{4}-\d\d-\d\d\.csv$/)
  expect(readFileSync(await download.path(), 'utf8')).toContain(casella.indirizzo)

  await desk.getByRole('button', { name: /^Ripristina la copia del/ }).click()
  const confirm = desk.getByRole('alertdialog', { name: /^Ripristinare la copia del/ })
  await expect(confirm).toContainText('non cancellato')
  await look(desk, 'ripristino')
  await confirm.getByRole('button', { name: 'Ripristina la copia' }).click()
  await expect(desk.getByText('Copia ripristinata.')).toBeVisible()
  await expect(desk.getByText('Una modifica non inviata.')).toBeVisible()
  await network.heal()
  await alignNow(desk)
  await expect(badge(desk)).toHaveText(/^Allineato alle \d\d:\d\d$/)
  await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(casella.quotaMb + 1024)
})

test('a damaged archive says what happened, exports the queue and begins anew with it', async ({
  page,
  launch,
  network,
  other,
  folder,
}) => {
  const casella = await activeCasella(other)
  let application = await launch()
  await page.goto(application.address())
  await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
  await fillIn(page, demoUsers.demo.user, demoUsers.demo.password)
  await submit(page)
  await expect(badge(page)).toHaveText(/^Allineato alle/)
  await chooseEveryDominio(page)
  await network.refuse()
  await showCasella(page, casella.indirizzo)
  await editCasella(page, { quotaMb: casella.quotaMb + 2048 })
  await expect(badge(page)).toContainText('1 in coda')
  await application.stop()
  writeFileSync(archiveOnDisk(join(folder, 'dati')).database, Buffer.alloc(65_536, 7))

  application = await launch()
  await page.goto(application.address())
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("L'archivio locale è danneggiato")
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page.getByText('1 recuperabile;')).toBeVisible()
  await look(page, 'danneggiato')
  await page.getByRole('button', { name: 'Riprova' }).click()
  await expect(page.getByText('Il problema c’è ancora').or(page.getByText("Il problema c'è ancora"))).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Esporta completo (JSON)' }).click(),
  ])
  expect(readFileSync(await download.path(), 'utf8')).toContain(casella.indirizzo)

  await page.getByRole('button', { name: 'Metti da parte e ricomincia' }).click()
  await expect(page.getByText('Scrivere RICOMINCIA.', { exact: true })).toBeVisible()
  await look(page, 'ricomincia')
  await page.getByLabel('Per confermare scrivere RICOMINCIA').fill('ricomincia')
  await page.getByRole('button', { name: 'Metti da parte e ricomincia' }).click()
  await expect(page.getByRole('heading', { name: 'Accesso al gestore' })).toBeVisible()
  await network.heal()
  await fillIn(page, demoUsers.demo.user, demoUsers.demo.password)
  await submit(page)
  await expect(badge(page)).toHaveText(/^Allineato alle/)
  await chooseEveryDominio(page)
  await expect.poll(async () => (await other.casella(casella.id)).quotaMb).toBe(casella.quotaMb + 2048)
  await goTo(page, 'Caselle')
  await expect(total(page)).not.toHaveText('0')
})

test('an archive of a newer version, a key kept elsewhere and a second window each have their screen', async ({
  page,
  launch,
  folder,
  browser,
}) => {
  let application = await launch()
  await page.goto(application.address())
  await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
  await fillIn(page, demoUsers.demo.user, demoUsers.demo.password)
  await submit(page)
  await expect(badge(page)).toHaveText(/^Allineato alle/)
  await chooseEveryDominio(page)
  const data = join(folder, 'dati')
  await test.step('a second window', async () => {
    const second = await startApplication({ data })
    const context = await browser.newContext()
    const other = await context.newPage()
    await other.goto(second.address())
    await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sportello LRA è già aperto')
    await expect(other.getByText(data)).toBeVisible()
    await look(other, 'gia-aperto')
    await context.close()
    await second.stop()
  })
  await application.stop()
  const db = rawDatabase(archiveOnDisk(data).database, demoKeyOf(data))
  db.pragma('user_version = 99')
  db.close()
  await test.step('a newer version', async () => {
    application = await launch()
    await page.goto(application.address())
    await expect(page.getByRole('heading', { level: 1 })).toHaveText("L'archivio è di una versione più recente")
    await expect(page.getByText('99 (questo programma arriva alla')).toBeVisible()
    await expect(page.getByText('Ricominciare con un archivio vuoto')).toHaveCount(0)
    await look(page, 'versione-recente')
    await application.stop()
  })
  await test.step('a key that the window keeps', async () => {
    const path = join(data, 'configurazione.json')
    const config = JSON.parse(readFileSync(path, 'utf8')) as { archives: Record<string, { custody: unknown }> }
    // What the window's custody has, no keyring of this machine gives, whether there is one or not.
    const by = { machine: 'PC', user: 'u', keeper: 'safe_storage' }
    for (const entry of Object.values(config.archives)) entry.custody = { kind: 'system', by }
    writeFileSync(path, JSON.stringify(config))
    application = await launch()
    await page.goto(application.address())
    await expect(page.getByRole('heading', { level: 1 })).toHaveText("La chiave dell'archivio è altrove")
    await page.getByLabel('Riga 1').fill('0000 0000 0000 0001')
    await page.getByRole('button', { name: 'Apri con la chiave' }).click()
    await expect(page.getByText('La riga 1 non è scritta come sul foglio')).toBeVisible()
    await look(page, 'chiave-altrove')
  })
})

test('a key that can be printed is told of once, and the notice leads to where it is printed', async ({
  page,
  folder,
  sandbox,
}) => {
  const provider = await providerInEarnest(sandbox.url)
  const application = await startApplication({ data: join(folder, 'esercizio'), provider: provider.url })
  try {
    await page.goto(application.address())
    await page.getByRole('button', { name: 'Collega il gestore della tua organizzazione' }).click()
    await fillIn(page, demoUsers.demo.user, demoUsers.demo.password)
    await submit(page)
    await page.getByLabel("Frase segreta dell'archivio", { exact: true }).fill('quattro cavalli bianchi')
    await page.getByLabel('Ripeti la frase segreta').fill('quattro cavalli bianchi')
    await submit(page)
    await expect(badge(page)).toHaveText(/^Allineato alle/)
    const notice = page.getByRole('complementary', { name: "Avvisi sull'archivio" })
    await look(page, 'chiave-offerta')
    await notice.getByRole('link').click()
    await expect(page.getByRole('tab', { name: 'Archivio e copie' })).toHaveAttribute('aria-selected', 'true')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Prepara il foglio da stampare' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('chiave-di-recupero.pdf')
    await expect(notice).toHaveCount(0)
  } finally {
    await application.stop()
    await provider.close()
  }
})
