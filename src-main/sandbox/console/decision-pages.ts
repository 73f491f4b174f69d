import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Operation } from '../../provider-contract/operation.ts'
import { type Html, html } from '../pages/html.ts'
import { activationFiles, activationObstacle, goodDocumenti } from '../rules/life-rules.ts'
import { type Shown, casellaLink, ciclo, consolePage, day, instant, nothing, spoken, table } from './console-page.ts'

export function documentiList(casella: Casella, documenti: readonly Documento[]): Html {
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

/** A request for an extract of the logs, with the casella that it speaks of (D119). */
export interface EstrattoShown {
  operation: Operation
  casella: Casella
  documenti: readonly Documento[]
  obstacle: RequestObstacle
}

function estrattiTable(estratti: readonly EstrattoShown[]): Html {
  if (estratti.length === 0) return nothing('Nessuna richiesta di estratto.')
  const rows = estratti.map(({ operation, casella, documenti, obstacle }) => {
    const action = `/console/estratti/${encodeURIComponent(operation.id)}`
    return html`<tr>
      <td class="long">${casellaLink(casella)}</td>
      <td>${day(operation.estratto?.dal ?? null)} - ${day(operation.estratto?.al ?? null)}</td>
      <td>${operation.estratto?.scopo ?? ''}</td>
      <td>${documentiList(casella, documenti)}</td>
      <td>
        ${obstacle !== undefined && html`<p>${requestObstacles[obstacle]}</p>`}
        ${decision({ action, casella, yes: obstacle === undefined ? 'Consegna' : undefined, no: 'Respingi' })}
      </td>
    </tr>`
  })
  return table('Estratti', ['Casella', 'Periodo', 'Scopo', 'Documenti', 'Azioni'], rows)
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
  estratti: readonly EstrattoShown[],
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
      ${forms.length === 0 ? nothing('Nessun modulo.') : table('Moduli', ['Casella', 'Documenti', 'Azioni'], forms)}
      <h2>Estratto dei log</h2>
      ${estrattiTable(estratti)}`,
  )
}
