import type { FieldProblem } from '../../provider-contract/problem.ts'
import type { SandboxContext } from '../context.ts'
import type { ResourceMap } from '../store/resource-store.ts'
import { requireMatch } from './conditional.ts'
import { ProblemError } from './problem-error.ts'
import type { Outcome, WriteContext } from './write-answer.ts'

/** A row after a change by its If-Match; a change that changes nothing leaves the version alone. */
export function changeRow<T extends 'titolare' | 'indirizzo' | 'attivita' | 'casella'>(
  { store }: SandboxContext,
  { principal, at, ifMatch }: WriteContext,
  type: T,
  id: string,
  change: (row: ResourceMap[T]) => ResourceMap[T],
): Outcome {
  const row = store.resources.get(principal, type, id)
  if (row === undefined) throw new ProblemError('not_found')
  requireMatch(ifMatch, row)
  const wanted = change(row)
  if (JSON.stringify(wanted) === JSON.stringify(row)) return { status: 200, resource: row }
  const changed = { ...wanted, version: row.version + 1, updatedAt: at, updatedBy: principal.user }
  store.resources.replace(type, changed)
  return { status: 200, resource: changed }
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
