import type { RouteLocationRaw } from 'vue-router'
import type { ActivityCount, ActivityEntry, ActivityField, ActivityKind } from '../../src-main/contract/activity.ts'
import { formatDate, formatNumber } from '../locales/format.ts'
import { i18n } from '../locales/i18n.ts'
import { fieldName, fieldValue } from '../locales/operation-words.ts'

const MOST_PARTS = 5

/** What a kind is about: `casella` of `casella.attivata`. */
function thingOf(kind: ActivityKind): string {
  return kind.slice(0, kind.indexOf('.'))
}

function byWhom({ who, own }: Pick<ActivityCount, 'who' | 'own'>): string {
  const { t } = i18n.global
  if (own) return t('novita.da.te')
  if (who === null) return ''
  return who.toLowerCase() === 'gestore' ? t('novita.da.gestore') : t('novita.da.altri', { who })
}

/**
 * What an alignment brought, as one sentence: `3 caselle attivate dal gestore, 1 cambiata da anna`. Who did it stands
 * after all that they did; a thing is not named again while the next part is about the same.
 */
export function newsSentence(counts: readonly ActivityCount[]): string {
  const { t } = i18n.global
  const merged = new Map<string, { kind: ActivityKind; by: string; n: number }>()
  for (const count of counts) {
    const by = byWhom(count)
    const key = `${by} ${count.kind}`
    merged.set(key, { kind: count.kind, by, n: (merged.get(key)?.n ?? 0) + count.n })
  }
  const all = [...merged.values()]
  const whoFirst = [...new Set(all.map(({ by }) => by))]
  const parts = whoFirst.flatMap((by) => all.filter((part) => part.by === by)).slice(0, MOST_PARTS)
  const words = parts.map(({ kind, by, n }, index) => {
    const thing = thingOf(kind)
    const isSameThing = index > 0 && thingOf(parts[index - 1]?.kind ?? kind) === thing
    const noun = isSameThing ? '' : ` ${t(`novita.cosa.${thing}`, n)}`
    const isLastOfWhom = parts[index + 1]?.by !== by
    return `${formatNumber(n)}${noun} ${t(`novita.fatto.${kind}`, n)}${isLastOfWhom && by !== '' ? ` ${by}` : ''}`
  })
  const told = parts.reduce((sum, { n }) => sum + n, 0)
  const left = all.reduce((sum, { n }) => sum + n, 0) - told
  const rest = left > 0 ? ` ${t('novita.altre', { n: formatNumber(left) }, left)}` : ''
  return words.join(', ') + rest
}

/** `Casella attivata`. */
export function kindWords(kind: ActivityKind): string {
  const { t } = i18n.global
  const words = `${t(`novita.cosa.${thingOf(kind)}`, 1)} ${t(`novita.fatto.${kind}`, 1)}`
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who made a change; of several that came as one, how many there were and who made the last. Empty when not known. */
export function whoWords({ who, own, steps }: Pick<ActivityEntry, 'who' | 'own' | 'steps'>): string {
  const { t } = i18n.global
  if (own) return t('novita.chi.tu')
  if (steps === 1) return who ?? ''
  return who === null ? t('novita.chi.piu', { n: steps }) : t('novita.chi.piuDi', { n: steps, who })
}

function valueWords({ field }: ActivityField, value: ActivityField['from']): string {
  const { t, te } = i18n.global
  if (typeof value === 'string') {
    if (field === 'scadenza') return formatDate(value)
    const keys = {
      ciclo: 'common.stato',
      stato: 'common.documentoStato',
      richiesta: 'novita.richiesta',
      state: 'novita.statoRichiesta',
    }
    const words = Object.entries(keys).find(([name]) => name === field)?.[1]
    if (words !== undefined && te(`${words}.${value}`)) return t(`${words}.${value}`)
    if (field === 'tipologia' && te(`common.titolareTipologia.${value}`)) return t(`common.titolareTipologia.${value}`)
  }
  return fieldValue(field, value)
}

/** A field with its values before and after, as the screens write them. */
export function fieldWords(field: ActivityField): { name: string; from: string; to: string } {
  const { t, te } = i18n.global
  const own = `novita.campo.${field.field}`
  return {
    name: te(own) ? t(own) : fieldName(field.field),
    from: valueWords(field, field.from),
    to: valueWords(field, field.to),
  }
}

/** Where what changed can be looked at; null for what is not here any more. */
export function activityTarget({ kind, casella, titolareId }: ActivityEntry): RouteLocationRaw | null {
  switch (thingOf(kind)) {
    case 'casella':
    case 'documento':
    case 'nota':
    case 'richiesta':
    case 'segnalazione':
      return casella === null ? null : { name: 'casella', params: { id: casella.id } }
    case 'titolare':
      return kind === 'titolare.rimosso' || titolareId === null
        ? null
        : { path: '/titolari', query: { titolare: titolareId } }
    case 'dominio':
      return kind === 'dominio.rimosso' ? null : { path: '/domini' }
    case 'assistente':
      return kind === 'assistente.rimosso' ? null : { path: '/assistenti' }
    default:
      return null
  }
}
