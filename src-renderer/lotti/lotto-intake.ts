import { shallowReactive } from 'vue'
import type { ArrivedRequest, RigaLotto } from '../../src-main/contract/lotto.ts'
import { MOST_ADDED } from '../../src-main/contract/lotto.ts'
import { call, CommandError, deposit } from '../bridge/bridge.ts'
import type { ChosenFile } from './dropped-files.ts'

/** How many files are copied at the same time. */
const COPIERS = 4
const TOLD_TOGETHER = 40
const TOLD_EVERY_MS = 250
const PAGE = 400

interface Waiting {
  lottoId: string
  rigaId: string
  file: File | null
}

/** The copying of chosen files into the deposit, of all lotti: it goes on while the person works elsewhere. */
const waiting: Waiting[] = []
const arrivals = new Map<string, ArrivedRequest['righe']>()
/** Files that are still to be copied, by lotto. */
export const copying: Map<string, { done: number; total: number }> = shallowReactive(new Map())
let copiers = 0
let telling: ReturnType<typeof setTimeout> | undefined

async function tell(): Promise<void> {
  clearTimeout(telling)
  telling = undefined
  const told = [...arrivals]
  arrivals.clear()
  for (const [lottoId, righe] of told)
    for (let at = 0; at < righe.length; at += MOST_ADDED)
      // A lotto that was taken away meanwhile wants none of it; what else fails stays in arrivo and can be chosen again.
      await call('lotti.arrived', { lottoId, righe: righe.slice(at, at + MOST_ADDED) }).catch(() => undefined)
}

function arrived(lottoId: string, riga: ArrivedRequest['righe'][number]): void {
  const list = arrivals.get(lottoId) ?? []
  list.push(riga)
  arrivals.set(lottoId, list)
  if (list.length >= TOLD_TOGETHER) void tell()
  else telling ??= setTimeout(() => void tell(), TOLD_EVERY_MS)
}

async function copy({ lottoId, rigaId, file }: Waiting): Promise<void> {
  let outcome: ArrivedRequest['righe'][number]
  try {
    if (file === null) throw new CommandError('file_unreadable', 'the browser cannot open it', {})
    const { id } = await deposit(file, () => undefined)
    outcome = { id: rigaId, depositoId: id, problema: null }
  } catch (thrown) {
    const known = thrown instanceof CommandError ? thrown : null
    const code = known === null || known.code === 'host_unreachable' ? 'file_unreadable' : known.code
    outcome = { id: rigaId, depositoId: null, problema: { code, details: known?.details ?? {} } }
  }
  arrived(lottoId, outcome)
  const seen = copying.get(lottoId)
  if (seen === undefined) return
  if (seen.done + 1 >= seen.total) copying.delete(lottoId)
  else copying.set(lottoId, { ...seen, done: seen.done + 1 })
}

async function copyAll(): Promise<void> {
  copiers += 1
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await copy(next)
  copiers -= 1
}

function enqueue(lottoId: string, files: readonly { rigaId: string; file: File | null }[]): void {
  for (const each of files) waiting.push({ lottoId, ...each })
  const seen = copying.get(lottoId) ?? { done: 0, total: 0 }
  if (files.length > 0) copying.set(lottoId, { ...seen, total: seen.total + files.length })
  while (copiers < COPIERS && waiting.length > 0) void copyAll()
}

/** Rows whose bytes never came: those of a file that is chosen again are completed, not doubled. */
async function unfinished(lottoId: string): Promise<RigaLotto[]> {
  if (copying.has(lottoId)) return []
  const found: RigaLotto[] = []
  for (let offset = 0; ; offset += PAGE) {
    const { rows, total } = await call('lotti.rows', { lottoId, filtro: 'in_lettura', offset, limit: PAGE })
    found.push(...rows.filter(({ stato }) => stato === 'in_arrivo'))
    if (offset + PAGE >= total) return found
  }
}

/** Names the files in the lotto, so that their rows are there at once, and copies their bytes a few at a time. */
export async function takeIn(lottoId: string, files: readonly ChosenFile[]): Promise<void> {
  const open = await unfinished(lottoId)
  const completed: { rigaId: string; file: File | null }[] = []
  const fresh = files.filter(({ nome, bytes, file }) => {
    const at = open.findIndex((riga) => riga.nomeFile === nome && riga.bytes === bytes)
    const riga = at < 0 ? undefined : open.splice(at, 1)[0]
    if (riga === undefined) return true
    completed.push({ rigaId: riga.id, file })
    return false
  })
  enqueue(lottoId, completed)
  for (let at = 0; at < fresh.length; at += MOST_ADDED) {
    const part = fresh.slice(at, at + MOST_ADDED)
    const { righe } = await call('lotti.addFiles', {
      lottoId,
      files: part.map(({ nome, bytes }) => ({ nome: nome.slice(0, 500), bytes })),
    })
    enqueue(
      lottoId,
      righe.flatMap((rigaId, index) => (rigaId === null ? [] : [{ rigaId, file: part[index]?.file ?? null }])),
    )
  }
}
