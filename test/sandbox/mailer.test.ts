import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Mailer, createMailer } from '../../src-main/sandbox/mail/mailer.ts'
import { smtpDelivery } from '../../src-main/sandbox/mail/smtp-delivery.ts'
import { type Store, openStore } from '../../src-main/sandbox/store/store.ts'

let folder: string
let store: Store
let mailer: Mailer | undefined
let server: Server | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-mail-'))
  store = openStore(':memory:')
})
afterEach(async () => {
  await mailer?.close()
  server?.close()
  server = undefined
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const NOW = '2026-03-11T09:30:00.000Z'
const make = (server?: string, onlyTo?: string) => {
  const smtp = smtpDelivery(server, onlyTo)
  if (typeof smtp === 'string') throw new Error(smtp)
  return createMailer({ mail: store.mail, clock: () => new Date(NOW), folder, smtp, log: () => undefined })
}

/** An SMTP server that takes messages, or refuses each of them. */
async function smtpServer(isRefusing = false): Promise<{ url: string; messages: string[]; recipients: string[] }> {
  const messages: string[] = []
  const recipients: string[] = []
  server = createServer((socket) => {
    let isData = false
    let text = ''
    socket.on('error', () => undefined)
    socket.write('220 prova\r\n')
    socket.on('data', (chunk) => {
      text += chunk.toString()
      for (;;) {
        const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const part = text.slice(0, end)
        text = text.slice(end + (isData ? 5 : 2))
        if (isData) {
          messages.push(part)
          isData = false
          socket.write('250 preso\r\n')
          continue
        }
        const verb = part.slice(0, 4).toUpperCase()
        isData = verb === 'DATA' && !isRefusing
        if (verb === 'RCPT') recipients.push(/<(.*)>/.exec(part)?.[1] ?? '')
        if (verb === 'RCPT' && isRefusing) socket.write('550 no\r\n')
        else if (verb === 'QUIT') socket.end('221 addio\r\n')
        else socket.write(isData ? '354 avanti\r\n' : '250 bene\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    messages,
    recipients,
  }
}

test('without a server each mail is a file, with the date of the sandbox', async () => {
  mailer = make()
  mailer.sendMail({ to: 'ada@posta.example', subject: 'Attivazione: è pronta', text: 'Città\n', kind: 'prova' })
  await mailer.deliver()
  const [file = ''] = readdirSync(folder)
  const mail = await simpleParser(readFileSync(join(folder, file)))
  expect(mail.subject).toBe('Attivazione: è pronta')
  expect(mail.text?.trim()).toBe('Città')
  expect(mail.date?.toISOString()).toBe(NOW)
  expect(mail.headers.get('x-gestore-di-prova')).toBe('prova')
})

test('a mail of a transaction that is rolled back is never sent', async () => {
  mailer = make()
  const { sendMail } = mailer
  const cut = () =>
    store.transaction(() => {
      sendMail({ to: 'ada@posta.example', subject: 'a', text: 'b', kind: 'prova' })
      throw new Error('rolled back')
    })
  expect(cut).toThrow('rolled back')
  await mailer.deliver()
  expect(readdirSync(folder)).toEqual([])
  expect(store.mail.count()).toBe(0)
})

test('with a server the mail goes there, and a line break in a subject makes no header', async () => {
  const { url, messages } = await smtpServer()
  mailer = make(url)
  const subject = 'Uno\r\nBcc: tutti@posta.example'
  mailer.sendMail({ to: 'ada@posta.example', subject, text: 'Testo', html: '<p>Testo</p>', kind: 'prova' })
  await mailer.deliver()
  expect(messages).toHaveLength(1)
  const mail = await simpleParser(messages[0] ?? '')
  expect(mail.subject).toBe('Uno Bcc: tutti@posta.example')
  expect(mail.headers.has('bcc')).toBe(false)
  expect(store.mail.get(1)).toMatchObject({ state: 'sent', attempts: 1 })
  expect(readdirSync(folder)).toEqual([])
})

test('a delivery that fails is tried five times, then kept as failed and tried again when asked', async () => {
  const refusing = await smtpServer(true)
  mailer = make(refusing.url)
  mailer.sendMail({ to: 'ada@posta.example', subject: 'a', text: 'b', kind: 'prova' })
  for (let run = 0; run < 6; run += 1) await mailer.deliver()
  expect(store.mail.get(1)).toMatchObject({ state: 'failed', attempts: 5 })
  await mailer.close()
  mailer = make()
  store.mail.requeueFailed()
  await mailer.deliver()
  expect(store.mail.get(1)).toMatchObject({ state: 'sent' })
  expect(readdirSync(folder)).toHaveLength(1)
})

test('with one address for everything nobody else gets a mail, and it tells for whom it was', async () => {
  const { url, messages, recipients } = await smtpServer()
  mailer = make(url, 'prove@posta.example')
  const to = 'ada@pec.comune.example'
  mailer.sendMail({ to, subject: 'Benvenuta', text: 'Testo', html: '<p>Testo</p>', kind: 'prova' })
  await mailer.deliver()
  expect(recipients).toEqual(['prove@posta.example'])
  const mail = await simpleParser(messages[0] ?? '')
  expect([mail.to].flat()[0]?.text).toBe('prove@posta.example')
  expect(mail.headers.get('x-sportello-destinatario')).toBe(to)
  expect(mail.subject).toBe('Benvenuta')
  expect(mail.text).toContain(`Destinatario: ${to}\n\nTesto`)
  expect(mail.html).toContain(`<p>Destinatario: ${to}</p>`)
  expect(store.mail.get(1)?.recipient).toBe(to)
})

test.each([
  'ada,vittima@altrove.example',
  'ada;vittima@altrove.example',
  'ada<vittima@altrove.example>',
  'gruppo:vittima@altrove.example;',
  'ada>,<vittima@altrove.example',
  'ada\u0000vittima@altrove.example',
  '(ada)vittima@altrove.example',
])('the address %j of a form is never read as that of somebody else', async (to) => {
  const { url, recipients } = await smtpServer()
  mailer = make(url)
  mailer.sendMail({ to, subject: 'a', text: 'b', kind: 'prova' })
  await mailer.deliver()
  expect(recipients).not.toContain('vittima@altrove.example')
  expect(recipients.length).toBeLessThan(2)
})

test('control characters in names, reasons and addresses begin no header', async () => {
  mailer = make()
  const evil = 'Uno\r\nBcc: tutti@posta.example\r\n\r\n<script>\u0000\u001b\u2028'
  mailer.sendMail({ to: 'ada@posta.example', subject: evil, text: evil, kind: 'prova' })
  mailer.sendMail({ to: 'ada\r\nBcc: tutti@posta.example', subject: 'a', text: 'b', kind: 'prova' })
  await mailer.deliver()
  for (const file of readdirSync(folder)) {
    const mail = await simpleParser(readFileSync(join(folder, file)))
    expect(mail.headers.has('bcc')).toBe(false)
    expect(mail.subject).not.toMatch(/\p{Cc}/u)
  }
})

describe('where mail may go', () => {
  test.each([
    'smtp://127.0.0.1:1025',
    'smtp://localhost',
    'smtps://[::1]:465',
    'smtp://utente:se%40greta@127.1.2.3:25',
  ])('a server on this machine takes the mail as it is: %s', (server) => {
    expect(smtpDelivery(server, undefined)).toMatchObject({ isLoopback: true, onlyTo: undefined })
  })

  test.each([
    'smtp://posta.altrove.example',
    'smtp://10.0.0.1',
    'smtp://0.0.0.0',
    'smtp://127.0.0.1.altrove.example',
    'smtp://localhost.altrove.example',
    'smtp://127.0.0.1@altrove.example',
    'smtp://[::ffff:8.8.8.8]',
  ])('elsewhere all mail goes to one address, or nowhere: %s', (server) => {
    expect(smtpDelivery(server, undefined)).toBe('address_missing')
    expect(smtpDelivery(server, 'prove@posta.example')).toMatchObject({
      isLoopback: false,
      onlyTo: 'prove@posta.example',
    })
  })

  test.each([
    'smtp://',
    'smtp:127.0.0.1',
    'smtp://127.0.0.1/x',
    'smtp://127.0.0.1?host=x',
    'ftp://127.0.0.1',
    'smtp://%0a',
  ])('what is no server is refused: %s', (server) => {
    expect(smtpDelivery(server, 'prove@posta.example')).toBe('server_wrong')
  })
})
