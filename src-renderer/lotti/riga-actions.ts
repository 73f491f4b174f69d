import {
  mdiCheck,
  mdiClose,
  mdiDeleteOutline,
  mdiDeleteRestore,
  mdiEmailLockOutline,
  mdiFileSearchOutline,
  mdiShieldAlertOutline,
  mdiTagOutline,
} from '@mdi/js'
import type { Decisione } from '../../src-main/contract/lotto.ts'
import type { BarAction } from '../shell/bottom-bar-store.ts'

/** What is asked of a person about the whole lotto. */
export type AskingLotto = 'invio' | 'elimina' | { rapporto: 'csv' | 'pdf' }
/** Or about the files that are chosen. */
export type Asking = AskingLotto | 'casella' | 'tipo' | 'consenso'

/** What is done with the chosen files of a lotto, for the bar at the bottom. */
export function rigaActions(
  t: (key: string) => string,
  does: {
    decide(decisione: Decisione): void
    ask(what: Asking): void
    casella(): void
    unselect(): void
  },
): BarAction[] {
  const decided = (key: string, icon: string, kind: 'conferma' | 'scarta' | 'riprendi' | 'rileggi'): BarAction => ({
    label: t(`lotti.azione.${key}`),
    icon,
    run: () => {
      does.decide({ kind })
    },
  })
  const asked = (what: 'tipo' | 'consenso', icon: string): BarAction => ({
    label: t(`lotti.azione.${what}`),
    icon,
    run: () => {
      does.ask(what)
    },
  })
  return [
    decided('conferma', mdiCheck, 'conferma'),
    { label: t('lotti.azione.casella'), icon: mdiEmailLockOutline, run: does.casella },
    asked('tipo', mdiTagOutline),
    asked('consenso', mdiShieldAlertOutline),
    decided('scarta', mdiDeleteOutline, 'scarta'),
    decided('riprendi', mdiDeleteRestore, 'riprendi'),
    decided('rileggi', mdiFileSearchOutline, 'rileggi'),
    { label: t('caselle.selezione.togli'), icon: mdiClose, run: does.unselect },
  ]
}
