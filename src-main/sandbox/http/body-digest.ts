import { createHash } from 'node:crypto'

/**
 * A digest of what a JSON body says: the same for the same values however they were written (spaces, the order of the
 * names), so that a write is the same request by itself and inside a batch. `undefined`: no body. Throws a RangeError
 * where a body is nested too deeply to be read.
 */
export function bodyDigest(body: unknown): string {
  return createHash('sha256')
    .update(body === undefined ? '' : canonical(body))
    .digest('hex')
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join()}}`
}
