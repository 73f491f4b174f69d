import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { DepositoResponse } from '../../contract/channels.ts'
import { MOST_ADDED, MOST_ROWS, type ArrivedRequest, type Lotto, type RigaLotto } from '../../contract/lotto.ts'
import type { Core } from '../../core.ts'
import { CliError } from './cli-error.ts'
import { call, waitUntil } from './core-call.ts'
import { exitCodes } from './exit-code.ts'

/** What became of one file of a folder. */
export interface FolderFile {
  file: string
  outcome: 'sent' | 'ready' | 'needs_person' | 'invalid' | 'already_there' | 'refused' | 'not_arrived'
  casella: string | null
  confidence: number | null
  tipo: string | null
  verdict: string | null
  /** Codes of what keeps it from going. */
  missing: string[]
}

export interface FolderUpload {
  lotto: string | null
  files: FolderFile[]
}

const COPIERS = 4
const PAGE = 400

/** Ordinary files below a folder, in the order of their names; what the system hides is left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => a.name.localeCompare(b.name, 'it'))
  const found: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.') || /^(?:thumbs\.db|desktop\.ini)$/i.test(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesBelow(path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}

/** Throws CliError when it is no folder that can be read, or holds too much. */
async function namedFiles(folder: string): Promise<{ path: string; bytes: number }[]> {
  const paths = await filesBelow(folder).catch(() => {
    throw new CliError('file_unreadable', `La cartella ${folder} non si può leggere.`, exitCodes.failed)
  })
  if (paths.length === 0) throw new CliError('not_found', `La cartella ${folder} non contiene file.`, exitCodes.failed)
  if (paths.length > MOST_ROWS)
    throw new CliError('lotto_full', `La cartella contiene più di ${MOST_ROWS} file: dividerla.`, exitCodes.failed)
  return Promise.all(
    paths.map(async (path) => ({
      path,
      bytes: await stat(path).then(
        ({ size }) => size,
        () => 1,
      ),
    })),
  )
}

async function copy(core: Core, id: string, path: string): Promise<ArrivedRequest['righe'][number]> {
  const answer = await core.deposit(basename(path), createReadStream(path))
  return answer.ok
    ? { id, depositoId: DepositoResponse.parse(answer.data).id, problema: null }
    : { id, depositoId: null, problema: { code: answer.error.code, details: answer.error.details } }
}

async function allRows(core: Core, lottoId: string): Promise<RigaLotto[]> {
  const rows: RigaLotto[] = []
  for (let offset = 0; ; offset += PAGE) {
    const page = await call(core, 'lotti.rows', { lottoId, offset, limit: PAGE })
    rows.push(...page.rows)
    if (rows.length >= page.total || page.rows.length === 0) return rows
  }
}

/** The same bytes are at the provider, or on their way there, for this very casella. */
function isThere({ duplicato, indirizzo, mancanze }: RigaLotto): boolean {
  return (
    duplicato !== null &&
    duplicato.dove !== 'lotto' &&
    duplicato.nome === indirizzo &&
    mancanze.every((each) => each === 'duplicato')
  )
}

function outcomeOf(riga: RigaLotto): FolderFile['outcome'] {
  if (isThere(riga)) return 'already_there'
  switch (riga.stato) {
    case 'inviata':
      if (riga.operationState === 'settled' || riga.operationState === 'acknowledged') return 'sent'
      return riga.operationState === 'rejected' ? 'refused' : 'not_arrived'
    case 'pronta':
      return 'ready'
    case 'non_valida':
      return 'invalid'
    case 'in_arrivo':
    case 'da_leggere':
      return 'not_arrived'
    case 'da_decidere':
    case 'scartata':
      return 'needs_person'
  }
}

/** Exit 5 when anything waits for a person, 1 when something has not arrived in time. */
export function folderExitCode(files: readonly FolderFile[], dryRun: boolean): number {
  const all = new Set(files.map(({ outcome }) => outcome))
  if (all.has('needs_person') || all.has('invalid') || all.has('refused')) return exitCodes.needsPerson
  return all.has('not_arrived') || (all.has('ready') && !dryRun) ? exitCodes.failed : exitCodes.done
}

/**
 * All files of a folder as one lotto: what is sure is sent, the rest stays in the lotto for a person at the program.
 * `dryRun`: nothing is sent and the lotto goes again. `minConfidence`: 0-100. Throws CliError.
 */
export async function uploadFolder(
  core: Core,
  request: { folder: string; dryRun: boolean; minConfidence: number },
  timeoutMs: number,
): Promise<FolderUpload> {
  const { folder, dryRun, minConfidence } = request
  const named = await namedFiles(folder)
  const deadline = Date.now() + timeoutMs
  const left = (): number => Math.max(0, deadline - Date.now())
  const lotto = await call(core, 'lotti.create', { nome: basename(folder) })
  await call(core, 'lotti.threshold', { id: lotto.id, soglia: minConfidence })

  const waiting: { id: string; path: string }[] = []
  for (let at = 0; at < named.length; at += MOST_ADDED) {
    const part = named.slice(at, at + MOST_ADDED)
    const files = part.map(({ path, bytes }) => ({ nome: basename(path).slice(0, 500), bytes }))
    const { righe } = await call(core, 'lotti.addFiles', { lottoId: lotto.id, files })
    for (const [index, id] of righe.entries()) {
      const path = part[index]?.path
      if (id !== null && path !== undefined) waiting.push({ id, path })
    }
  }
  const positions = named.map(({ path }) => relative(folder, path))
  await Promise.all(
    Array.from({ length: COPIERS }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await call(core, 'lotti.arrived', { lottoId: lotto.id, righe: [await copy(core, next.id, next.path)] })
    }),
  )
  const look = (): Promise<Lotto> => call(core, 'lotti.get', { id: lotto.id })
  await waitUntil(core, left(), look, ({ conteggi }) => conteggi.daLeggere === 0)

  const there = (await allRows(core, lotto.id)).filter(isThere)
  const ended = (rows: readonly RigaLotto[]): FolderFile[] =>
    rows.map((riga) => ({
      file: positions[riga.posizione - 1] ?? riga.nomeFile,
      outcome: outcomeOf(riga),
      casella: riga.indirizzo,
      confidence: riga.confidenza,
      tipo: riga.tipo,
      verdict: riga.giudizio,
      missing: riga.problema === null ? riga.mancanze : [riga.problema.code],
    }))
  if (dryRun) {
    const files = ended(await allRows(core, lotto.id))
    await call(core, 'lotti.remove', { id: lotto.id })
    return { lotto: null, files }
  }
  if (there.length > 0)
    await call(core, 'lotti.decide', {
      lottoId: lotto.id,
      righe: there.map(({ id }) => id),
      decisione: { kind: 'scarta' },
    })
  const { conteggi } = await look()
  if (conteggi.pronte > 0) {
    await call(core, 'lotti.send', { id: lotto.id })
    await waitUntil(core, left(), look, ({ conteggi: now }) => now.arrivate + now.respinte >= now.inviate)
  }
  return { lotto: lotto.id, files: ended(await allRows(core, lotto.id)) }
}
