import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { DepositoResponse } from '../../contract/channels.ts'
import type { Deposito } from '../../contract/documento.ts'
import type { OperationDetail, OperationState } from '../../contract/operation.ts'
import { serveConsenso } from '../../contract/serve-consenso.ts'
import type { Giudizio } from '../../contract/verifica.ts'
import type { Core } from '../../core.ts'
import { givenPath } from '../node/given-path.ts'
import { CliError, commandError } from './cli-error.ts'
import type { Command } from './command-line.ts'
import { call, waitUntil } from './core-call.ts'
import { exitCodes } from './exit-code.ts'

export interface UploadedFile {
  file: string
  /**
   * `already_there`: the same bytes were uploaded for this casella before. `not_valid`: its signature does not hold or is
   * missing, or nobody reads it without a password, and no consent was given; it was not sent.
   */
  outcome: UploadOutcome
  /** What was found of its signatures. */
  verdict: Giudizio | null
  operationId: string | null
  reason: string | null
}
export type UploadOutcome = OperationState | 'already_there' | 'not_valid'

async function deposit(core: Core, path: string): Promise<Deposito> {
  const ordinary = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  const name = basename(path)
  if (!ordinary) throw commandError('file_unreadable', `${name}: `)
  const answer = await core.deposit(name, createReadStream(path))
  if (!answer.ok) throw commandError(answer.error.code, `${name}: `)
  return DepositoResponse.parse(answer.data)
}

/** Where an operation stands still: at an end, or before a person. */
function rests({ state }: OperationDetail): boolean {
  switch (state) {
    case 'settled':
    case 'cancelled':
    case 'conflict':
    case 'rejected':
    case 'needs_review':
      return true
    case 'pending':
    case 'in_flight':
    case 'acknowledged':
    case 'uncertain':
      return false
  }
}

type Request = Pick<Extract<Command, { name: 'upload' }>, 'files' | 'casella' | 'tipo' | 'consenso'>
type Queued = Pick<UploadedFile, 'file' | 'verdict'> &
  ({ operationId: string } | { operationId: null; outcome: 'already_there' | 'not_valid' })

/** Queues a copy, after a look at its signatures; what may not be sent goes again. */
async function attach(
  core: Core,
  { id }: Deposito,
  casellaId: string,
  { tipo, consenso }: Request,
): Promise<{ operationId: string | null; verdict: Giudizio }> {
  const { giudizio, protetto } = await call(core, 'documenti.inspect', { depositoId: id, casellaId })
  const isDoubtful = serveConsenso(giudizio, protetto).length > 0
  if (isDoubtful && consenso === null) {
    await call(core, 'documenti.discard', { id })
    return { operationId: null, verdict: giudizio }
  }
  const decisioni = isDoubtful ? [{ depositoId: id, consenso }] : []
  const { operationIds } = await call(core, 'documenti.attach', { casellaId, tipo, depositoIds: [id], decisioni })
  return { operationId: operationIds[0] ?? null, verdict: giudizio }
}

/** Looks into the files, queues those that may go for the casella with this address, and waits until each has arrived or needs a person. */
export async function upload(core: Core, request: Request, timeoutMs: number): Promise<UploadedFile[]> {
  const indirizzo = request.casella.toLowerCase()
  const { rows } = await call(core, 'caselle.suggest', { search: indirizzo })
  const casella = rows.find((row) => row.indirizzo.toLowerCase() === indirizzo)
  if (casella === undefined)
    throw new CliError('not_found', `La casella ${request.casella} non è nell'archivio.`, exitCodes.failed)

  const queued: Queued[] = []
  for (const file of request.files) {
    const deposito = await deposit(core, givenPath(file))
    if (deposito.duplicateOf?.toLowerCase() === indirizzo) {
      await call(core, 'documenti.discard', { id: deposito.id })
      queued.push({ file, verdict: null, operationId: null, outcome: 'already_there' })
      continue
    }
    const { operationId, verdict } = await attach(core, deposito, casella.id, request)
    queued.push(
      operationId === null ? { file, verdict, operationId, outcome: 'not_valid' } : { file, verdict, operationId },
    )
  }

  const deadline = Date.now() + timeoutMs
  const results: UploadedFile[] = []
  for (const { file, verdict, ...went } of queued) {
    if (went.operationId === null) {
      results.push({ file, verdict, ...went, reason: null })
      continue
    }
    const { operationId } = went
    const left = Math.max(0, deadline - Date.now())
    const seen = await waitUntil(core, left, () => call(core, 'outbox.get', { id: operationId }), rests)
    results.push({ file, outcome: seen.state, verdict, operationId, reason: seen.reason?.code ?? null })
  }
  return results
}
