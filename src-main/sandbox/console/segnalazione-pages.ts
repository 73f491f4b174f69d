import type { Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import { type Html, html } from '../pages/html.ts'
import { type Shown, consolePage, instant, nothing, table } from './console-page.ts'

const ticketStates: Record<Segnalazione['stato'], string> = {
  aperta: 'aperta',
  presa_in_carico: 'presa in carico',
  attesa_operatore: 'in attesa dell’operatore',
  chiusa: 'chiusa',
}

export function ticketsPage(shown: Shown, segnalazioni: readonly Segnalazione[]): Html {
  const rows = segnalazioni.map(
    ({ id, titolo, tipo, stato, apertaDa, aperta, presaEntro }) =>
      html`<tr>
        <td><a href="/console/segnalazioni/${encodeURIComponent(id)}">${titolo}</a></td>
        <td>${tipo}</td>
        <td>${ticketStates[stato]}</td>
        <td>${apertaDa}</td>
        <td class="when">${instant(aperta)}</td>
        <td class="when">${instant(presaEntro)}</td>
      </tr>`,
  )
  return consolePage(
    shown,
    'Segnalazioni',
    rows.length === 0
      ? nothing('Nessuna segnalazione.')
      : table('Segnalazioni', ['Titolo', 'Tipo', 'Stato', 'Aperta da', 'Aperta', 'Da prendere entro'], rows),
  )
}

export function ticketPage(shown: Shown, segnalazione: Segnalazione, messaggi: readonly Messaggio[]): Html {
  const { stato, problema, azione, soluzione } = segnalazione
  const isOpen = stato !== 'chiusa'
  return consolePage(
    shown,
    segnalazione.titolo,
    html`<dl>
        <dt>Codice</dt>
        <dd>${segnalazione.id}</dd>
        <dt>Tipo</dt>
        <dd>${segnalazione.tipo}</dd>
        <dt>Stato</dt>
        <dd>${ticketStates[stato]}</dd>
        <dt>Aperta da</dt>
        <dd>${segnalazione.apertaDa}, ${instant(segnalazione.aperta)}</dd>
        <dt>Per</dt>
        <dd>${segnalazione.destinatario ?? 'chi la prende'}</dd>
        <dt>Presa in carico</dt>
        <dd>${instant(segnalazione.presaInCarico)}</dd>
        ${
          problema !== null &&
          html`<dt>Problema</dt>
            <dd>${problema}</dd>`
        }
        ${
          azione !== null &&
          html`<dt>Azione</dt>
            <dd>${azione}</dd>`
        }
        ${
          soluzione !== null &&
          html`<dt>Soluzione</dt>
            <dd>${soluzione}</dd>`
        }
      </dl>
      <h2>Descrizione</h2>
      <pre>${segnalazione.descrizione}</pre>
      <h2>Messaggi</h2>
      ${messaggi.length === 0 && nothing('Nessun messaggio.')}
      ${messaggi.map(
        ({ autore, parte, testo, inviato }) =>
          html`<article class="turn">
            <strong>${autore}${parte === 'operatore' && ' (operatore)'}, ${instant(inviato)}</strong>
            <p>${testo}</p>
          </article>`,
      )}
      ${
        stato === 'aperta' &&
        html`<form method="post"><button name="azione" value="presa">Prendi in carico</button></form>`
      }
      ${
        isOpen &&
        html`<h2>Risposta</h2>
          <form method="post">
            <label for="testo">Testo</label>
            <textarea id="testo" name="testo" required maxlength="10000"></textarea>
            <button name="azione" value="risposta">Invia la risposta</button>
          </form>
          <h2>Chiusura</h2>
          <form method="post">
            <label for="problema">Problema</label
            ><textarea id="problema" name="problema" required maxlength="4000"></textarea>
            <label for="azione-svolta">Azione</label
            ><textarea id="azione-svolta" name="svolta" required maxlength="4000"></textarea>
            <label for="soluzione">Soluzione</label
            ><textarea id="soluzione" name="soluzione" required maxlength="4000"></textarea>
            <button name="azione" value="chiusura">Chiudi la segnalazione</button>
          </form>`
      }`,
  )
}
