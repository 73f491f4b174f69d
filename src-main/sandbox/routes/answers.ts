import { z } from 'zod'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../provider-contract/problem.ts'

/** Every refusal of every route. */
export const problemAnswer = {
  default: { description: 'Rifiuto (RFC 9457)', content: { [PROBLEM_MEDIA_TYPE]: { schema: Problem } } },
}

export const noContent = z.undefined().describe('Fatto')
export const notModified = z.undefined().describe('Non modificato')
export const IdParams = z.object({ id: z.string().max(100) })

export const PostHeaders = z.looseObject({
  'idempotency-key': z.string().optional().describe('Obbligatoria: la stessa per ogni ripetizione della richiesta'),
})
export const ChangeHeaders = z.looseObject({
  'if-match': z.string().optional().describe('Obbligatoria: l’ETag della versione letta'),
  'idempotency-key': z.string().optional(),
})
export const ReadHeaders = z.looseObject({ 'if-none-match': z.string().optional() })

/** A change is a JSON Merge Patch (RFC 7396). */
export const patchTypes = ['application/merge-patch+json', 'application/json']
