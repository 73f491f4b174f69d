import {
  mdiAccountClock,
  mdiCancel,
  mdiCheckAll,
  mdiCheckCircleOutline,
  mdiClockOutline,
  mdiCloseCircleOutline,
  mdiDeleteOutline,
  mdiDrawPen,
  mdiFileAlertOutline,
  mdiHelpCircleOutline,
  mdiMinusCircleOutline,
  mdiPauseCircleOutline,
  mdiProgressUpload,
  mdiSourceFork,
  mdiTimerOffOutline,
  mdiTrayArrowUp,
  mdiUndoVariant,
} from '@mdi/js'
import type { Attention, StatoCasella } from '../../src-main/contract/casella.ts'
import type { OperationState } from '../../src-main/contract/operation.ts'

export type Tone = 'neutral' | 'good' | 'attention' | 'bad'
export interface Look {
  icon: string
  tone: Tone
}

export const statoLooks: Record<StatoCasella, Look> = {
  attiva: { icon: mdiCheckCircleOutline, tone: 'good' },
  in_attesa_firma: { icon: mdiDrawPen, tone: 'attention' },
  in_attesa_gestore: { icon: mdiAccountClock, tone: 'attention' },
  documenti_errati: { icon: mdiFileAlertOutline, tone: 'bad' },
  disabilitata: { icon: mdiMinusCircleOutline, tone: 'neutral' },
  sospesa: { icon: mdiPauseCircleOutline, tone: 'attention' },
  scaduta: { icon: mdiTimerOffOutline, tone: 'bad' },
  eliminata: { icon: mdiDeleteOutline, tone: 'neutral' },
  da_inviare: { icon: mdiTrayArrowUp, tone: 'attention' },
}

export const operationLooks: Record<OperationState, Look> = {
  pending: { icon: mdiClockOutline, tone: 'attention' },
  in_flight: { icon: mdiProgressUpload, tone: 'attention' },
  acknowledged: { icon: mdiCheckCircleOutline, tone: 'attention' },
  settled: { icon: mdiCheckAll, tone: 'good' },
  uncertain: { icon: mdiHelpCircleOutline, tone: 'attention' },
  conflict: { icon: mdiSourceFork, tone: 'bad' },
  rejected: { icon: mdiCloseCircleOutline, tone: 'bad' },
  needs_review: { icon: mdiUndoVariant, tone: 'bad' },
  cancelled: { icon: mdiCancel, tone: 'neutral' },
}

/** The mark of a row is that of its gravest operation. */
export function attentionLook(attention: Attention): Look {
  return operationLooks[attention]
}
