import { type Html, html } from '../pages/html.ts'
import type { MailRow } from '../store/mail-store.ts'
import { type Shown, address, consolePage, instant, nothing, spoken, table } from './console-page.ts'

const mailStates: Record<MailRow['state'], string> = { queued: 'in coda', sent: 'consegnata', failed: 'non consegnata' }

export function mailTable(rows: readonly MailRow[]): Html {
  return table(
    'Messaggi',
    ['Data', 'A', 'Oggetto', 'Tipo', 'Stato'],
    rows.map(
      (row) =>
        html`<tr>
          <td class="when">${instant(row.at)}</td>
          <td class="long">${address(row.recipient)}</td>
          <td><a href="/console/posta/${row.id}">${row.subject}</a></td>
          <td>${spoken(row.kind)}</td>
          <td>${mailStates[row.state]}</td>
        </tr>`,
    ),
  )
}

export function mailListPage(
  shown: Shown,
  rows: readonly MailRow[],
  { total, older, destination }: { total: number; older: number | undefined; destination: string },
): Html {
  return consolePage(
    shown,
    'Posta in uscita',
    html`<p>${total} messaggi in tutto. ${destination}</p>
      ${rows.length === 0 ? nothing('Nessun messaggio.') : mailTable(rows)}
      ${older !== undefined && html`<p><a href="/console/posta?prima=${older}">Messaggi precedenti</a></p>`}
      ${
        rows.some(({ state }) => state === 'failed') &&
        html`<form method="post" action="/console/posta"><button>Riprova le consegne fallite</button></form>`
      }`,
  )
}

export function mailPage(shown: Shown, row: MailRow): Html {
  return consolePage(
    shown,
    row.subject,
    html`<dl>
        <dt>Data</dt>
        <dd>${instant(row.at)}</dd>
        <dt>A</dt>
        <dd>${row.recipient}</dd>
        <dt>Tipo</dt>
        <dd>${spoken(row.kind)}</dd>
        <dt>Stato</dt>
        <dd>${mailStates[row.state]}, tentativi: ${row.attempts}</dd>
      </dl>
      <pre>${row.text}</pre>
      ${linksOf(row.text)}
      ${
        row.casellaId !== null &&
        html`<p><a href="/console/caselle/${encodeURIComponent(row.casellaId)}">Casella</a></p>`
      }
      <p><a href="/console/posta">Posta in uscita</a></p>`,
  )
}

/** The holder's pages that a mail names, to be opened by the trainer in the holder's place. */
function linksOf(text: string): Html | undefined {
  const found = [...text.matchAll(/http:\/\/127\.0\.0\.1:\d+\/(?:firma|password|attivazione|modulo)[/\w-]*/g)]
  if (found.length === 0) return undefined
  return html`<p>
    ${found.map(([url]) => html`<a href="${url}" target="_blank" rel="noopener">Apri la pagina del titolare</a> `)}
  </p>`
}
