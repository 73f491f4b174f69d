import { createHash, randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Zip, ZipPassThrough } from 'fflate'
import { CommandError } from '../command-error.ts'
import type { CaselleTarget } from '../contract/casella-selection.ts'
import type { ModuliFormat, ModuliPart, ModuloKind, ModuloStampato } from '../contract/modulo.ts'
import { everyForm } from './forms/every-form.ts'
import { type ModuloCommands, type PreparedForm, sha256Of } from './modulo-commands.ts'
import type { Modulo } from './modulo-store.ts'

/** How long one part may take, in milliseconds; between two forms the rest of the program has its turn. */
const PART_MS = 400
/** Files that nobody goes on with make room for new ones. */
const REMEMBERED = 2

/**
 * The forms of many caselle as one file, made part by part as it is asked for: who stops asking has cancelled it, and
 * nothing of it is recorded. Only what is being made stands in memory.
 */
export interface ManyModuli {
  /** Throws CommandError `selection_changed`, `form_not_offered`, `nothing_to_print`. */
  begin(
    kind: ModuloKind,
    target: CaselleTarget,
    format: ModuliFormat,
  ): Promise<{ jobId: string; total: number; nomeFile: string; mime: string }>
  /** Throws CommandError `not_found` for one that has ended or was given up. */
  part(jobId: string): Promise<ModuliPart>
}

/** The file that forms go into, one after the other. */
interface Bundle {
  add(form: PreparedForm): Promise<void>
  /** After the last form. */
  end(): Promise<void>
  take(): Uint8Array
  /** Once all has been taken. */
  records(): Modulo[]
}

async function onePdf(title: string, made: Date): Promise<Bundle> {
  const { formRenderer } = await import('./render-form.ts')
  const { taggedDocument } = await import('./tagged-document.ts')
  const document = await taggedDocument(title, made)
  const draw = formRenderer(document)
  const hash = createHash('sha256')
  const printed: Omit<Modulo, 'sha256'>[] = []
  return {
    add: (form) => {
      draw(form)
      printed.push(form.record)
      return Promise.resolve()
    },
    end: () => document.end(),
    take: () => {
      const bytes = document.take()
      hash.update(bytes)
      return bytes
    },
    records: () => {
      const sha256 = hash.digest('hex')
      return printed.map((each) => ({ ...each, sha256 }))
    },
  }
}

function oneZip(made: Date): Bundle {
  let pieces: Uint8Array[] = []
  const records: Modulo[] = []
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error
    pieces.push(bytes)
  })
  return {
    add: async (form) => {
      const { renderForm } = await import('./render-form.ts')
      const bytes = await renderForm(form, made)
      records.push({ ...form.record, sha256: sha256Of(bytes) })
      // A PDF is compressed already.
      const file = new ZipPassThrough(form.fileName)
      file.mtime = made
      zip.add(file)
      file.push(bytes, true)
    },
    end: () => {
      zip.end()
      return Promise.resolve()
    },
    take: () => {
      const whole = Buffer.concat(pieces)
      pieces = []
      return whole
    },
    records: () => records,
  }
}

interface Job {
  kind: ModuloKind
  keys: readonly number[]
  at: number
  done: number
  bundle: Bundle
  busy: boolean
  /** Not told yet. */
  fresh: ModuloStampato[]
}

export function manyModuli(ports: {
  commands: Pick<ModuloCommands, 'prepare' | 'record' | 'offered'>
  keysOf(target: CaselleTarget): readonly number[]
  /** Undefined for one that has gone meanwhile. */
  idOf(key: number): string | undefined
  now(): string
}): ManyModuli {
  const { commands } = ports
  const jobs = new Map<string, Job>()
  return {
    begin: async (kind, target, format) => {
      if (!commands.offered().includes(kind)) throw new CommandError('form_not_offered', kind)
      const keys = ports.keysOf(target)
      if (keys.length === 0) throw new CommandError('nothing_to_print', 'no casella is left of the selection')
      const made = new Date(ports.now())
      const { title, fileName } = everyForm[kind]
      const bundle = format === 'pdf' ? await onePdf(`${title} (${keys.length})`, made) : oneZip(made)
      const jobId = randomUUID()
      jobs.set(jobId, { kind, keys, at: 0, done: 0, bundle, busy: false, fresh: [] })
      for (const oldest of jobs.keys()) if (jobs.size > REMEMBERED) jobs.delete(oldest)
      return {
        jobId,
        total: keys.length,
        nomeFile: `${fileName}-${keys.length}.${format}`,
        mime: format === 'pdf' ? 'application/pdf' : 'application/zip',
      }
    },
    part: async (jobId) => {
      const job = jobs.get(jobId)
      if (job === undefined || job.busy) throw new CommandError('not_found', 'no such file is being made')
      job.busy = true
      try {
        const until = performance.now() + PART_MS
        while (job.at < job.keys.length && performance.now() < until) {
          try {
            const id = ports.idOf(job.keys[job.at] ?? 0)
            if (id !== undefined) {
              const form = await commands.prepare(job.kind, id)
              await job.bundle.add(form)
              const { code, casellaId } = form.record
              job.fresh.push({ code, casellaId, indirizzo: form.facts.values.indirizzo })
              job.done += 1
            }
          } catch (error) {
            // Deleted, or gone meanwhile: it is counted as left out.
            if (!(error instanceof CommandError) || !['casella_deleted', 'not_found'].includes(error.code)) throw error
          }
          job.at += 1
          await nextTurn()
        }
        const ended = job.at >= job.keys.length
        if (ended) {
          if (job.done === 0) throw new CommandError('nothing_to_print', 'all caselle of the selection are deleted')
          await job.bundle.end()
        }
        const base64 = Buffer.from(job.bundle.take()).toString('base64')
        // Recorded before the last piece is handed over: no form is out of which nothing is known.
        if (ended) commands.record(job.bundle.records())
        if (ended) jobs.delete(jobId)
        job.busy = false
        const moduli = job.fresh.splice(0)
        return { base64, done: job.done, skipped: job.at - job.done, total: job.keys.length, ended, moduli }
      } catch (error) {
        jobs.delete(jobId)
        throw error
      }
    },
  }
}
