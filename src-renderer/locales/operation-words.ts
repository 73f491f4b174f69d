import type { FieldChange, FieldValue, OperationType } from '../../src-main/contract/operation.ts'
import { formatDate, formatMbExact } from './format.ts'
import { i18n } from './i18n.ts'
import { regoleWords } from './regole-words.ts'

/** A field's name as the screens write it; an unknown one as it is. */
export function fieldName(field: string): string {
  const { t, te } = i18n.global
  const key = `common.campo.${field.replace('.', '_')}`
  return te(key) ? t(key) : field
}

/** A field's value as the screens write it. */
export function fieldValue(field: string, value: FieldValue | undefined): string {
  const { t, te } = i18n.global
  if (field === 'regole') return regoleWords(value)
  if (value === null || value === undefined || value === '') return t('coda.vuoto')
  if (typeof value === 'boolean') return value ? t('common.si') : t('common.no')
  if (typeof value === 'number') return field.endsWith('Mb') ? formatMbExact(value) : String(value)
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDate(value)
  const keys = [
    ...(field === 'tipo' ? [`common.documentoTipo.${value}`] : []),
    ...(field === 'titoloFirmatario' ? [`firme.titolo.${value}`] : []),
    ...(field === 'tipologia' ? [`common.titolareTipologia.${value}`] : []),
    `common.valore.${field.replace('.', '_')}.${value}`,
  ]
  const key = /^\w+$/.test(value) ? keys.find((each) => te(each)) : undefined
  return key === undefined ? value : t(key)
}

/** The key of a type's words: a dot would part it. */
export function typeKey(type: OperationType): string {
  return type.replace('.', '_')
}

export function typeName(type: OperationType): string {
  return i18n.global.t(`common.tipoOperazione.${typeKey(type)}`)
}

/** The first change in one line, and how many more there are; of a deletion, what says which row goes. */
export function changesLine({ type, changes }: { type: OperationType; changes: readonly FieldChange[] }): string {
  const { t } = i18n.global
  if (type.endsWith('.delete')) {
    const named = changes.find(({ seen }) => typeof seen === 'string' && seen !== '')
    return type === 'casella.delete' || named === undefined
      ? ''
      : t('coda.eliminato', { valore: fieldValue(named.field, named.seen) })
  }
  // Who goes is the matter; the values come with it.
  if (type === 'titolare.fusione')
    return fieldValue('assorbiti', changes.find(({ field }) => field === 'assorbiti')?.mine)
  const [first] = changes
  if (first === undefined) return ''
  const { field, seen, mine } = first
  const line = t('coda.cambio', { campo: fieldName(field), da: fieldValue(field, seen), a: fieldValue(field, mine) })
  return changes.length === 1 ? line : `${line} ${t('coda.piu', changes.length - 1)}`
}
