import type { GroupKey, OperationView } from '../../src-main/contract/operation.ts'
import type { ManyAction } from '../../src-main/contract/outbox-actions.ts'
import { reasonWords } from '../locales/error-words.ts'
import { i18n } from '../locales/i18n.ts'
import { changesLine, fieldName, fieldValue, typeName } from '../locales/operation-words.ts'

/** A kind of thing that needs a person, in a few words. */
export function groupTitle({ type, state, fields, foreign }: GroupKey): string {
  const { t } = i18n.global
  const what = ((): string => {
    switch (state) {
      case 'conflict':
        return t('coda.gruppi.tipo.conflict', { campi: (fields ?? []).map(fieldName).join(', ') })
      case 'rejected':
      case 'needs_review':
      case 'uncertain':
        return t(`coda.gruppi.tipo.${state}`)
      case 'pending':
      case 'in_flight':
      case 'acknowledged':
      case 'settled':
      case 'cancelled':
        return t('coda.gruppi.tipo.altro', { stato: t(`common.operazione.${state}`) })
    }
  })()
  return [typeName(type), what, ...(foreign ? [t('coda.gruppi.foreign')] : [])].join(' · ')
}

/** Why they stand there; empty where the title says it. The provider's own words differ from row to row. */
export function groupReason({ state, reason }: GroupKey): string {
  return state === 'conflict' || reason === null ? '' : reasonWords({ code: reason, params: {} })
}

/** What an action makes of one row, for the examples. */
export function effectLines(action: ManyAction, row: OperationView): string[] {
  const { t } = i18n.global
  switch (action) {
    case 'resolve_mine':
      return row.changes.map(({ field, mine, current }) =>
        t('coda.gruppi.conferma.diventa', {
          campo: fieldName(field),
          ora: fieldValue(field, current),
          nuovo: fieldValue(field, mine),
        }),
      )
    case 'resolve_theirs':
      return row.changes.map(({ field, mine, current }) =>
        t('coda.gruppi.conferma.resta', {
          campo: fieldName(field),
          ora: fieldValue(field, current),
          mio: fieldValue(field, mine),
        }),
      )
    case 'retry':
    case 'cancel':
    case 'verify':
    case 'declare_arrived':
    case 'declare_not_arrived':
    case 'take_over':
      return [row.upload?.nomeFile ?? changesLine(row)]
  }
}
