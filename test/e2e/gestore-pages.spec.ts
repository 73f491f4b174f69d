import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { addCasella, addDocumento, addTitolare, linkIn, mailReader } from '../sandbox/life-client.ts'
import { startTestSandbox } from '../sandbox/sandbox-client.ts'

/** No violation, and nothing to scroll sideways, on a desk or in a hand. */
async function judge(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([])
  for (const width of [390, 1366]) {
    await page.setViewportSize({ width, height: 768 })
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wider, page.url()).toBeLessThanOrEqual(0)
  }
}

const PLANS: [ProfileName, { tipologia: string; quotaMb?: number }][] = [
  ['basilicata', { tipologia: '1 GB' }],
  ['toscana', { tipologia: 'STANDARD' }],
  ['poste', { tipologia: 'PEC', quotaMb: 1000 }],
  ['ordine', { tipologia: '1 GB' }],
]

for (const [profile, plan] of PLANS) {
  test(`${profile}: console and pages of the holder have no accessibility violation`, async ({ page }) => {
    const sandbox = await startTestSandbox({ caselle: 60, profile })
    try {
      const client = await sandbox.as('demo')
      const newMails = mailReader(sandbox)
      const given = { denominazione: 'ada.prova', ...plan, comunicazioniEmail: 'ada@posta.example' }
      const casella = await addCasella(client, await addTitolare(client, 'ada@posta.example'), given)
      if (profile === 'toscana') await addDocumento(client, casella.id, 'attivazione')

      // By the keyboard alone, from the way in to a casella that is active.
      await page.goto(sandbox.console.url)
      // The browser moves the focus there when it first draws, which may be after the page is loaded.
      await expect(page.getByLabel('Utente')).toBeFocused()
      await page.keyboard.type(sandbox.console.user)
      await page.keyboard.press('Tab')
      await page.keyboard.type('sbagliata')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('alert')).toHaveText('Utente o password non corretti.')
      await judge(page)
      await page.getByLabel('Utente').fill(sandbox.console.user)
      await page.getByLabel('Password').fill(sandbox.console.password)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('heading', { name: 'Posta in uscita' })).toBeVisible()
      await page.keyboard.press('Tab')
      await expect(page.getByRole('link', { name: 'Vai al contenuto' })).toBeFocused()

      if (profile === 'toscana') {
        await page.getByRole('link', { name: 'Attivazioni in attesa' }).click()
        const waiting = page.getByRole('row', { name: casella.indirizzo })
        await waiting.getByText('Respingi i documenti').first().focus()
        await page.keyboard.press('Enter')
        await expect(waiting.getByLabel('Motivo, per lo sportello')).toBeVisible()
        await judge(page)
        await page.getByRole('button', { name: `Attiva: ${casella.indirizzo}` }).focus()
        await page.keyboard.press('Enter')
        await expect(page.getByRole('status')).toHaveText('Fatto.')
      }
      const names = ['richieste', 'segnalazioni', 'caselle?q=a', 'guasti', 'orologio', 'nulla', `caselle/${casella.id}`]
      // The profiles differ in what waits and in what is mailed; the other pages are the same.
      for (const name of ['attivazioni', 'posta/1', ...(profile === 'toscana' ? names : [])]) {
        await page.goto(`${sandbox.url}/console/${name}`)
        await judge(page)
      }
      const mails = await newMails()
      const linked = mails.filter(({ text }) => /\/(?:firma|password|modulo|attivazione)/.test(text ?? ''))
      expect(linked.length).toBeGreaterThan(0)
      for (const path of [...linked.map(linkIn), '/firma/mai-esistito']) {
        await page.goto(sandbox.url + path)
        await judge(page)
      }
      if (profile === 'basilicata') {
        await page.goto(sandbox.url + linkIn(linked[0]))
        await page.getByRole('button', { name: 'Invia il codice per e-mail' }).click()
        await judge(page)
        await page.getByLabel('Codice ricevuto').fill('1')
        await page.getByLabel('Ho letto il contratto').check()
        await page.getByRole('button', { name: 'Firma', exact: true }).click()
        await expect(page.getByRole('alert')).toContainText('Il codice non è quello inviato')
        await judge(page)
      }
    } finally {
      await sandbox.remove()
    }
  })
}
