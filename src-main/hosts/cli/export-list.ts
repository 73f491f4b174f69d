import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { ChannelRequest } from '../../contract/channels.ts'
import type { Core } from '../../core.ts'
import { call } from './core-call.ts'
import { wholeFile } from './whole-file.ts'
import { exportSubject, type ExportArguments } from './export-subject.ts'

/** Writes each piece as it comes, and waits for a disk or a pipe that is slower. */
async function write(core: Core, jobId: string, out: Writable): Promise<number> {
  // An error of the file comes also while a piece is being made.
  const failures: Error[] = []
  out.on('error', (cause) => {
    failures.push(cause)
  })
  try {
    for (;;) {
      const { base64, done, ended } = await call(core, 'esporta.part', { jobId })
      const [failure] = failures
      if (failure !== undefined) throw failure
      if (base64 !== '' && !out.write(Buffer.from(base64, 'base64'))) await once(out, 'drain')
      if (ended) return done
    }
  } catch (cause) {
    await call(core, 'esporta.stop', { jobId })
    throw cause
  }
}

/** What the core is asked for. Throws CliError. */
async function requestOf(core: Core, asked: ExportArguments): Promise<ChannelRequest<'esporta.begin'>> {
  const known = {
    domini: (await call(core, 'domini.list', {})).rows,
    assistenti: (await call(core, 'assistenti.list', {})).rows,
  }
  const words = asked.filters.map(({ name, value }) => `${name} ${value}`)
  return {
    subject: exportSubject(asked, known),
    format: asked.format,
    columns: [],
    personal: asked.personal,
    filter: [...(asked.search === '' ? [] : [`«${asked.search}»`]), ...words].join(', '),
  }
}

/**
 * Writes a list of the archive and answers how many rows; `out` is a file's path, or `-`. A file is whole or absent.
 * Throws CliError, `file_not_written` where the disk is full or the folder cannot be written.
 */
export async function exportList(core: Core, asked: ExportArguments): Promise<number> {
  const { jobId } = await call(core, 'esporta.begin', await requestOf(core, asked))
  return asked.out === '-' ? write(core, jobId, process.stdout) : writeFile(core, jobId, asked.out)
}

/** What `jobId` writes, as a file that is whole or absent; answers its rows. Throws CliError `file_not_written`. */
export function writeFile(core: Core, jobId: string, out: string): Promise<number> {
  return wholeFile(out, async (write) => {
    try {
      for (;;) {
        const { base64, done, ended } = await call(core, 'esporta.part', { jobId })
        await write(Buffer.from(base64, 'base64'))
        if (ended) return done
      }
    } catch (cause) {
      await call(core, 'esporta.stop', { jobId })
      throw cause
    }
  })
}
