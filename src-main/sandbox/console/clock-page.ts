import { type Html, html } from '../pages/html.ts'
import { type Shown, consolePage, instant } from './console-page.ts'

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
