import type { FieldProblem } from '../../provider-contract/problem.ts'
import { readingScope } from '../auth/reading-scope.ts'
import type { SandboxContext } from '../context.ts'
import type { ResourceMap } from '../store/resource-store.ts'
import { requireMatch } from './conditional.ts'
import { ProblemError } from './problem-error.ts'
import type { Outcome, WriteContext } from './write-answer.ts'

type ChangedType =
  'ente' | 'assistente' | 'titolare' | 'indirizzo' | 'attivita' | 'casella' | 'documento' | 'nota' | 'segnalazione'

/**
 * A row after a change by its If-Match; a change that changes nothing leaves the version alone. `changed` does what
 * follows from one that does.
 */
export function changeRow<T extends ChangedType>(
  context: SandboxContext,
  write: WriteContext,
  type: T,
  id: string,
  change: (row: ResourceMap[T]) => ResourceMap[T],
  changed: (before: ResourceMap[T], after: ResourceMap[T]) => void = () => undefined,
): Outcome {
  const { principal, at, ifMatch } = write
  const row = ownRow(context, write, type, id)
  requireMatch(ifMatch, row)
  const wanted = change(row)
  if (JSON.stringify(wanted) === JSON.stringify(row)) return { status: 200, resource: row }
  const after = { ...wanted, version: row.version + 1, updatedAt: at, updatedBy: principal.user }
  context.store.resources.replace(type, after)
  changed(row, after)
  return { status: 200, resource: after }
}

/** Throws not_found, or forbidden where an aggregatore reads the row and another ente owns it (D2). */
export function ownRow<T extends ChangedType>(
  context: SandboxContext,
  { principal }: WriteContext,
  type: T,
  id: string,
): ResourceMap[T] {
  const { resources } = context.store
  const row = resources.get(principal, type, id)
  if (row !== undefined) return row
  const isRead = resources.get(readingScope(context, principal, type), type, id) !== undefined
  throw new ProblemError(isRead ? 'forbidden' : 'not_found')
}

/** A row removed by its If-Match; `admit` throws where it must stay. */
export function removeRow<T extends ChangedType>(
  context: SandboxContext,
  write: WriteContext,
  type: T,
  id: string,
  admit: (row: ResourceMap[T]) => void = () => undefined,
): Outcome {
  const row = ownRow(context, write, type, id)
  requireMatch(write.ifMatch, row)
  admit(row)
  const { principal, at } = write
  context.store.resources.remove(principal, type, id, { user: principal.user, at })
  return { status: 204 }
}

/** JSON Merge Patch of a flat resource: what the patch leaves out stays. */
export function merged<T extends object>(row: T, patch: { [K in keyof T]?: T[K] | undefined }): T {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined)
  return { ...row, ...Object.fromEntries(given) }
}

export function trackedNew({ principal, at }: WriteContext) {
  return { version: 1, updatedAt: at, updatedBy: principal.user, enteId: principal.enteId }
}

export function violated(pointer: string, code: string, params?: FieldProblem['params']): ProblemError {
  return new ProblemError('rule_violated', { errors: [{ pointer, code, ...(params === undefined ? {} : { params }) }] })
}
