import type { Casella } from '../../provider-contract/casella.ts'
import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import { italianInstant } from '../life/mails.ts'
import { contractLines } from '../life/paper-form.ts'
import { type Html, html } from '../pages/html.ts'
import { page } from '../pages/page.ts'

/** The pages of the provider that a holder opens from a mail. */
export type Refusal = 'codice_errato' | 'consenso' | 'length' | 'letters_digits' | 'different' | 'used' | 'dati_errati'

const wrong = (refusal: Refusal | undefined, policy: Capabilities['passwordPolicy']): Html | undefined => {
  if (refusal === undefined) return undefined
  const words: Record<Refusal, string> = {
    codice_errato: 'Il codice non è quello inviato, o non vale più. Se ne può chiedere un altro.',
    consenso: 'Per firmare occorre accettare il contratto.',
    length: `La password deve avere da ${policy.minLength} a ${policy.maxLength} caratteri.`,
    letters_digits: 'La password deve contenere lettere e cifre.',
    different: 'Le due password sono diverse.',
    used: 'La password è già stata usata per questa casella: occorre sceglierne una nuova.',
    dati_errati: 'I dati non corrispondono, o non valgono più.',
  }
  return html`<p class="wrong" role="alert">${words[refusal]}</p>`
}

export function signaturePage(
  casella: Casella,
  titolare: Titolare,
  state: { expires: number; isCodeSent: boolean; refusal?: Refusal | undefined; secondsToWait?: number | undefined },
  policy: Capabilities['passwordPolicy'],
): Html {
  return page(
    `Firma del contratto di ${casella.indirizzo}`,
    html`${wrong(state.refusal, policy)}
      ${
        state.secondsToWait !== undefined &&
        html`<p class="wrong" role="alert">
          Un codice è stato inviato da poco. Se ne può chiedere un altro fra
          ${state.secondsToWait === 1 ? '1 secondo' : `${state.secondsToWait} secondi`}.
        </p>`
      }
      <section class="contract" aria-label="Contratto" tabindex="0">
        ${contractLines(casella, titolare).map((line) => html`<p>${line}</p>`)}
      </section>
      <p>Si può firmare fino al ${italianInstant(state.expires)}.</p>
      ${state.isCodeSent && state.secondsToWait === undefined && html`<p class="right" role="status">Il codice è stato inviato per e-mail. Vale 15 minuti.</p>`}
      <form method="post">
        <button class="${state.isCodeSent ? 'plain' : ''}" name="azione" value="codice">
          ${state.isCodeSent ? 'Invia un altro codice' : 'Invia il codice per e-mail'}
        </button>
      </form>
      <form method="post" autocomplete="off">
        <label for="codice">Codice ricevuto</label>
        <input id="codice" name="codice" inputmode="numeric" maxlength="12" required autocomplete="one-time-code" />
        <label class="check">
          <input type="checkbox" name="accetto" value="si" required />Ho letto il contratto e lo accetto
        </label>
        <button name="azione" value="firma">Firma</button>
      </form>`,
  )
}

export function passwordPage(
  casella: Pick<Casella, 'indirizzo'>,
  policy: Capabilities['passwordPolicy'],
  refusal?: Refusal,
): Html {
  return page(
    `Password di ${casella.indirizzo}`,
    html`${wrong(refusal, policy)}
      <form method="post" autocomplete="off">
        ${passwordFields(policy)}
        <button>Imposta la password</button>
      </form>`,
  )
}

function passwordFields(policy: Capabilities['passwordPolicy']): Html {
  return html`<p class="note" id="regole">
      Da ${policy.minLength} a ${policy.maxLength} caratteri, con lettere e cifre, mai usata prima.
    </p>
    <label for="password">Nuova password</label>
    <input
      id="password"
      name="password"
      type="password"
      required
      aria-describedby="regole"
      autocomplete="new-password"
    />
    <label for="ripetuta">La stessa password</label>
    <input id="ripetuta" name="ripetuta" type="password" required autocomplete="new-password" />`
}

export function activationPage(policy: Capabilities['passwordPolicy'], indirizzo: string, refusal?: Refusal): Html {
  return page(
    'Attivazione con i dati ricevuti',
    html`${wrong(refusal, policy)}
      <form method="post" autocomplete="off">
        <label for="indirizzo">Nome utente (indirizzo della casella)</label>
        <input id="indirizzo" name="indirizzo" value="${indirizzo}" maxlength="320" required />
        <label for="codice">Codice di attivazione</label>
        <input id="codice" name="codice" maxlength="30" required />
        ${passwordFields(policy)}
        <button>Imposta la password</button>
      </form>`,
  )
}

export function modulePage(casella: Casella, { nome, cognome, codiceFiscale }: Titolare, hasConsented: boolean): Html {
  return page(
    `Modulo di attivazione di ${casella.indirizzo}`,
    html`<dl>
        <dt>Titolare</dt>
        <dd>${cognome} ${nome}</dd>
        <dt>Codice fiscale</dt>
        <dd>${codiceFiscale}</dd>
        <dt>Casella</dt>
        <dd>${casella.indirizzo}</dd>
      </dl>
      ${
        hasConsented
          ? html`<h2>Da scaricare</h2>
              <ul>
                <li><a href="?file=modulo">Modulo di attivazione (PDF)</a></li>
                <li><a href="?file=condizioni">Condizioni del contratto (PDF)</a></li>
              </ul>
              <p>
                Il modulo firmato e la copia del documento di identità, fronte e retro, si consegnano allo sportello.
              </p>`
          : html`<form method="post">
              <p class="note">
                I dati qui sopra sono trattati per fornire la casella, e per il tempo che la legge chiede.
              </p>
              <label class="check">
                <input type="checkbox" name="consenso" value="si" required />Acconsento al trattamento dei dati e
                confermo che sono esatti
              </label>
              <button>Prosegui</button>
            </form>`
      }`,
  )
}

export function donePage(title: string, ...lines: string[]): Html {
  return page(title, html`<div class="right" role="status">${lines.map((line) => html`<p>${line}</p>`)}</div>`)
}

/** The same for a link that never was, was used, was replaced or has expired. */
export function goneLinkPage(): Html {
  return page(
    'Indirizzo non più valido',
    html`<p class="wrong">
      L’indirizzo è già stato usato, è scaduto o è stato sostituito da uno più recente. Un altro si chiede allo
      sportello.
    </p>`,
  )
}
