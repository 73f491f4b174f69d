import type { FastifyReply } from 'fastify'
import { type Html, html } from './html.ts'

export const STYLE_PATH = '/stile.css'

const policy =
  "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; img-src 'none'"

/** A whole page without scripts; `nav` stands above its contents. */
export function page(title: string, body: Html, nav?: Html): Html {
  return html`<!doctype html>
    <html lang="it">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Gestore di prova</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <a class="skip" href="#contenuto">Vai al contenuto</a>
        <header>
          <p class="brand">Gestore di prova <span>dati generati, nessun valore legale</span></p>
          ${nav}
        </header>
        <main id="contenuto">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
}

/** Nothing of these pages is stored, framed, or told to other sites. */
export function sendPage(reply: FastifyReply, content: Html, status = 200): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      // Not `no-referrer`: forms would then send an Origin of null.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    .serializer((payload: string) => payload)
    .send(content.html)
}
