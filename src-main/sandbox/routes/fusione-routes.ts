import type { z } from 'zod'
import { etagOf } from '../../provider-contract/scalar.ts'
import { FusioneTitolari, Titolare } from '../../provider-contract/titolare.ts'
import type { SandboxContext } from '../context.ts'
import { normalizedCodiceFiscale } from '../generate/codice-fiscale.ts'
import { requireMatch } from '../http/conditional.ts'
import { merged, ownRow, violated } from '../http/row-change.ts'
import { answerWrite, type Outcome, type WriteContext } from '../http/write-answer.ts'
import { patchedDocumento } from '../rules/titolare-rules.ts'
import { ChangeHeaders, IdParams, PostHeaders, problemAnswer } from './answers.ts'
import { claimCodiceFiscale, requireKey } from './titolare-routes.ts'
import type { TypedApp } from './typed-app.ts'

/** D28: holders that are one and the same become one, in one transaction, with all that hangs on them. */
export function addFusioneRoutes(app: TypedApp, context: SandboxContext): void {
  app.post(
    '/titolari/:id/fusione',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['titolari'],
        params: IdParams,
        headers: PostHeaders.extend(ChangeHeaders.pick({ 'if-match': true }).shape),
        body: FusioneTitolari,
        response: { 200: Titolare, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => mergeTitolari(context, write, request.params.id, request.body)),
  )
}

function mergeTitolari(
  context: SandboxContext,
  write: WriteContext,
  id: string,
  { assorbiti, campi }: z.infer<typeof FusioneTitolari>,
): Outcome {
  const { resources, names, life } = context.store
  const { principal, at, ifMatch } = write
  const stays = ownRow(context, write, 'titolare', id)
  requireMatch(ifMatch, stays)
  if (new Set([id, ...assorbiti.map((each) => each.id)]).size !== assorbiti.length + 1)
    throw violated('/assorbiti', 'same_titolare')
  const absorbed = assorbiti.map((each) => {
    const row = ownRow(context, write, 'titolare', each.id)
    requireMatch(etagOf(each.version), row)
    return row
  })
  const { documentoIdentita: patch, ...plain } = campi
  // One that has expired since is still what identified the holder.
  const documentoIdentita = patchedDocumento(stays.documentoIdentita, patch)
  if (documentoIdentita === undefined) throw violated('/campi/documentoIdentita', 'documento_incomplete')
  const wanted = merged(stays, { ...plain, ...(patch === undefined ? {} : { documentoIdentita }) })
  requireKey(context, wanted)
  for (const gone of absorbed) {
    const cf = normalizedCodiceFiscale(gone.codiceFiscale)
    if (names.titolareOf(principal.enteId, cf) === gone.id) names.removeTitolare(principal.enteId, cf)
  }
  claimCodiceFiscale(context, write, { titolareId: id, before: stays.codiceFiscale, after: wanted.codiceFiscale })

  const tracked = { updatedAt: at, updatedBy: principal.user }
  // Also what an assistente does not see passes over: it would hang on nobody.
  const whole = { enteId: principal.enteId, assistenteId: null }
  for (const gone of absorbed) {
    for (const type of ['indirizzo', 'attivita', 'nota', 'casella'] as const)
      for (const row of resources.of(whole, type, { titolareId: gone.id })) {
        // A note about a casella hangs on its casella.
        if (row.titolareId !== gone.id) continue
        resources.replace(type, { ...row, ...tracked, titolareId: id, version: row.version + 1 })
      }
    life.replaceNewHolder(gone.id, id)
    names.grantAsFor(id, gone.id)
  }
  const code = normalizedCodiceFiscale(wanted.codiceFiscale)
  for (const { id: casellaId } of resources.of(whole, 'casella', { titolareId: id })) names.rekey(casellaId, code)
  const after = { ...wanted, ...tracked, version: stays.version + 1 }
  resources.replace('titolare', after)
  for (const gone of absorbed) resources.remove(whole, 'titolare', gone.id, { user: principal.user, at })
  return { status: 200, resource: after }
}
