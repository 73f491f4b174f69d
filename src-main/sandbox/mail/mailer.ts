import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { escapeHtml } from '../pages/html.ts'
import type { MailRow, MailStore } from '../store/mail-store.ts'
import type { SmtpDelivery } from './smtp-delivery.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
  /** What it tells, as a code: the console shows it. */
  kind: string
  casellaId?: string
  /** When it was due (ISO 8601, UTC), where that is not now. */
  at?: string
}

export interface Mailer {
  /**
   * Queues a mail. Inside a transaction it commits with it, so that nothing is told that did not happen;
   * delivery follows by itself.
   */
  sendMail(mail: Mail): void
  /** Delivers what is queued; resolves when nothing is left. A delivery that fails is tried 5 times in all. */
  deliver(): Promise<void>
  /** The server that takes the mail; undefined: it becomes files. */
  smtp: SmtpDelivery | undefined
  close(): Promise<void>
}

export interface MailerOptions {
  mail: MailStore
  clock: () => Date
  /** Where the .eml files go without a server. */
  folder: string
  smtp?: SmtpDelivery | undefined
  log: (line: string) => void
}

const FROM = { name: 'Gestore di prova', address: 'gestore@gestore-di-prova.example' }
const ATTEMPTS = 5
const PAGE = 100

/** Mail of the sandbox: by SMTP where a server is given, else one .eml file for each message, named by its number. */
export function createMailer({ mail, clock, folder, smtp, log }: MailerOptions): Mailer {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const server =
    smtp === undefined
      ? undefined
      : createTransport({
          host: smtp.host,
          port: smtp.port,
          secure: smtp.secure,
          ...(smtp.auth === undefined ? {} : { auth: smtp.auth }),
          // A server for tests on this machine has a certificate of its own making.
          tls: { rejectUnauthorized: !smtp.isLoopback },
          connectionTimeout: 10_000,
          socketTimeout: 20_000,
        })
  const stopping = new AbortController()
  const isStopping = () => stopping.signal.aborted
  let running: Promise<void> | undefined

  const messageOf = (row: MailRow) => ({
    from: FROM,
    // Not as a text: one with a comma or angle brackets in it would be read as other addresses.
    to: { name: '', address: smtp?.onlyTo ?? row.recipient },
    subject: row.subject,
    ...contentOf(row),
    date: new Date(row.at),
    messageId: `<${row.id}.${Date.parse(row.at)}@gestore-di-prova.example>`,
    headers: {
      'X-Gestore-Di-Prova': row.kind,
      'Auto-Submitted': 'auto-generated',
      ...(smtp?.onlyTo === undefined ? {} : { 'X-Sportello-Destinatario': row.recipient }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  /** Whoever gets all the mail reads first for whom it was. */
  const contentOf = ({ recipient, text, html }: MailRow) => {
    const told = smtp?.onlyTo === undefined ? undefined : `Destinatario: ${recipient}`
    const shown = told === undefined ? html : html && `<p>${escapeHtml(told)}</p>\n${html}`
    return { text: told === undefined ? text : `${told}\n\n${text}`, ...(shown === null ? {} : { html: shown }) }
  }

  const deliverOne = async (row: MailRow) => {
    if (server !== undefined) {
      await server.sendMail(messageOf(row))
      return
    }
    const { message } = await composer.sendMail(messageOf(row))
    if (!Buffer.isBuffer(message)) throw new TypeError('the composer gave a stream')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${String(row.id).padStart(6, '0')}.eml`), message)
  }

  const run = async () => {
    for (;;) {
      const rows = isStopping() ? [] : mail.queued(PAGE)
      if (rows.length === 0) return
      let failures = 0
      for (const row of rows) {
        if (isStopping()) return
        try {
          await deliverOne(row)
          if (isStopping()) return
          mail.setState(row.id, 'sent', row.attempts + 1)
        } catch (error) {
          if (isStopping()) return
          failures += 1
          const attempts = row.attempts + 1
          mail.setState(row.id, attempts < ATTEMPTS ? 'queued' : 'failed', attempts)
          log(`mail ${row.id} not delivered (${error instanceof Error ? error.name : 'unknown'})`)
        }
      }
      // A server that refuses everything is asked again at the next occasion.
      if (failures > 0) return
    }
  }

  const deliver = async () => {
    // What was queued while an earlier run was ending is taken by the next one.
    if (running !== undefined) await running
    running ??= run().finally(() => {
      running = undefined
    })
    await running
  }

  return {
    sendMail: ({ to, subject, text, html, kind, casellaId, at }) => {
      mail.add({
        at: at ?? clock().toISOString(),
        recipient: to,
        // A line break would begin another header; the other control characters say nothing.
        subject: subject.replaceAll(/\p{Cc}+/gu, ' '),
        text,
        html: html ?? null,
        kind,
        casellaId: casellaId ?? null,
      })
      setImmediate(() => {
        void deliver()
      })
    },
    deliver,
    smtp,
    close: async () => {
      stopping.abort()
      await running
      server?.close()
      composer.close()
    },
  }
}
