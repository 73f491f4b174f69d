import { type FieldKind, kindRules } from './field-kinds.ts'

/** One field of a pane, as data: a profile with other fields is another list of these. */
export interface FieldSpec {
  /** Its name in the contract; its label is the word of that name. */
  readonly name: string
  readonly kind: FieldKind
  readonly required?: boolean
  /** An empty one is stored as null, not as an empty text. */
  readonly nullable?: boolean
  /** The values of a `choice`. */
  readonly options?: readonly string[]
  /** Of the fields with the same word here either all have a value or none. */
  readonly whole?: string
  /** What is wrong with it beside the others of its row, as stored; null where nothing is. */
  readonly beside?: (stored: FieldValues) => string | null
  /** Over the whole width of its pane. */
  readonly wide?: boolean
}

export type FieldValues = Readonly<Record<string, string | null>>

/** What is being written of one row, beside the values that were on the screen when the editing began. */
export interface FieldEdit {
  readonly seen: FieldValues
  readonly written: Readonly<Record<string, string>>
  /** Why a codice fiscale with a wrong check character is right. */
  readonly overrideReason: string
}

export interface FieldProblem {
  field: string
  /** Words under `campi.problemi`. */
  code: string
}

export interface FieldsRequest {
  changes: FieldValues
  seen: FieldValues
  overrideReason: string | null
}

export const WRONG_CHECK = 'codice_fiscale_wrong_check_character'

/** The texts of a row's fields. */
export function valuesOf(fields: readonly FieldSpec[], row: Readonly<Record<string, unknown>>): FieldValues {
  return Object.fromEntries(
    fields.map(({ name }) => {
      const value = row[name]
      return [name, typeof value === 'string' ? value : null]
    }),
  )
}

const writtenOf = (kind: FieldKind, stored: string): string => (stored === '' ? '' : kindRules[kind].write(stored))

export function startEdit(fields: readonly FieldSpec[], values: FieldValues): FieldEdit {
  const seen = valuesOf(fields, values)
  return {
    seen,
    written: Object.fromEntries(fields.map(({ name, kind }) => [name, writtenOf(kind, seen[name] ?? '')])),
    overrideReason: '',
  }
}

/** A row that is not there yet: each choice stands at its first value. */
export function startNew(fields: readonly FieldSpec[]): FieldEdit {
  return startEdit(
    fields,
    Object.fromEntries(
      fields.map(({ name, options, nullable }) => [name, nullable === true ? null : (options?.[0] ?? null)]),
    ),
  )
}

export function withField(edit: FieldEdit, name: string, text: string): FieldEdit {
  return { ...edit, written: { ...edit.written, [name]: text } }
}

const textOf = (edit: FieldEdit, name: string): string => edit.written[name] ?? ''

/** The value of a field as it would be stored. */
function storedValue({ name, kind, nullable }: FieldSpec, edit: FieldEdit): string | null {
  const text = textOf(edit, name)
  if (text.trim() === '') return nullable === true ? null : ''
  return kindRules[kind].clean(text)
}

function isChanged(field: FieldSpec, edit: FieldEdit): boolean {
  const seen = edit.seen[field.name] ?? ''
  // What was there before is the provider's, in whatever form: untouched, it is neither judged nor sent.
  return textOf(edit, field.name) !== writtenOf(field.kind, seen) && (storedValue(field, edit) ?? '') !== seen
}

/** What is wrong with a field; null where nothing is. Of a row that stands at the provider only changes are judged. */
export function problemOf(field: FieldSpec, edit: FieldEdit, isNew: boolean): string | null {
  const text = textOf(edit, field.name)
  if (!isNew && !isChanged(field, edit)) return null
  if (text.trim() === '') return field.required === true ? 'empty' : null
  const problem = kindRules[field.kind].problem(text)
  return problem === WRONG_CHECK && edit.overrideReason.trim() !== '' ? null : problem
}

/** An empty field of a group of which something is written. */
function lacking(fields: readonly FieldSpec[], field: FieldSpec, edit: FieldEdit): string | null {
  if (field.whole === undefined || textOf(edit, field.name).trim() !== '') return null
  const group = fields.filter(({ whole }) => whole === field.whole)
  const isTouched = group.some((each) => isChanged(each, edit))
  return isTouched && group.some(({ name }) => textOf(edit, name).trim() !== '') ? 'empty' : null
}

function besideProblem(fields: readonly FieldSpec[], field: FieldSpec, edit: FieldEdit): string | null {
  if (field.beside === undefined || !fields.some((each) => isChanged(each, edit))) return null
  return field.beside(newValues(fields, edit))
}

export function problemsOf(fields: readonly FieldSpec[], edit: FieldEdit, isNew: boolean): FieldProblem[] {
  return fields.flatMap((field) => {
    const code = problemOf(field, edit, isNew) ?? lacking(fields, field, edit) ?? besideProblem(fields, field, edit)
    return code === null ? [] : [{ field: field.name, code }]
  })
}

/** Whether a reason is asked for, because the codice fiscale that is written has a wrong check character. */
export function needsReason(field: FieldSpec, edit: FieldEdit, isNew: boolean): boolean {
  return (
    field.kind === 'codiceFiscale' &&
    (isNew || isChanged(field, edit)) &&
    kindRules.codiceFiscale.problem(textOf(edit, field.name)) === WRONG_CHECK
  )
}

/** Whether leaving would lose something that was written. */
export function isDirty(fields: readonly FieldSpec[], edit: FieldEdit): boolean {
  return fields.some((field) => isChanged(field, edit))
}

/** What to send, each field with the value that was seen; null when nothing differs. */
export function changesOf(fields: readonly FieldSpec[], edit: FieldEdit): FieldsRequest | null {
  const changed = fields.filter((field) => isChanged(field, edit))
  if (changed.length === 0) return null
  return {
    changes: Object.fromEntries(changed.map((field) => [field.name, storedValue(field, edit)])),
    seen: Object.fromEntries(changed.map(({ name }) => [name, edit.seen[name] ?? null])),
    overrideReason: reasonOf(edit),
  }
}

/** All of a new row's values, as they will be stored. */
export function newValues(fields: readonly FieldSpec[], edit: FieldEdit): FieldValues {
  return Object.fromEntries(fields.map((field) => [field.name, storedValue(field, edit)]))
}

export function reasonOf(edit: FieldEdit): string | null {
  return edit.overrideReason.trim() === '' ? null : edit.overrideReason.trim()
}

/** Fields that moved under the editing: a colleague, or the provider, in the meantime. */
export function movedFields(fields: readonly FieldSpec[], edit: FieldEdit, now: FieldValues): string[] {
  return fields.map(({ name }) => name).filter((name) => (edit.seen[name] ?? '') !== (now[name] ?? ''))
}
