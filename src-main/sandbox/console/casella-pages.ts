import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import { type Html, html } from '../pages/html.ts'
import type { MailRow } from '../store/mail-store.ts'
import { type Shown, casellaLink, ciclo, consolePage, day, instant, nothing, table } from './console-page.ts'
import { documentiList } from './decision-pages.ts'
import { mailTable } from './mail-pages.ts'

export function caselleSearchPage(shown: Shown, text: string, found: readonly Casella[] | undefined): Html {
  const rows = (found ?? []).map(
    (casella) =>
      html`<tr>
        <td class="long">${casellaLink(casella)}</td>
        <td>${ciclo[casella.ciclo]}</td>
        <td>${day(casella.scadenza)}</td>
        <td>${casella.sospesa ? 'sì' : 'no'}</td>
        <td>${casella.disabilitata ? 'sì' : 'no'}</td>
      </tr>`,
  )
  return consolePage(
    shown,
    'Caselle',
    html`<form method="get" role="search">
        <label for="q">Indirizzo o parte di esso</label>
        <input id="q" name="q" value="${text}" maxlength="100" required />
        <button>Cerca</button>
      </form>
      ${
        found !== undefined &&
        (rows.length === 0
          ? nothing('Nessuna casella trovata.')
          : table('Caselle', ['Indirizzo', 'Stato', 'Scadenza', 'Sospesa', 'Disabilitata'], rows))
      }`,
  )
}

export interface CasellaDetail {
  casella: Casella
  titolare: string
  ente: string
  documenti: readonly Documento[]
  mails: readonly MailRow[]
}

export function casellaPage(shown: Shown, { casella, titolare, ente, documenti, mails }: CasellaDetail): Html {
  const isFinal = casella.ciclo === 'eliminata'
  return consolePage(
    shown,
    casella.indirizzo,
    html`<dl>
        <dt>Ente</dt>
        <dd>${ente}</dd>
        <dt>Titolare</dt>
        <dd>${titolare}</dd>
        <dt>Stato</dt>
        <dd>${ciclo[casella.ciclo]}</dd>
        <dt>Attivata</dt>
        <dd>${instant(casella.attivata)}</dd>
        <dt>Scadenza</dt>
        <dd>${day(casella.scadenza)}</dd>
        <dt>Richiesta</dt>
        <dd>${casella.richiesta}</dd>
        <dt>Comunicazioni</dt>
        <dd>${casella.comunicazioniEmail ?? 'nessun indirizzo'}</dd>
        <dt>Sospesa</dt>
        <dd>${casella.sospesa ? 'sì' : 'no'}</dd>
        <dt>Disabilitata</dt>
        <dd>${casella.disabilitata ? 'sì' : 'no'}</dd>
        <dt>Password scaduta</dt>
        <dd>${casella.passwordScaduta ? 'sì' : 'no'}</dd>
        <dt>Spazio</dt>
        <dd>${casella.usatoMb} MB usati, soglia ${casella.softLimitMb} MB, in tutto ${casella.quotaMb} MB</dd>
        <dt>Documenti</dt>
        <dd>${documentiList(casella, documenti)}</dd>
      </dl>
      ${
        !isFinal &&
        html`<h2>Stato</h2>
          <form method="post">
            ${
              casella.sospesa
                ? html`<button name="azione" value="riprendi">Togli la sospensione</button>`
                : html`<button class="grave" name="azione" value="sospendi">Sospendi</button>`
            }
          </form>
          <form method="post">
            <label for="usato">Spazio usato (MB)</label>
            <input
              id="usato"
              name="usatoMb"
              type="number"
              min="0"
              max="${casella.quotaMb}"
              value="${casella.usatoMb}"
              required
            />
            <button name="azione" value="spazio">Imposta</button>
          </form>`
      }
      <h2>Messaggi inviati</h2>
      ${mails.length === 0 ? nothing('Nessun messaggio.') : mailTable(mails)}`,
  )
}
