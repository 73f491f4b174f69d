import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { decodeBase64 } from './base64-source.ts'
import { createBudget } from './der.ts'
import { contentFormat, documentForm } from './document-form.ts'
import { contentTypes, readSignedData } from './signed-data.ts'
import { openFileSource, rangesSource, type Source } from './source.ts'
import { damaged, StructureError } from './structure-error.ts'
import { readTimestampedData } from './timestamped-data.ts'

const PIECE = 256 * 1024
const MAX_LAYERS = 12

/** The document inside signed envelopes, to be read or saved. Nothing of it is verified here. */
export interface SignedContentFile {
  /** As `contentFormat` tells it: `pdf`, `xml`, `text`, ... */
  format: string
  bytes: number
  /** Reads it from the beginning, in pieces of 256 KB, as they are asked for. */
  stream(): Readable
  /** Lower case hex. */
  sha256(): string
  /** Gives back the file and what was decoded on the way. */
  close(): void
}

/** What an envelope holds; null where these bytes are none, or hold nothing. Throws StructureError. */
function inside(source: Source, temporaryFolder: string | undefined, releases: (() => void)[]): Source | null {
  const form = documentForm(source)
  switch (form) {
    case 'signed_data': {
      const { content, contentType } = readSignedData(source, createBudget(), () => null)
      return content === null || contentType === contentTypes.timestampInfo ? null : rangesSource(source, content)
    }
    case 'timestamped_data':
      return readTimestampedData(source, createBudget()).content
    case 'pem':
    case 'base64': {
      const held = decodeBase64(source, form === 'pem', temporaryFolder)
      releases.push(held.release)
      return held.source
    }
    case 'damaged':
      throw damaged('an envelope that cannot be opened')
    case 'pdf':
    case 'timestamp_response':
    case 'encrypted':
    case 'other':
      return null
  }
}

function* pieces(source: Source): Generator<Uint8Array, void> {
  for (let position = 0; position < source.size; position += PIECE) yield source.read(position, PIECE)
}

/**
 * Opens the innermost document of a .p7m or .tsd, through every envelope and wrapping. Throws StructureError where an
 * envelope is damaged or holds nothing (a detached signature), and the system's errors.
 */
export function openSignedContent(path: string, temporaryFolder?: string): SignedContentFile {
  const file = openFileSource(path)
  const releases: (() => void)[] = [file.close]
  const close = (): void => {
    for (const release of releases.splice(0).reverse()) release()
  }
  try {
    let source: Source = file
    for (let layers = 0; ; layers++) {
      if (layers > MAX_LAYERS) throw new StructureError('too_complex', 'envelopes in each other without end')
      const content = inside(source, temporaryFolder, releases)
      if (content === null) break
      source = content
    }
    const format = contentFormat(source)
    if (format === 'p7m' || format === 'tsd')
      throw new StructureError('content_truncated', 'the envelope holds nothing')
    const found = source
    return {
      format,
      bytes: found.size,
      stream: () => Readable.from(pieces(found), { objectMode: false }),
      sha256() {
        const hash = createHash('sha256')
        found.scan(0, found.size, (piece) => void hash.update(piece))
        return hash.digest('hex')
      },
      close,
    }
  } catch (cause) {
    close()
    throw cause
  }
}
