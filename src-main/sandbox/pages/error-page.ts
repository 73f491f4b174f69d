import type { ProblemError } from '../http/problem-error.ts'
import { type Html, html } from './html.ts'
import { page } from './page.ts'

const PAGES = /^\/(?:console|firma|password|attivazione|modulo)(?:[/?]|$)/
/** The switches are told as JSON, though they stand among the pages of the console. */
const JSON_AMONG_THEM = /^\/console\/faults(?:[/?]|$)/

/** Whether whoever asks for this address looks at it in a browser. */
export function isPageUrl(url: string): boolean {
  return PAGES.test(url) && !JSON_AMONG_THEM.test(url)
}

function words({ status, details }: ProblemError): string {
  switch (status) {
    case 403:
      return 'La richiesta arriva da un altro sito, o con un nome diverso da 127.0.0.1: ripeterla dalla pagina del Gestore.'
    case 404:
      return 'L’indirizzo non porta a nessuna pagina: può essere incompleto, o ciò che indicava non esiste più.'
    case 413:
      return 'Il testo inviato è troppo lungo: nulla è stato modificato.'
    case 414:
      return 'L’indirizzo è troppo lungo: può essere stato copiato male.'
    case 500:
      return 'La pagina non è disponibile per un errore del gestore di prova: nulla è stato modificato.'
    case 405:
      return details.detail ?? ''
    default:
      return 'La richiesta non è leggibile: nulla è stato modificato.'
  }
}

/** A refusal for who uses a browser; it repeats nothing of what was sent. */
export function errorPage(error: ProblemError, url: string): Html {
  const wayBack = url.startsWith('/console') && html`<p><a href="/console">Vai alla console</a></p>`
  return page(
    error.title,
    html`<p class="wrong">${words(error)}</p>
      ${wayBack}`,
  )
}
