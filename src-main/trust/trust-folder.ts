import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../db/durable-file.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { readCertificate, type Certificate } from '../signatures/x509.ts'
import { TrustLists } from './trusted-services.ts'

const MAX_ANCHOR_BYTES = 256 * 1024
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/** What lies in `fiducia/` of the data folder. */
export interface TrustFolder {
  /** Paths whose change means that it has to be read again. */
  files: readonly string[]
  /** The lists accepted last; null where there are none, or where what is there is damaged: they are fetched again. */
  readLists(): TrustLists | null
  /** Whole or not at all. Throws the system's errors. */
  writeLists(lists: TrustLists): void
  /** Certificates (PEM) of `fiducia/ancore/`, which the administrator trusts, and the names of files that hold none. */
  readAnchors(): { certificates: Certificate[]; unreadable: string[] }
}

export function trustFolder(dataDir: string): TrustFolder {
  const folder = join(dataDir, 'fiducia')
  const file = join(folder, 'elenchi.json')
  const anchors = join(folder, 'ancore')
  return {
    files: [file, anchors],
    readLists: () => {
      try {
        return TrustLists.parse(JSON.parse(readFileSync(file, 'utf8')))
      } catch {
        return null
      }
    },
    writeLists: (lists) => {
      mkdirSync(folder, { recursive: true })
      writeDurably(file, JSON.stringify(lists))
    },
    readAnchors: () => {
      const certificates: Certificate[] = []
      const unreadable: string[] = []
      let names: string[]
      try {
        names = readdirSync(anchors).filter((name) => /\.(pem|crt|cer)$/i.test(name))
      } catch {
        return { certificates, unreadable }
      }
      for (const name of names.sort()) {
        try {
          const bytes = readFileSync(join(anchors, name))
          if (bytes.length > MAX_ANCHOR_BYTES) throw new StructureError('too_complex', 'no certificate is as large')
          const blocks = [...bytes.toString('latin1').matchAll(PEM)].map(([, base64]) =>
            readCertificate(Buffer.from(base64 ?? '', 'base64')),
          )
          if (blocks.length === 0) throw new StructureError('structure_damaged', 'no certificate in it')
          certificates.push(...blocks)
        } catch {
          unreadable.push(name)
        }
      }
      return { certificates, unreadable }
    },
  }
}
