import { entriesOf, isRef, isStream, PdfFault, type PdfStream, type PdfValue } from './pdf-object.ts'
import type { PdfBytes } from './pdf-bytes.ts'
import type { PdfView } from './pdf-view.ts'
import { entryKinds } from './pdf-xref.ts'

/** Two states of one file. */
export interface PdfStates {
  file: PdfBytes
  signed: PdfView
  final: PdfView
}

const deepest = 24

/**
 * Whether a value of the signed state is the same in the final one. References to one number count as the same: what
 * became of that object is asked of it; references to different numbers are followed.
 */
export function sameValue(states: PdfStates, before: PdfValue, after: PdfValue, depth = 0): boolean {
  if (isRef(before) && isRef(after) && before.num === after.num) return true
  if (depth > deepest) return false
  if (isRef(before) || isRef(after)) {
    states.file.budget.object()
    return sameValue(states, states.signed.resolve(before), states.final.resolve(after), depth + 1)
  }
  if (before === null || after === null || typeof before !== 'object' || typeof after !== 'object')
    return before === after
  if (Array.isArray(before) || Array.isArray(after))
    return (
      Array.isArray(before) &&
      Array.isArray(after) &&
      before.length === after.length &&
      before.every((item, index) => sameValue(states, item, after[index] ?? null, depth + 1))
    )
  switch (before.kind) {
    case 'name':
      return after.kind === 'name' && before.name === after.name
    case 'string':
      return after.kind === 'string' && Buffer.compare(before.bytes, after.bytes) === 0
    case 'dict':
      return after.kind === 'dict' && differingKeys(states, before, after, depth).length === 0
    case 'stream':
      return after.kind === 'stream' && sameStream(states, before, after, depth)
  }
}

/** The keys of two dictionaries whose values are not the same; a missing one is null (ISO 32000-2, 7.3.7). */
export function differingKeys(states: PdfStates, before: PdfValue, after: PdfValue, depth = 0): string[] {
  const [left, right] = [entriesOf(before), entriesOf(after)]
  const keys = new Set([...left.keys(), ...right.keys()])
  return [...keys].filter((key) => !sameValue(states, left.get(key) ?? null, right.get(key) ?? null, depth + 1))
}

const ofEncoding = ['Length', 'Filter', 'DecodeParms', 'DL']

function sameStream(states: PdfStates, before: PdfStream, after: PdfStream, depth: number): boolean {
  const keys = differingKeys(states, before, after, depth)
  if (keys.some((key) => !ofEncoding.includes(key))) return false
  if (before.start === after.start) return keys.length === 0
  if (!keys.some((key) => key !== 'Length') && sameBytes(states, before, after)) return true
  try {
    return Buffer.compare(states.signed.decoded(before), states.final.decoded(after)) === 0
  } catch (error) {
    if (error instanceof PdfFault && error.code === 'damaged') return false
    throw error
  }
}

function sameBytes(states: PdfStates, before: PdfStream, after: PdfStream): boolean {
  const length = states.signed.streamLength(before)
  if (length !== states.final.streamLength(after)) return false
  const step = 1 << 20
  for (let at = 0; at < length; at += step) {
    const count = Math.min(step, length - at)
    if (Buffer.compare(states.file.read(before.start + at, count), states.file.read(after.start + at, count)) !== 0)
      return false
    states.file.budget.time()
  }
  return true
}

/** Whether all that was there is there still: arrays and dictionaries may only have become longer. */
export function onlyGrew(states: PdfStates, before: PdfValue, after: PdfValue, depth = 0): boolean {
  if (sameValue(states, before, after)) return true
  if (depth > 4 || before === null || typeof before !== 'object') return before === null
  if (Array.isArray(before)) {
    if (!Array.isArray(after)) return before.length === 0
    let from = 0
    return before.every((item) => {
      while (from < after.length && !sameValue(states, item, after[from] ?? null)) from++
      return from++ < after.length
    })
  }
  if (isRef(before)) return onlyGrew(states, states.signed.resolve(before), states.final.resolve(after), depth + 1)
  if (before.kind !== 'dict') return false
  const grown = states.final.resolve(after)
  if (isStream(grown)) return false
  return [...before.entries].every(
    ([key, value]) =>
      onlyGrew(states, value, entriesOf(grown).get(key) ?? null, depth + 1) ||
      key === 'ParentTreeNextKey' ||
      key === 'Limits',
  )
}

/** The objects that stand elsewhere than they did when the signature was made, and those that were not there. */
export function changedObjects({ signed, final }: PdfStates): number[] {
  const [before, after] = [signed.table, final.table]
  const changed: number[] = []
  const size = Math.max(signed.size, final.size)
  for (let num = 0; num < size; num++) {
    const kind = before.kinds[num] ?? entryKinds.absent
    const now = after.kinds[num] ?? entryKinds.absent
    if (kind <= entryKinds.free && now <= entryKinds.free) continue
    if (kind !== now || before.fields[num] !== after.fields[num]) changed.push(num)
    else if (kind === entryKinds.inStream) {
      const holder = before.fields[num] as number
      const isSame =
        (before.kinds[holder] ?? 0) === (after.kinds[holder] ?? 0) &&
        (before.fields[holder] ?? 0) === (after.fields[holder] ?? 0)
      if (before.extras[num] !== after.extras[num] || !isSame) changed.push(num)
    }
  }
  return changed
}
