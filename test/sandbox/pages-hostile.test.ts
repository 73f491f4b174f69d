import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { Segnalazione } from '../../src-main/provider-contract/segnalazione.ts'
import { createConsoleAccess } from '../../src-main/sandbox/console/console-access.ts'
import {
  type Trainer,
  addCasella,
  addTitolare,
  casellaOf,
  linkIn,
  mailReader,
  openPage,
  sendForm,
  trainerOf,
} from './life-client.ts'
import { type Client, type TestSandbox, read, sha256, startTestSandbox, uploadMetadata } from './sandbox-client.ts'

/** The pages that the OpenAPI document does not tell of, asked and written to by who means harm. */
interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** As it is given: no path tidied, no header added but the host. */
function raw(port: number, path: string, { method = 'GET', headers = {}, body = '' }: Sent = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const host = `127.0.0.1:${port}`
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const PROFILES: [ProfileName, { tipologia: string; quotaMb?: number }][] = [
  ['basilicata', { tipologia: '1 GB' }],
  ['toscana', { tipologia: 'STANDARD' }],
  ['poste', { tipologia: 'PEC', quotaMb: 1000 }],
  ['ordine', { tipologia: '1 GB' }],
]

/** Ends a tag, an attribute in either quotes, a comment, a title and a textarea. */
const PAYLOAD = `--></title></textarea>"'><script>alert(1)</script><b onclick=alert(1)>&lt;`
const LOOSE = /<script|<b onclick|"'>|'&gt;<|\son\w+\s*=\s*["']?alert(?!\(1\)&gt;)/i

function expectWholePage(path: string, { headers, text }: { headers: Record<string, unknown>; text: string }) {
  expect(headers['x-content-type-options'], path).toBe('nosniff')
  if (!String(headers['content-type']).startsWith('text/html')) return
  const policy = String(headers['content-security-policy'])
  expect(policy, path).toContain("default-src 'none'")
  expect(policy, path).toContain("frame-ancestors 'none'")
  expect(policy, path).not.toMatch(/unsafe|script-src/)
  expect(headers['x-frame-options'], path).toBe('DENY')
  expect(headers['cache-control'], path).toBe('no-store')
  expect(text, path).not.toMatch(/<script|\sat .+:\d+:\d+|node_modules|SqliteError|src-main/i)
}

describe('one profile', () => {
  let sandbox: TestSandbox
  let trainer: Trainer
  let client: Client
  beforeAll(async () => {
    sandbox = await startTestSandbox({ caselle: 20 })
    trainer = await trainerOf(sandbox)
    client = await sandbox.as('demo')
  })
  afterAll(() => sandbox.remove())

  const PATHS = ['/console/posta', '/console/caselle', '/console/segnalazioni', '/firma', '/password', '/modulo']
  const TRICKS = [
    '/%00',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..\\..\\x',
    '/%ff%fe',
    '/%E0%A4%A',
    '/%',
    `/${'a'.repeat(101)}`,
    `/${'a'.repeat(5000)}`,
    '/__proto__',
    '/constructor',
    '/NaN',
    '/-1',
    '/1e400',
    `/%3Cscript%3Ealert(1)%3C/script%3E`,
    "/'%20OR%201=1--",
    '/%F0%9F%98%80',
    '/a%0D%0Aset-cookie:%20a=b',
    '//altrove.example',
    '/;x',
    '/?esito=__proto__',
    '/?esito=%3Cscript%3E',
    '/x?prima=x&prima=y&q=a&q=b&file=../../x&esito=a&esito=b',
    '/x?%00=%ff',
  ]
  const FIXED = [
    ...TRICKS.map((trick) => `/console/caselle/C00000001/documenti${trick}`),
    ...PATHS.flatMap((path) => TRICKS.map((trick) => path + trick)),
    ...[
      '/console/',
      '/console/nulla',
      '/console/Posta',
      '/attivazione/x',
      '/attivazione?x=%ff',
      '/firma/',
      '/stile.css',
    ],
    ...['/console/posta?prima=1e300', '/console/posta?prima=-1', '/console/posta?prima=%00', '/console/faults?x=%ff'],
    ...['/console/caselle?q=%00', '/console/caselle?q=%25', `/console/caselle?q=${'%20'.repeat(101)}`],
  ]

  test('no address, however it is written, gives more than a page that says no', async () => {
    for (const path of FIXED) {
      for (const headers of [{ cookie: trainer.cookie }, {}]) {
        const answer = await raw(sandbox.port, path, { headers })
        expect(answer.status, path).toBeLessThan(500)
        expect(answer.headers['set-cookie'], path).toBeUndefined()
        expect(answer.text, path).not.toMatch(/root:|etc\/passwd/)
        expectWholePage(path, answer)
        if (answer.status >= 400 && !path.startsWith('/console/faults')) {
          expect(String(answer.headers['content-type']), path).toContain('text/html')
          expect(answer.text, path).toContain('<html lang="it">')
        }
      }
    }
  })

  test('another method than those of a page is told on a page, with what is allowed', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      const answer = await raw(sandbox.port, '/console/posta', { method, headers: { cookie: trainer.cookie } })
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST'])
    }
  })

  const HOSTS = [
    'altrove.example',
    '127.0.0.1.altrove.example',
    'localhost.altrove.example',
    'altrove.example:8790',
    '127.0.0.1@altrove.example',
    '127.0.0.1:1:1',
    '0.0.0.0',
    '[::1]',
  ]
  test.each(HOSTS)('the name %j does not lead here (DNS rebinding)', async (host) => {
    for (const path of [
      '/console/posta',
      '/console/accesso',
      '/firma/x',
      '/attivazione',
      '/modulo/x',
      '/console/faults',
      '/caselle',
      '/health',
    ]) {
      const answer = await raw(sandbox.port, path, { headers: { host, cookie: trainer.cookie } })
      expect([400, 403], path).toContain(answer.status)
    }
  })

  const FORMS = [
    '/console/accesso',
    '/console/uscita',
    '/console/clock',
    '/console/guasti',
    '/console/posta',
    '/console/caselle/C00000001',
    '/console/caselle/C00000001/attivazione',
    '/console/caselle/C00000001/richiesta',
    '/console/caselle/C00000001/credenziali',
    '/console/segnalazioni/S00000001',
    '/firma/x',
    '/password/x',
    '/attivazione',
    '/modulo/x',
  ]
  test.each(FORMS)('the form %s is taken from these pages only', async (path) => {
    const origin = sandbox.url
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'null' },
      { origin: 'https://altrove.example' },
      { origin: `${origin}.altrove.example` },
      { origin: `http://127.0.0.1:1` },
      { origin, 'sec-fetch-site': 'cross-site' },
      { origin, 'sec-fetch-site': 'same-site' },
      { origin, 'sec-fetch-site': 'none' },
      { referer: `${origin}/console/posta` },
    ]
    for (const headers of foreign) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const sent = {
        method: 'POST',
        headers: { cookie: trainer.cookie, ...type, ...headers },
        body: 'giorni=1&azione=sospendi',
      }
      const answer = await raw(sandbox.port, path, sent)
      expect(answer.status, JSON.stringify(headers)).toBe(403)
      expectWholePage(path, answer)
    }
    expect((await trainer.get('/console/orologio')).text).toContain('0 giorni')
  })

  test('a session of the console is known only as it was given, and ends with its leaving and its hours', async () => {
    const [name = '', token = ''] = trainer.cookie.split('=')
    const forged = [
      `${name}=${'a'.repeat(43)}`,
      `${name}=${token.slice(0, -1)}`,
      `${name}=${token}a`,
      `${name}=${token.toUpperCase()}`,
      `${name}=`,
      `x${name}=${token}`,
      `console=${token}`,
      `${name}=${'a'.repeat(43)}; ${name}=${token}`,
    ]
    for (const cookie of forged) expect((await openPage(sandbox, '/console/posta', cookie)).status, cookie).toBe(303)

    let now = 0
    const access = createConsoleAccess(() => now)
    const opened = access.open(access.user, access.password)
    if ('wait' in opened) throw new Error('not opened')
    now = 8 * 3_600_000 - 1
    expect(access.isOpen(opened.token)).toBe(true)
    now += 1
    expect(access.isOpen(opened.token)).toBe(false)
  })

  test('a login with a session of before ends that session: none is fixed from outside', async () => {
    const { user, password } = sandbox.console
    const first = await trainerOf(sandbox)
    const second = await sendForm(sandbox, '/console/accesso', { utente: user, password }, { cookie: first.cookie })
    expect(second.cookie).not.toBe(first.cookie)
    expect((await first.get('/console/posta')).status).toBe(303)
    expect((await openPage(sandbox, '/console/posta', second.cookie ?? '')).status).toBe(200)
  })

  test('the wait after wrong passwords is told, and grows', () => {
    let now = 0
    const access = createConsoleAccess(() => now)
    const wrong = () => access.open(access.user, 'sbagliata')
    for (let count = 0; count < 5; count += 1) expect(wrong()).toEqual({ wait: 0 })
    expect(wrong()).toEqual({ wait: 2 })
    now += 2000
    expect(wrong()).toEqual({ wait: 0 })
    expect(access.open(access.user, access.password)).toEqual({ wait: 4 })
    expect(access.open(`${access.user} ${access.password}`, '')).toEqual({ wait: 4 })
  })

  test('the server listens on loopback alone', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each !== undefined && !each.internal && each.family === 'IPv4')
    for (const other of others) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: other?.address ?? '', port: sandbox.port, timeout: 2000 })
        const told = (is: boolean) => () => {
          socket.destroy()
          resolve(is)
        }
        socket.on('connect', told(true)).on('error', told(false)).on('timeout', told(false))
      })
      expect(reached).toBe(false)
    }
  })

  const VALUES = [
    '',
    '0',
    '-1',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '999999999999',
    '1.5',
    ' 1 ',
    'si',
    'no',
    '\u0000',
    '\ud800',
  ]
  const LONG = [
    PAYLOAD,
    '\r\nBcc: a@b.example',
    '\u202e\u0007\u001b[31m',
    'è'.repeat(12_000),
    '__proto__',
    '[object Object]',
  ]
  const FIELDS: [path: string, names: string[], fixed?: Record<string, string>][] = [
    ['/console/clock', ['giorni', 'minuti']],
    ['/console/guasti', ['azione', 'tipo', 'percorso', 'metodo', 'probabilita', 'volte', 'ms', 'indice']],
    ['/console/guasti', ['indice'], { azione: 'togli' }],
    ['/console/guasti', ['percorso', 'ms', 'volte', 'probabilita'], { tipo: 'latency', percorso: '/mai' }],
    ['/console/caselle/C00000001', ['azione']],
    ['/console/caselle/C00000001', ['usatoMb'], { azione: 'spazio' }],
    ['/console/caselle/C00000001/attivazione', ['esito', 'motivo'], { esito: 'no' }],
    ['/console/caselle/C00000001/richiesta', ['esito', 'motivo'], { esito: 'no' }],
    ['/console/caselle/C00000001/credenziali', ['esito', 'motivo'], { esito: 'no' }],
    ['/console/segnalazioni/SEG', ['azione']],
    ['/console/segnalazioni/SEG', ['testo'], { azione: 'risposta' }],
    ['/console/segnalazioni/SEG', ['problema', 'svolta'], { azione: 'chiusura', soluzione: '' }],
    ['/attivazione', ['indirizzo', 'codice', 'password', 'ripetuta']],
    ['/attivazione', ['indirizzo', 'codice'], { password: 'Segreta2026', ripetuta: 'Segreta2026' }],
    ['/firma/x', ['azione', 'codice', 'accetto']],
    ['/password/x', ['password', 'ripetuta']],
    ['/modulo/x', ['consenso']],
  ]
  test('every field of every form, with whatever may come in it: no error, and every page stays whole', async () => {
    const body = { tipo: 'posta', titolo: 'Prova', descrizione: 'Prova' }
    const { id } = read(await client.post('/segnalazioni', body), Segnalazione, 201)
    const type = { 'content-type': 'application/x-www-form-urlencoded', cookie: trainer.cookie, origin: sandbox.url }
    for (const [form, names, fixed = {}] of FIELDS) {
      const path = form.replace('SEG', id)
      for (const name of names) {
        for (const value of [...VALUES, ...LONG]) {
          const fields = new URLSearchParams({ ...fixed, [name]: value })
          const doubled = `${fields.toString()}&${new URLSearchParams({ [name]: value, [`${name}[]`]: value }).toString()}`
          const answer = await raw(sandbox.port, path, { method: 'POST', headers: type, body: doubled })
          const what = `${path} ${name} ${value.slice(0, 40)}`
          expect(answer.status, what).toBeLessThan(500)
          expect(answer.text, what).not.toMatch(LOOSE)
          expectWholePage(path, answer)
        }
      }
    }
    for (const sent of ['%', '%ff=%fe', '&&&===', '__proto__=1&constructor=2', '\u0000', 'a'.repeat(190_000)]) {
      for (const path of FORMS) {
        const answer = await raw(sandbox.port, path, { method: 'POST', headers: type, body: sent })
        expect(answer.status, path).toBeLessThan(500)
      }
      trainer = await trainerOf(sandbox)
      type.cookie = trainer.cookie
    }
    await trainer.post('/console/guasti', { azione: 'spegni' })
    // What came in is what the contract may tell: the operator reads it, checked against the schema.
    read(await client.get(`/segnalazioni/${id}`), Segnalazione)
    expect((await client.get(`/messaggi?filter=segnalazioneId%3D%3D${id}`)).status).toBeLessThan(500)
    expect((await client.get('/caselle?limit=100')).status).toBe(200)
  })

  test('bodies of another type, of no type and without end are refused', async () => {
    for (const path of FORMS) {
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=a', 'x', '']) {
        const headers = {
          cookie: trainer.cookie,
          origin: sandbox.url,
          ...(type === '' ? {} : { 'content-type': type }),
        }
        const answer = await raw(sandbox.port, path, { method: 'POST', headers, body: '{"giorni":1}' })
        expect(answer.status, `${path} ${type}`).toBe(415)
        expectWholePage(path, answer)
      }
      const headers = {
        cookie: trainer.cookie,
        origin: sandbox.url,
        'content-type': 'application/x-www-form-urlencoded',
      }
      const answer = await fetch(sandbox.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: 'a'.repeat(300_000),
      })
      expect(answer.status, path).toBe(413)
    }
  })

  test('the longest text that a form admits is taken, whatever letters it is in', async () => {
    const body = { tipo: 'posta', titolo: 'Lunga', descrizione: 'Prova' }
    const { id } = read(await client.post('/segnalazioni', body), Segnalazione, 201)
    const lines = 'perché\r\n'.repeat(1250)
    const answer = await trainer.post(`/console/segnalazioni/${id}`, { azione: 'risposta', testo: lines })
    expect(answer.location).toContain('esito=fatto')
    const text = '€'.repeat(4000)
    const closing = { azione: 'chiusura', problema: text, svolta: text, soluzione: text }
    expect((await trainer.post(`/console/segnalazioni/${id}`, closing)).location).toContain('esito=fatto')
    const closed = read(await client.get(`/segnalazioni/${id}`), Segnalazione)
    expect(closed.soluzione).toBe(text)
  })

  test('time goes ten years forward in all and no further', async () => {
    const other = await startTestSandbox({ caselle: 0 })
    const there = await trainerOf(other)
    await there.forward(3600)
    for (const fields of [{ giorni: '3660', minuti: '1439' }, { giorni: '61' }, { giorni: '60', minuti: '1' }]) {
      expect((await there.post('/console/clock', fields)).location).toBe('/console/orologio?esito=tempo_finito')
    }
    await there.forward(60)
    expect((await there.get('/console/orologio?esito=tempo_finito')).text).toContain('dieci anni in tutto')
    await other.remove()
  })

  test('two sandboxes are entered from one browser, each with its own cookie', async () => {
    const other = await startTestSandbox({ caselle: 0 })
    const there = await trainerOf(other)
    const both = `${trainer.cookie}; ${there.cookie}`
    expect((await openPage(sandbox, '/console/posta', both)).status).toBe(200)
    expect((await openPage(other, '/console/posta', both)).status).toBe(200)
    expect((await openPage(other, '/console/posta', trainer.cookie)).status).toBe(303)
    await other.remove()
  })
})

describe('script planted in every text that a page shows', () => {
  let sandbox: TestSandbox
  let client: Client
  let trainer: Trainer
  let newMails: () => Promise<ParsedMail[]>
  let casella: Casella
  let links: string[]

  const plant = async (profile: ProfileName, plan: { tipologia: string; quotaMb?: number }) => {
    sandbox = await startTestSandbox({ caselle: 10, profile })
    client = await sandbox.as('demo')
    trainer = await trainerOf(sandbox)
    newMails = mailReader(sandbox)
    const titolare = await addTitolare(client, '"><script>alert(1)</script>@posta.example')
    const named = await client.patch(`/titolari/${titolare.id}`, '"v1"', { nome: PAYLOAD, cognome: PAYLOAD })
    expect(named.status).toBe(200)
    const email = '"><script>alert(1)</script>@posta.example'
    casella = await addCasella(client, titolare, { denominazione: 'eva.prova', ...plan, comunicazioniEmail: email })
    const bytes = new Uint8Array(300)
    const sum = sha256(bytes)
    const headers = { 'content-type': 'application/octet-stream', 'upload-metadata': uploadMetadata('a.pdf', sum) }
    for (const tipo of ['attivazione', 'nuove_credenziali', 'cessazione', 'carta_identita']) {
      const { uploadId } = JSON.parse((await client.send('POST', '/uploads/single', { raw: bytes, headers })).text) as {
        uploadId: string
      }
      const file = { uploadId, casellaId: casella.id, tipo, formato: 'pdf', nomeFile: `${PAYLOAD}.pdf`, sha256: sum }
      await client.post('/documenti', file)
    }
    const body = { tipo: 'posta', titolo: PAYLOAD, descrizione: PAYLOAD, destinatario: PAYLOAD, casellaId: casella.id }
    const opened = await client.post('/segnalazioni', body)
    // Where the profile sends the office to a site of the provider there is none to plant in.
    if (opened.status === 201) {
      const { id } = read(opened, Segnalazione, 201)
      await client.post('/messaggi', { segnalazioneId: id, testo: PAYLOAD })
      await trainer.post(`/console/segnalazioni/${id}`, { azione: 'risposta', testo: PAYLOAD })
      const words = { problema: PAYLOAD, svolta: PAYLOAD, soluzione: PAYLOAD }
      await trainer.post(`/console/segnalazioni/${id}`, { azione: 'chiusura', ...words })
    }
    await trainer.post(`/console/caselle/${casella.id}/attivazione`, { esito: 'no', motivo: PAYLOAD })
    await trainer.post('/console/guasti', { azione: 'aggiungi', tipo: 'latency', percorso: '/<script>"\'><b' })
    const { version } = await casellaOf(client, casella.id)
    await client.patch(`/caselle/${casella.id}`, `"v${version}"`, { comunicazioniEmail: `"'><b@posta.example` })
    await client.post(`/caselle/${casella.id}/azioni/reset-link`, {})
    const mails = await newMails()
    links = mails.filter(({ text }) => /\/(?:firma|password|modulo|attivazione)/.test(text ?? '')).map(linkIn)
    return mails
  }

  /** Every page of the console that a link leads to, and the holder's pages that were mailed. */
  async function crawl(): Promise<Map<string, string>> {
    const seen = new Map<string, string>()
    const left = ['/console/posta', ...links]
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      if (seen.has(path)) continue
      const answer = await raw(sandbox.port, path, { headers: { cookie: trainer.cookie } })
      expect(answer.status, path).toBeLessThan(500)
      expectWholePage(path, answer)
      seen.set(path, answer.text)
      const found = [...answer.text.matchAll(/href="((?:\/console|\?)[^"]*)"/g)].map(([, href]) => href ?? '')
      left.push(...found.map((href) => (href.startsWith('?') ? path.replace(/\?.*/, '') + href : href)))
    }
    return seen
  }

  test.each(PROFILES)(
    '%s: it comes out as text, on pages and in mails, and begins no header',
    async (profile, plan) => {
      const mails = await plant(profile, plan)
      const pages = await crawl()
      expect(pages.size).toBeGreaterThan(15)
      for (const [path, text] of pages) if (!text.startsWith('%PDF')) expect(text, path).not.toMatch(LOOSE)
      expect([...pages.values()].filter((text) => text.includes('&lt;script&gt;alert(1)')).length).toBeGreaterThan(4)
      expect(mails.length).toBeGreaterThan(2)
      for (const mail of mails) {
        expect(mail.html).toBe(false)
        expect([...mail.headers.keys()].sort()).toEqual(
          expect.arrayContaining([
            'auto-submitted',
            'date',
            'from',
            'message-id',
            'subject',
            'to',
            'x-gestore-di-prova',
          ]),
        )
        expect(mail.headers.has('bcc')).toBe(false)
      }
      await trainer.post('/console/guasti', { azione: 'spegni' })
      await sandbox.remove()
    },
  )
})

describe('links of the holder', () => {
  test.each(PROFILES)('%s: a link opens its own page, of its own casella, until it is used', async (profile, plan) => {
    const sandbox = await startTestSandbox({ caselle: 5, profile })
    const client = await sandbox.as('demo')
    const newMails = mailReader(sandbox)
    const casella = async (denominazione: string) =>
      addCasella(client, await addTitolare(client, `${denominazione}@posta.example`), {
        denominazione,
        ...plan,
        comunicazioniEmail: `${denominazione}@posta.example`,
      })
    const one = await casella('prima.prova')
    const two = await casella('seconda.prova')
    const found = (await newMails()).filter(({ text }) => /\/(?:firma|password|modulo)\//.test(text ?? ''))
    for (const mail of found) {
      const link = linkIn(mail)
      const [, kind = '', token = ''] = link.split('/')
      expect((await openPage(sandbox, link)).status).toBe(200)
      const others = ['firma', 'password', 'modulo'].filter((each) => each !== kind)
      const forged = [
        ...others.map((other) => `/${other}/${token}`),
        `/${kind}/${token.slice(0, -1)}`,
        `/${kind}/${token}A`,
        `/${kind}/${token.toLowerCase()}`,
        `/${kind}/${one.id}`,
        `/${kind}/%20${token}`,
      ]
      for (const path of forged) {
        expect((await openPage(sandbox, path)).status, path).toBe(410)
        const form = {
          password: 'Segreta2026',
          ripetuta: 'Segreta2026',
          azione: 'firma',
          accetto: 'si',
          consenso: 'si',
        }
        expect((await sendForm(sandbox, path, form)).status, path).toBe(410)
      }
    }
    const [first, second] = found.map(linkIn)
    if (profile === 'basilicata') {
      // The code that was mailed for one contract signs no other.
      await sendForm(sandbox, first ?? '', { azione: 'codice' })
      const [mailed] = await newMails()
      const codice = /Codice: (\d{6})/.exec(mailed?.text ?? '')?.[1] ?? ''
      await sendForm(sandbox, second ?? '', { azione: 'codice' })
      const [another] = await newMails()
      // D59: of a casella one code every thirty seconds, and the page says when.
      const soon = await sendForm(sandbox, second ?? '', { azione: 'codice' })
      expect(soon.status).toBe(429)
      expect(soon.text.replaceAll(/\s+/g, ' ')).toContain('Se ne può chiedere un altro fra 30 secondi.')
      expect(await newMails()).toEqual([])
      const own = /Codice: (\d{6})/.exec(another?.text ?? '')?.[1] ?? ''
      if (codice !== own) {
        expect((await sendForm(sandbox, second ?? '', { azione: 'firma', codice, accetto: 'si' })).status).toBe(422)
      }
      const signed = { azione: 'firma', codice, accetto: 'si' }
      const both = await Promise.all([sendForm(sandbox, first ?? '', signed), sendForm(sandbox, first ?? '', signed)])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
      expect((await casellaOf(client, two.id)).ciclo).toBe('in_attesa_firma')
      sandbox.advance(31 * 86_400_000)
      expect((await openPage(sandbox, second ?? '')).status).toBe(410)
    }
    if (profile === 'poste') {
      const fields = { password: 'Segreta2026', ripetuta: 'Segreta2026' }
      const both = await Promise.all([sendForm(sandbox, first ?? '', fields), sendForm(sandbox, first ?? '', fields)])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
      expect((await casellaOf(client, one.id)).ciclo).toBe('attiva')
      expect((await casellaOf(client, two.id)).ciclo).not.toBe('attiva')
    }
    await sandbox.remove()
  })
})
