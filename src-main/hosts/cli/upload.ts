import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { DepositoResponse, type ChannelRequest } from '../../contract/channels.ts'
import type { Deposito } from '../../contract/documento.ts'
import type { OperationDetail, OperationState } from '../../contract/operation.ts'
import type { Core } from '../../core.ts'
import { CliError, commandError } from './cli-error.ts'
import { call, waitUntil } from './core-call.ts'
import { exitCodes } from './exit-code.ts'

export interface UploadedFile {
  file: string
  /** `already_there`: the same bytes were uploaded for this casella before. */
  outcome: OperationState | 'already_there'
  operationId: string | null
  reason: string | null
}

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

/** Queues the files for the casella with this address, and waits until each has arrived or needs a person. */
export async function upload(
  core: Core,
  request: { files: readonly string[]; casella: string; tipo: ChannelRequest<'documenti.attach'>['tipo'] },
  timeoutMs: number,
): Promise<UploadedFile[]> {
  const indirizzo = request.casella.toLowerCase()
  const { rows } = await call(core, 'caselle.suggest', { search: indirizzo })
  const casella = rows.find((row) => row.indirizzo.toLowerCase() === indirizzo)
  if (casella === undefined)
    throw new CliError('not_found', `La casella ${request.casella} non è nell'archivio.`, exitCodes.failed)
  const folder = process.env['INIT_CWD'] ?? process.cwd()

  const queued: { file: string; operationId: string | null }[] = []
  for (const file of request.files) {
    const deposito = await deposit(core, resolve(folder, file))
    if (deposito.duplicateOf?.toLowerCase() === indirizzo) {
      await call(core, 'documenti.discard', { id: deposito.id })
      queued.push({ file, operationId: null })
      continue
    }
    const { operationIds } = await call(core, 'documenti.attach', {
      casellaId: casella.id,
      tipo: request.tipo,
      depositoIds: [deposito.id],
    })
    queued.push({ file, operationId: operationIds[0] ?? null })
  }

  const deadline = Date.now() + timeoutMs
  const results: UploadedFile[] = []
  for (const { file, operationId } of queued) {
    if (operationId === null) {
      results.push({ file, outcome: 'already_there', operationId, reason: null })
      continue
    }
    const left = Math.max(0, deadline - Date.now())
    const seen = await waitUntil(core, left, () => call(core, 'outbox.get', { id: operationId }), rests)
    results.push({ file, outcome: seen.state, operationId, reason: seen.reason?.code ?? null })
  }
  return results
}
