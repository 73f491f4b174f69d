import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import { type FaultKind, type FaultRule, type Tally, faultKinds } from '../faults/fault-rule.ts'
import { italianDay, italianInstant } from '../life/mails.ts'
import { type Html, html } from '../pages/html.ts'
import { page } from '../pages/page.ts'
import { activationFiles, activationObstacle, goodDocumenti } from '../rules/life-rules.ts'
import type { MailRow } from '../store/mail-store.ts'

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

function consolePage(shown: Shown, title: string, body: Html): Html {
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

const instant = (time: string | null) => (time === null ? '' : italianInstant(time))
const day = (value: string | null) => (value === null ? '' : italianDay(value))
/** An address, that may go on in the next line before its @. */
function address(text: string): Html {
  const at = text.lastIndexOf('@')
  return at < 0 ? html`${text}` : html`${text.slice(0, at)}<wbr />${text.slice(at)}`
}
const casellaLink = ({ id, indirizzo }: Pick<Casella, 'id' | 'indirizzo'>) =>
  html`<a href="/console/caselle/${encodeURIComponent(id)}">${address(indirizzo)}</a>`
/** The codes of the contract and of the mails are Italian words already. */
const spoken = (code: string) => code.replaceAll('_', ' ')
const nothing = (words: string) => html`<p class="note">${words}</p>`

function table(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
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

export function loginPage(refusal: { wait: number } | undefined): Html {
  const words =
    refusal !== undefined &&
    html`<p class="wrong" role="alert">
      ${refusal.wait > 0 ? `Si può riprovare fra ${refusal.wait} secondi.` : 'Utente o password non corretti.'}
    </p>`
  return page(
    'Accesso alla console',
    html`${words}
      <p class="note">Utente e password sono nelle righe scritte all’avvio del gestore di prova.</p>
      <form method="post" action="/console/accesso">
        <label for="utente">Utente</label>
        <input id="utente" name="utente" autocomplete="username" required autofocus />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button>Accedi</button>
      </form>`,
  )
}

const ciclo: Record<Casella['ciclo'], string> = {
  in_attesa_firma: 'in attesa della firma',
  in_attesa_gestore: 'in attesa di attivazione',
  documenti_errati: 'documenti da sostituire',
  attiva: 'attiva',
  scaduta: 'scaduta',
  eliminata: 'eliminata',
}
const ticketStates: Record<Segnalazione['stato'], string> = {
  aperta: 'aperta',
  presa_in_carico: 'presa in carico',
  attesa_operatore: 'in attesa dell’operatore',
  chiusa: 'chiusa',
}
const mailStates: Record<MailRow['state'], string> = { queued: 'in coda', sent: 'consegnata', failed: 'non consegnata' }

function mailTable(rows: readonly MailRow[]): Html {
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

function documentiList(casella: Casella, documenti: readonly Documento[]): Html {
  if (documenti.length === 0) return html`nessuno`
  return html`<ul>
    ${documenti.map(
      ({ id, nomeFile, tipo, stato, motivo }) =>
        html`<li>
          <a href="/console/caselle/${encodeURIComponent(casella.id)}/documenti/${encodeURIComponent(id)}"
            >${nomeFile}</a
          >
          (${spoken(tipo)}, ${stato}${motivo === null ? '' : `: ${motivo}`})
        </li>`,
    )}
  </ul>`
}

interface Decision {
  action: string
  casella: Casella
  /** Undefined where it cannot be granted now. */
  yes: string | undefined
  /** Undefined where there is nothing to refuse. */
  no: string | undefined
}

/** Each button tells whose it is: to who hears the page, a table of them is many times the same word. */
function decision({ action, casella: { id, indirizzo }, yes, no }: Decision): Html {
  const field = `motivo-${id}-${action.split('/').at(-1) ?? ''}`
  return html`${
    yes !== undefined &&
    html`<form method="post" action="${action}">
      <button name="esito" value="si" aria-label="${yes}: ${indirizzo}">${yes}</button>
    </form>`
  }
  ${
    no !== undefined &&
    html`<details>
      <summary aria-label="${no}: ${indirizzo}">${no}</summary>
      <form method="post" action="${action}">
        <label for="${field}">Motivo, per lo sportello</label>
        <input id="${field}" name="motivo" required maxlength="300" />
        <button class="grave" name="esito" value="no">${no}</button>
      </form>
    </details>`
  }`
}

const obstacleWords: Record<NonNullable<ReturnType<typeof activationObstacle>>, string> = {
  not_waiting: 'non attende',
  waits_holder: 'attende il titolare',
  waits_documents: 'attende i documenti dello sportello',
}

export function activationsPage(
  shown: Shown,
  caselle: readonly { casella: Casella; documenti: readonly Documento[] }[],
  activation: Capabilities['activation'],
): Html {
  const needed = activationFiles(activation)
  const rows = caselle.map(({ casella, documenti }) => {
    const obstacle = activationObstacle(casella, documenti, activation)
    const action = `/console/caselle/${encodeURIComponent(casella.id)}/attivazione`
    const hasFiles = goodDocumenti(documenti, 'attivazione').length > 0 && casella.ciclo === 'in_attesa_gestore'
    const decide = decision({
      action,
      casella,
      yes: obstacle === undefined ? 'Attiva' : undefined,
      no: hasFiles ? 'Respingi i documenti' : undefined,
    })
    return html`<tr>
      <td class="long">${casellaLink(casella)}</td>
      <td>${ciclo[casella.ciclo]}</td>
      <td class="when">${instant(casella.inserita)}</td>
      <td>${documentiList(casella, documenti)}</td>
      <td>${obstacle !== undefined && html`<p>${obstacleWords[obstacle]}</p>`}${decide}</td>
    </tr>`
  })
  return consolePage(
    shown,
    'Attivazioni in attesa',
    html`<p>
        Documenti di attivazione richiesti dal profilo: ${needed === 0 ? 'nessuno' : needed}. Fino a 100 caselle, dalle
        più recenti.
      </p>
      ${
        rows.length === 0
          ? nothing('Nessuna casella in attesa.')
          : table('Caselle in attesa', ['Casella', 'Stato', 'Inserita', 'Documenti', 'Azioni'], rows)
      }`,
  )
}

export type RequestObstacle = 'none_asked' | 'document_missing' | 'holder_missing' | 'under_way' | undefined
const requestObstacles: Record<NonNullable<RequestObstacle>, string> = {
  none_asked: 'nessuna richiesta',
  document_missing: 'attende il documento firmato',
  holder_missing: 'manca il nuovo titolare',
  under_way: 'accolta: termina alla scadenza',
}

export function requestsPage(
  shown: Shown,
  richieste: readonly { casella: Casella; documenti: readonly Documento[]; obstacle: RequestObstacle }[],
  credenziali: readonly { casella: Casella; documenti: readonly Documento[] }[],
): Html {
  const rows = richieste.map(({ casella, documenti, obstacle }) => {
    const action = `/console/caselle/${encodeURIComponent(casella.id)}/richiesta`
    return html`<tr>
      <td class="long">${casellaLink(casella)}</td>
      <td>${casella.richiesta}</td>
      <td>${day(casella.scadenza)}</td>
      <td>${documentiList(casella, documenti)}</td>
      <td>
        ${obstacle !== undefined && html`<p>${requestObstacles[obstacle]}</p>`}
        ${
          obstacle !== 'under_way' &&
          decision({ action, casella, yes: obstacle === undefined ? 'Accogli' : undefined, no: 'Respingi' })
        }
      </td>
    </tr>`
  })
  const forms = credenziali.map(({ casella, documenti }) => {
    const action = `/console/caselle/${encodeURIComponent(casella.id)}/credenziali`
    return html`<tr>
      <td class="long">${casellaLink(casella)}</td>
      <td>${documentiList(casella, documenti)}</td>
      <td>
        ${decision({ action, casella, yes: casella.ciclo === 'attiva' ? 'Accetta e invia' : undefined, no: 'Respingi' })}
      </td>
    </tr>`
  })
  return consolePage(
    shown,
    'Richieste',
    html`<h2>Rinnovo, cessazione e subentro</h2>
      ${
        rows.length === 0
          ? nothing('Nessuna richiesta.')
          : table('Richieste', ['Casella', 'Richiesta', 'Scadenza', 'Documenti', 'Azioni'], rows)
      }
      <h2>Nuove credenziali</h2>
      ${forms.length === 0 ? nothing('Nessun modulo.') : table('Moduli', ['Casella', 'Documenti', 'Azioni'], forms)}`,
  )
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

export function clockPage(shown: Shown, now: string, aheadMs: number): Html {
  const minutes = Math.floor(aheadMs / 60_000)
  const ahead = `${Math.floor(minutes / 1440)} giorni e ${minutes % 1440} minuti`
  return consolePage(
    shown,
    'Orologio',
    html`<dl>
        <dt>Adesso</dt>
        <dd>${instant(now)}</dd>
        <dt>Avanti rispetto alla macchina</dt>
        <dd>${ahead}</dd>
      </dl>
      <p class="note">
        Il tempo va solo avanti. Scadenze, avvisi e attivazioni dovuti nel frattempo avvengono subito; le sessioni degli
        operatori scadono come se il tempo fosse passato.
      </p>
      <form method="post" action="/console/clock">
        <label for="giorni">Giorni</label>
        <input id="giorni" name="giorni" type="number" min="0" max="3660" value="0" required />
        <label for="minuti">Minuti</label>
        <input id="minuti" name="minuti" type="number" min="0" max="1439" value="0" required />
        <button>Manda avanti</button>
      </form>`,
  )
}
