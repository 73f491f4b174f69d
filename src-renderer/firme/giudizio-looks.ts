import {
  mdiCheckCircleOutline,
  mdiCheckDecagramOutline,
  mdiCloseCircleOutline,
  mdiHelpCircleOutline,
  mdiMinusCircleOutline,
  mdiPencilOffOutline,
  mdiShieldAlertOutline,
  mdiShieldOffOutline,
} from '@mdi/js'
import type { Giudizio } from '../../src-main/contract/verifica.ts'
import type { Look } from '../components/state-looks.ts'

/** Only what is known to be trusted looks good. */
export const giudizioLooks: Record<Giudizio, Look> = {
  valid_trusted: { icon: mdiCheckDecagramOutline, tone: 'good' },
  valid_not_qualified: { icon: mdiCheckCircleOutline, tone: 'attention' },
  valid_trust_unknown: { icon: mdiCheckCircleOutline, tone: 'neutral' },
  changed_after_signing: { icon: mdiShieldAlertOutline, tone: 'bad' },
  untrusted: { icon: mdiShieldOffOutline, tone: 'bad' },
  revoked: { icon: mdiMinusCircleOutline, tone: 'bad' },
  invalid: { icon: mdiCloseCircleOutline, tone: 'bad' },
  unverifiable: { icon: mdiHelpCircleOutline, tone: 'bad' },
  not_signed: { icon: mdiPencilOffOutline, tone: 'neutral' },
}
