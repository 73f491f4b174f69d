import { z } from 'zod'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { Titolare } from '../provider-contract/titolare.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { editableFields } from '../caselle/casella-fields.ts'
import type { FieldValue } from '../contract/operation.ts'
import type { Operation } from './operation.ts'

export type Verification =
  | { kind: 'applied'; body: unknown }
  | { kind: 'not_applied' }
  /** The row holds values that are not all the operator's and not all those that were seen. */
  | { kind: 'changed_since'; casella: Casella }
  | { kind: 'undecidable' }
  | { kind: 'unreachable' }

/**
 * Whether an update whose outcome is unknown took effect, from the provider's row after the quiet period. All of the
 * operator's values stand there: applied. All of those that the operator saw: not applied. A mixture, or a third
 * value: nobody can tell. Pure.
 */
export function judgeUpdate(
  fields: Record<string, FieldValue>,
  seen: Record<string, FieldValue>,
  now: Record<string, FieldValue>,
): 'applied' | 'not_applied' | 'undecidable' {
  const names = Object.keys(fields)
  if (names.every((name) => now[name] === fields[name])) return 'applied'
  if (names.every((name) => now[name] === seen[name])) return 'not_applied'
  return 'undecidable'
}

const Found = z.object({ items: z.array(z.unknown()) })

/** A creation is known by its natural key: one match is it, none is not, several are for a person. Pure. */
export function judgeCreation<T>(schema: z.ZodType<T>, body: unknown, isMine: (item: T) => boolean): Verification {
  const page = Found.safeParse(body)
  if (!page.success) return { kind: 'undecidable' }
  const mine = page.data.items
    .map((item) => schema.safeParse(item))
    .flatMap((parsed) => (parsed.success && isMine(parsed.data) ? [parsed.data] : []))
  if (mine.length === 0) return { kind: 'not_applied' }
  return mine.length === 1 ? { kind: 'applied', body: mine[0] } : { kind: 'undecidable' }
}

const quoted = (text: string): string => JSON.stringify(text)

/** Rule 4, for providers that keep no idempotency keys: asks the registry whether the operation stands there. */
export async function verifyByNaturalKey(
  operation: Operation,
  session: ProviderSession,
  serverId: (id: string) => string | undefined,
): Promise<Verification> {
  const ask = async (path: string): Promise<{ status: number; body: unknown } | null> => {
    const result = await session.send({ method: 'GET', path })
    return result.kind === 'answer' && (result.status === 200 || result.problem?.code === 'not_found')
      ? { status: result.status, body: result.body }
      : null
  }
  const { args } = operation
  switch (args.type) {
    case 'casella.update': {
      const id = serverId(args.casellaId)
      if (id === undefined) return { kind: 'undecidable' }
      const answer = await ask(`/caselle/${encodeURIComponent(id)}`)
      if (answer === null) return { kind: 'unreachable' }
      const casella = Casella.safeParse(answer.body)
      if (!casella.success) return { kind: 'undecidable' }
      const verdict = judgeUpdate(args.fields, operation.seen, editableFields(casella.data))
      if (verdict === 'undecidable') return { kind: 'changed_since', casella: casella.data }
      return verdict === 'applied' ? { kind: 'applied', body: casella.data } : { kind: 'not_applied' }
    }
    case 'casella.create': {
      const { denominazione, dominioId } = args.casella
      const answer = await ask(
        `/caselle?filter=${encodeURIComponent(`denominazione eq ${quoted(denominazione)} and dominioId eq ${quoted(dominioId)}`)}`,
      )
      if (answer === null) return { kind: 'unreachable' }
      const titolareId = serverId(args.casella.titolareId)
      return judgeCreation(
        Casella,
        answer.body,
        (casella) => casella.titolareId === titolareId && casella.ciclo !== 'eliminata',
      )
    }
    case 'titolare.create': {
      const answer = await ask(
        `/titolari?filter=${encodeURIComponent(`codiceFiscale eq ${quoted(args.titolare.codiceFiscale)}`)}`,
      )
      if (answer === null) return { kind: 'unreachable' }
      return judgeCreation(
        Titolare,
        answer.body,
        (titolare) => titolare.cognome === args.titolare.cognome && titolare.nome === args.titolare.nome,
      )
    }
    case 'documento.attach': {
      const casellaId = serverId(args.casellaId)
      if (casellaId === undefined) return { kind: 'undecidable' }
      const answer = await ask(`/documenti?filter=${encodeURIComponent(`casellaId eq ${quoted(casellaId)}`)}`)
      if (answer === null) return { kind: 'unreachable' }
      return judgeCreation(
        Documento,
        answer.body,
        (documento) => documento.sha256 === args.sha256 && documento.tipo === args.tipo,
      )
    }
  }
}
