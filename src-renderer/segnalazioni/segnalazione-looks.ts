import {
  mdiAccountCheckOutline,
  mdiCheckAll,
  mdiClockOutline,
  mdiCommentQuestionOutline,
  mdiEmailOpenOutline,
} from '@mdi/js'
import type { SegnalazioneRow } from '../../src-main/contract/registro.ts'
import type { Look } from '../components/state-looks.ts'

export const segnalazioneLooks: Record<SegnalazioneRow['stato'], Look> = {
  aperta: { icon: mdiEmailOpenOutline, tone: 'neutral' },
  presa_in_carico: { icon: mdiAccountCheckOutline, tone: 'good' },
  attesa_operatore: { icon: mdiCommentQuestionOutline, tone: 'attention' },
  chiusa: { icon: mdiCheckAll, tone: 'neutral' },
  in_coda: { icon: mdiClockOutline, tone: 'attention' },
}
