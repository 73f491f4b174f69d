import { type FaultKind, type FaultRule, type Tally, faultKinds } from '../faults/fault-rule.ts'
import { type Html, html } from '../pages/html.ts'
import { type Shown, consolePage, nothing, table } from './console-page.ts'

const faultWords: Record<FaultKind, string> = {
  latency: 'attesa',
  reset_before: 'connessione chiusa prima dell’effetto',
  reset_after: 'connessione chiusa dopo l’effetto',
  bad_gateway_after: '502 di un proxy dopo l’effetto',
  unauthorized: '401',
  gone: '410, cursore scaduto',
  proxy_not_found: '404 di un proxy, in HTML',
  slow_body: 'corpo lento',
  truncated_body: 'corpo troncato',
  duplicate: 'richiesta consegnata due volte',
}

export function faultsPage(shown: Shown, report: { seed: number; rules: readonly (FaultRule & Tally)[] }): Html {
  const rows = report.rules.map(
    (rule, index) =>
      html`<tr>
        <td>${faultWords[rule.kind]}</td>
        <td>${rule.method ?? 'tutti'} ${rule.route}</td>
        <td>${rule.probability.toLocaleString('it-IT')}</td>
        <td>${rule.kind === 'latency' || rule.kind === 'slow_body' ? `${rule.ms} ms` : ''}</td>
        <td>${rule.count ?? 'sempre'}</td>
        <td>${rule.struck} su ${rule.met}</td>
        <td>
          <form method="post">
            <input type="hidden" name="indice" value="${index}" /><button
              class="plain"
              name="azione"
              value="togli"
              aria-label="Togli: ${faultWords[rule.kind]}, ${rule.route}"
            >
              Togli
            </button>
          </form>
        </td>
      </tr>`,
  )
  return consolePage(
    shown,
    'Guasti',
    html`<p>Seme: ${report.seed}. Lo stesso seme colpisce le stesse richieste.</p>
      ${
        rows.length === 0
          ? nothing('Nessun guasto attivo.')
          : html`${table(
                'Guasti attivi',
                ['Guasto', 'Richieste', 'Probabilità', 'Durata', 'Volte', 'Colpite', 'Azioni'],
                rows,
              )}
              <form method="post"><button name="azione" value="spegni">Spegni tutti i guasti</button></form>`
      }
      <h2>Nuovo guasto</h2>
      <form method="post">
        <label for="tipo">Guasto</label>
        <select id="tipo" name="tipo">
          ${faultKinds.map((kind) => html`<option value="${kind}">${faultWords[kind]}</option>`)}
        </select>
        <label for="percorso">Percorso (:nome per una parte, * per quel che segue)</label>
        <input id="percorso" name="percorso" value="/caselle*" maxlength="200" required />
        <label for="metodo">Metodo</label>
        <select id="metodo" name="metodo">
          <option value="">tutti</option>
          ${['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => html`<option>${method}</option>`)}
        </select>
        <label for="probabilita">Probabilità, da 0 a 1</label>
        <input id="probabilita" name="probabilita" type="number" min="0" max="1" step="0.01" value="1" required />
        <label for="volte">Quante volte al massimo (vuoto: sempre)</label>
        <input id="volte" name="volte" type="number" min="1" />
        <label for="ms">Durata in millisecondi, per attesa e corpo lento</label>
        <input id="ms" name="ms" type="number" min="0" max="600000" value="1000" />
        <button name="azione" value="aggiungi">Aggiungi</button>
      </form>`,
  )
}
