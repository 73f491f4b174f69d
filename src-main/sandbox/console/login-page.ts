import { type Html, html } from '../pages/html.ts'
import { page } from '../pages/page.ts'

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
