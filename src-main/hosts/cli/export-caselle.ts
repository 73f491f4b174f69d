import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Core } from '../../core.ts'
import { caselleHeader, casellaLine } from '../../export/caselle-csv.ts'
import { CSV_START } from '../../export/csv.ts'
import { call } from './core-call.ts'

const PAGE = 200

async function write(core: Core, search: string, out: Writable): Promise<number> {
  const put = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain')
  }
  await put(CSV_START + caselleHeader)
  let offset = 0
  for (;;) {
    const { rows, total } = await call(core, 'caselle.list', { search, offset, limit: PAGE })
    await put(rows.map(casellaLine).join(''))
    offset += rows.length
    if (rows.length === 0 || offset >= total) return offset
  }
}

/** Writes the caselle of the archive as CSV and answers how many; `out` is a file's path, or `-`. A file is whole or absent. */
export async function exportCaselle(core: Core, search: string, out: string): Promise<number> {
  if (out === '-') return write(core, search, process.stdout)
  const unfinished = `${out}.parte`
  const file = createWriteStream(unfinished)
  try {
    // Fails here, with the system's code, when the folder is not there or may not be written.
    await once(file, 'open')
    const count = await write(core, search, file)
    file.end()
    await finished(file)
    await rename(unfinished, out)
    return count
  } catch (cause) {
    file.destroy()
    await rm(unfinished, { force: true })
    throw cause
  }
}
