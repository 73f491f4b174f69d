import type { Casella } from '../../provider-contract/casella.ts'
import { italianDay, italianInstant } from '../life/mails.ts'
import { type Html, html } from '../pages/html.ts'
import { page } from '../pages/page.ts'

/** The pages of the console. Whatever they show goes through `html`, which escapes it. */
const sections = [
  ['/console/posta', 'Posta in uscita'],
  ['/console/attivazioni', 'Attivazioni in attesa'],
  ['/console/richieste', 'Richieste'],
  ['/console/segnalazioni', 'Segnalazioni'],
  ['/console/caselle', 'Caselle'],
  ['/console/guasti', 'Guasti'],
  ['/console/orologio', 'Orologio'],
] as const

/** What the last form did. */
export const outcomes = {
  fatto: 'Fatto.',
  non_possibile: 'Nello stato attuale non è possibile: nulla è stato modificato.',
  dati_errati: 'I dati non sono ammessi: nulla è stato modificato.',
  tempo_finito: 'Il tempo può andare avanti di dieci anni in tutto: nulla è stato modificato.',
} as const

export type OutcomeCode = keyof typeof outcomes

export interface Shown {
  path: string
  outcome: OutcomeCode | undefined
}

export function consolePage(shown: Shown, title: string, body: Html): Html {
  const nav = html`<nav aria-label="Console">
    <ul>
      ${sections.map(([path, name]) =>
        shown.path.startsWith(path)
          ? html`<li><a href="${path}" aria-current="page">${name}</a></li>`
          : html`<li><a href="${path}">${name}</a></li>`,
      )}
      <li>
        <form method="post" action="/console/uscita"><button>Esci</button></form>
      </li>
    </ul>
  </nav>`
  const { outcome } = shown
  const told =
    outcome !== undefined &&
    html`<p class="${outcome === 'fatto' ? 'right' : 'wrong'}" role="status">${outcomes[outcome]}</p>`
  return page(title, html`${told}${body}`, nav)
}

export const instant = (time: string | null) => (time === null ? '' : italianInstant(time))

export const day = (value: string | null) => (value === null ? '' : italianDay(value))

/** An address, that may go on in the next line before its @. */
export function address(text: string): Html {
  const at = text.lastIndexOf('@')
  return at < 0 ? html`${text}` : html`${text.slice(0, at)}<wbr />${text.slice(at)}`
}

export const casellaLink = ({ id, indirizzo }: Pick<Casella, 'id' | 'indirizzo'>) =>
  html`<a href="/console/caselle/${encodeURIComponent(id)}">${address(indirizzo)}</a>`

/** The codes of the contract and of the mails are Italian words already. */
export const spoken = (code: string) => code.replaceAll('_', ' ')

export const nothing = (words: string) => html`<p class="note">${words}</p>`

export function table(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption hidden>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

export const ciclo: Record<Casella['ciclo'], string> = {
  in_attesa_firma: 'in attesa della firma',
  in_attesa_gestore: 'in attesa di attivazione',
  documenti_errati: 'documenti da sostituire',
  attiva: 'attiva',
  scaduta: 'scaduta',
  eliminata: 'eliminata',
}
