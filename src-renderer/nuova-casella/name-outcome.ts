import type { NameAvailability } from '../../src-main/contract/casella.ts'
import type { Answer } from '../components/debounced-answer.ts'

/** What is said under the name while it is typed; `key` has its words under `nuova-casella.nome`. */
export interface NameOutcome {
  key: 'checking' | 'same_holder_unknown' | NameAvailability['outcome']
  tone: 'good' | 'wait' | 'bad'
  indirizzo: string
}

const tones = {
  free: 'good',
  unchecked: 'wait',
  taken: 'bad',
  burned: 'bad',
  same_holder_only: 'bad',
  invalid: 'bad',
} as const

/** A check that could not be made stops nothing: the name is checked again when the operation is sent. */
export function nameOutcomeOf(
  answer: Answer<NameAvailability>,
  indirizzo: string,
  holderKnown: boolean,
): NameOutcome | null {
  switch (answer.state) {
    case 'none':
      return null
    case 'asking':
      return { key: 'checking', tone: 'wait', indirizzo }
    case 'failed':
      return { key: 'unchecked', tone: 'wait', indirizzo }
    case 'known': {
      const { outcome } = answer.value
      if (outcome === 'same_holder_only' && !holderKnown) {
        return { key: 'same_holder_unknown', tone: 'wait', indirizzo: answer.value.indirizzo }
      }
      return { key: outcome, tone: tones[outcome], indirizzo: answer.value.indirizzo }
    }
  }
}
