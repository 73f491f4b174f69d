import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import { call } from '../bridge/bridge.ts'
import { saveBlob } from '../components/save-file.ts'

interface Made {
  rows: number
  nomeFile: string
  blob: Blob
}

/** Asks for a file part by part; null where `goesOn`, asked between parts, had it stopped: nothing is recorded then. */
async function exported(
  request: ChannelRequest<'esporta.begin'>,
  progress: (done: number, total: number) => void,
  goesOn: () => boolean,
): Promise<Made | null> {
  const { jobId, total, nomeFile, mime } = await call('esporta.begin', request)
  const pieces: Blob[] = []
  progress(0, total)
  while (goesOn()) {
    const { base64, done, ended } = await call('esporta.part', { jobId })
    // The browser may keep a blob on the disk: the pieces of a large file do not pile up in memory.
    pieces.push(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]))
    progress(done, total)
    if (ended) return { rows: done, nomeFile, blob: new Blob(pieces, { type: mime }) }
  }
  await call('esporta.stop', { jobId })
  return null
}

/** Hands a file over whole, and answers how many rows it has; null for one that was stopped. */
export async function downloadExport(
  request: ChannelRequest<'esporta.begin'>,
  progress: (done: number, total: number) => void,
  goesOn: () => boolean,
): Promise<{ rows: number; nomeFile: string } | null> {
  const made = await exported(request, progress, goesOn)
  if (made !== null) saveBlob(made.blob, made.nomeFile)
  return made
}

/**
 * Hands all files of a report over: a single one as it is, several in a zip of the report's name. Answers the name of
 * what was handed over; null where it was stopped. `progress` counts files.
 */
export async function downloadReport(
  nome: string,
  requests: readonly ChannelRequest<'esporta.begin'>[],
  progress: (done: number) => void,
  goesOn: () => boolean,
): Promise<string | null> {
  const files: Made[] = []
  for (const request of requests) {
    const made = await exported(request, () => undefined, goesOn)
    if (made === null) return null
    files.push(made)
    progress(files.length)
  }
  const [only] = files
  if (only === undefined) return null
  if (files.length === 1) {
    saveBlob(only.blob, only.nomeFile)
    return only.nomeFile
  }
  const contents: Record<string, Uint8Array> = {}
  for (const { nomeFile, blob } of files) contents[nomeFile] = new Uint8Array(await blob.arrayBuffer())
  const { zip } = await import('fflate')
  const bytes = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    zip(contents, { level: 6 }, (error, data) => {
      if (error === null) resolve(new Uint8Array(data))
      else reject(error)
    })
  })
  // What no system forbids in a file's name.
  const name = `${nome.replaceAll(/[^\p{L}\p{N} _-]+/gu, ' ').trim() || 'report'}.zip`
  saveBlob(new Blob([bytes], { type: 'application/zip' }), name)
  return name
}
