import {
  mdiAccountQuestionOutline,
  mdiCheckCircleOutline,
  mdiCloseCircleOutline,
  mdiDeleteOutline,
  mdiFileEyeOutline,
  mdiProgressUpload,
  mdiTrayArrowDown,
} from '@mdi/js'
import type { StatoRiga } from '../../src-main/contract/lotto.ts'
import type { Look } from '../components/state-looks.ts'

export const rigaLooks: Record<StatoRiga, Look> = {
  in_arrivo: { icon: mdiTrayArrowDown, tone: 'neutral' },
  da_leggere: { icon: mdiFileEyeOutline, tone: 'neutral' },
  da_decidere: { icon: mdiAccountQuestionOutline, tone: 'attention' },
  pronta: { icon: mdiCheckCircleOutline, tone: 'good' },
  non_valida: { icon: mdiCloseCircleOutline, tone: 'bad' },
  scartata: { icon: mdiDeleteOutline, tone: 'neutral' },
  inviata: { icon: mdiProgressUpload, tone: 'attention' },
}
