import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Segnalazione } from '../../src-main/provider-contract/segnalazione.ts'
import {
  type Trainer,
  addCasella,
  addTitolare,
  mailReader,
  openPage,
  sendForm,
  summaryOf,
  trainerOf,
} from './life-client.ts'
import { type Client, type TestSandbox, read, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let trainer: Trainer
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 60 })
  client = await sandbox.as('demo')
  trainer = await trainerOf(sandbox)
})
afterAll(() => sandbox.remove())

const PAGES = ['posta', 'attivazioni', 'richieste', 'segnalazioni', 'caselle', 'guasti', 'orologio']

/** With headers that fetch would not send. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: sandbox.port, path, method, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('access', () => {
  test('every page asks for a login first, and so does every form', async () => {
    for (const name of PAGES) {
      const page = await openPage(sandbox, `/console/${name}`)
      expect([page.status, page.location]).toEqual([303, '/console/accesso'])
    }
    for (const path of ['/console/clock', '/console/guasti', '/console/caselle/C00000001', '/console/posta']) {
      const answer = await sendForm(sandbox, path, { giorni: '1', azione: 'sospendi' })
      expect([answer.status, answer.location]).toEqual([303, '/console/accesso'])
    }
  })

  test('an operator of an ente is nobody here, and the trainer is nobody there', async () => {
    const { status } = await sendForm(sandbox, '/console/accesso', { utente: 'demo', password: 'prova-sportello' })
    expect(status).toBe(401)
    const withCookie = await fetch(`${sandbox.url}/caselle`, { headers: { cookie: trainer.cookie } })
    expect(withCookie.status).toBe(401)
  })

  test('the cookie is HttpOnly and SameSite=Strict, and no good after leaving', async () => {
    const { user, password } = sandbox.console
    const response = await fetch(`${sandbox.url}/console/accesso`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: sandbox.url },
      body: new URLSearchParams({ utente: user, password }),
    })
    const header = response.headers.get('set-cookie') ?? ''
    expect(header).toContain('HttpOnly')
    expect(header).toContain('SameSite=Strict')
    const [cookie = ''] = header.split(';')
    expect((await openPage(sandbox, '/console/posta', cookie)).status).toBe(200)
    await sendForm(sandbox, '/console/uscita', {}, { cookie })
    expect((await openPage(sandbox, '/console/posta', cookie)).status).toBe(303)
  })

  test('a form of another site does nothing, with the cookie or without', async () => {
    for (const origin of ['https://altrove.example', 'null', '']) {
      const headers = { cookie: trainer.cookie, ...(origin === '' ? {} : { origin }) }
      const answer = await fetch(`${sandbox.url}/console/clock`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams({ giorni: '1' }),
      })
      expect(answer.status).toBe(403)
    }
    expect((await trainer.get('/console/orologio')).text).toContain('0 giorni')
  })

  test('a name that was made to lead here is refused', async () => {
    const cookie = trainer.cookie
    expect(await raw('/console/posta', { host: 'attaccante.example', cookie })).toBe(403)
    expect(await raw('/firma/abc', { host: 'attaccante.example' })).toBe(403)
    expect(await raw('/console/posta', { host: `localhost:${sandbox.port}`, cookie })).toBe(200)
  })

  test('wrong passwords slow the login down, for the right one too', async () => {
    const other = await startTestSandbox({ caselle: 0 })
    const { user, password } = other.console
    const attempt = (given: string) => sendForm(other, '/console/accesso', { utente: user, password: given })
    for (let count = 0; count < 5; count += 1) expect((await attempt('sbagliata')).status).toBe(401)
    expect((await attempt(password)).status).toBe(429)
    await other.remove()
  })
})

describe('pages', () => {
  test('each has a title, a language, no script and a policy that admits none', async () => {
    for (const name of PAGES) {
      const answer = await fetch(`${sandbox.url}/console/${name}`, { headers: { cookie: trainer.cookie } })
      const text = await answer.text()
      expect(answer.status, name).toBe(200)
      expect(text).toContain('<html lang="it">')
      expect(text).toMatch(/<h1>[^<]+<\/h1>/)
      expect(text).not.toMatch(/<script|style="|\son\w+=/i)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('script that stands in the data comes out as text, wherever it is shown', async () => {
    const script = '<script>alert("x")</script>\'"&'
    const titolare = await addTitolare(client, 'eva@posta.example')
    const answer = await client.patch(`/titolari/${titolare.id}`, '"v1"', { nome: script, cognome: script })
    expect(answer.status).toBe(200)
    const email = '"<img/src=x/onerror=alert(1)>"@posta.example'
    const casella = await addCasella(client, titolare, {
      denominazione: 'eva.script',
      tipologia: 'STANDARD',
      comunicazioniEmail: email,
    })
    const body = { tipo: 'posta', titolo: script, descrizione: script, casellaId: casella.id }
    const segnalazione = read(await client.post('/segnalazioni', body), Segnalazione, 201)
    await client.post('/messaggi', { segnalazioneId: segnalazione.id, testo: script })
    const shown = [
      '/console/posta',
      `/console/caselle/${casella.id}`,
      '/console/segnalazioni',
      `/console/segnalazioni/${segnalazione.id}`,
      `/console/caselle?q=${encodeURIComponent(script)}`,
    ]
    for (const path of shown) {
      const { status, text } = await trainer.get(path)
      expect(status, path).toBe(200)
      expect(text, path).not.toMatch(/<script|<img/i)
    }
    expect((await trainer.get(`/console/segnalazioni/${segnalazione.id}`)).text).toContain(
      '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&quot;&amp;',
    )
  })

  test('what is not there is a page that says so, and what is malformed changes nothing', async () => {
    for (const path of [
      '/console/posta/999999',
      '/console/posta/x',
      '/console/caselle/C99',
      '/console/segnalazioni/R9',
    ]) {
      expect((await trainer.get(path)).status).toBe(404)
    }
    expect((await trainer.get('/console/posta?prima=x')).status).toBe(400)
    for (const fields of [{ giorni: '-1' }, { giorni: '1e9' }, { giorni: 'x' }]) {
      expect((await trainer.post('/console/clock', fields)).location).toContain('dati_errati')
    }
    expect((await trainer.post('/console/caselle/C00000001', { azione: 'spazio', usatoMb: '-5' })).location).toContain(
      'dati_errati',
    )
    expect((await openPage(sandbox, '/firma/inventato')).status).toBe(410)
    expect((await sendForm(sandbox, '/password/inventato', { password: 'Segreta2026' })).status).toBe(410)
  })
})

describe('help desk', () => {
  test('a segnalazione is taken, answered and closed with problem, action and solution, and its opener is told', async () => {
    const newMails = mailReader(sandbox)
    const body = { tipo: 'posta', titolo: 'Non riceve', descrizione: 'Da ieri.' }
    const { id } = read(await client.post('/segnalazioni', body), Segnalazione, 201)
    await newMails()
    const path = `/console/segnalazioni/${id}`
    await trainer.post(path, { azione: 'presa' })
    await trainer.post(path, { azione: 'risposta', testo: 'Quale messaggio di errore appare?' })
    const asked = read(await client.get(`/segnalazioni/${id}`), Segnalazione)
    expect(asked.stato).toBe('attesa_operatore')
    await client.post('/messaggi', { segnalazioneId: id, testo: 'Casella piena.' })
    expect((await trainer.get(path)).text).toContain('Casella piena.')
    await trainer.post(path, { azione: 'chiusura', problema: 'Spazio', svolta: '', soluzione: 'Altro piano' })
    expect(read(await client.get(`/segnalazioni/${id}`), Segnalazione).stato).toBe('presa_in_carico')
    await trainer.post(path, { azione: 'chiusura', problema: 'Spazio', svolta: 'Controllo', soluzione: 'Altro piano' })
    const closed = read(await client.get(`/segnalazioni/${id}`), Segnalazione)
    expect(closed).toMatchObject({ stato: 'chiusa', problema: 'Spazio', azione: 'Controllo', soluzione: 'Altro piano' })
    const mails = await newMails()
    expect(summaryOf(mails).every((line) => line.startsWith('segnalazione > '))).toBe(true)
    expect(mails.at(-1)?.text).toContain('Soluzione: Altro piano')
  })
})

describe('faults', () => {
  test('a fault is switched on and off, and the console itself stays reachable', async () => {
    const fields = { azione: 'aggiungi', tipo: 'unauthorized', percorso: '/*', probabilita: '1' }
    expect((await trainer.post('/console/guasti', fields)).location).toBe('/console/guasti?esito=fatto')
    expect((await client.get('/caselle')).status).toBe(401)
    expect((await trainer.get('/console/guasti')).text).toContain('1 su 1')
    await trainer.post('/console/guasti', { azione: 'spegni' })
    expect((await client.get('/caselle')).status).toBe(200)
    const bad = { ...fields, probabilita: '7' }
    expect((await trainer.post('/console/guasti', bad)).location).toContain('dati_errati')
  })
})
