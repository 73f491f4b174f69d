import { Buffer } from 'node:buffer'
import type { Verifica } from '../contract/verifica.ts'
import { verifySignedData } from '../signatures/cms.ts'
import { memorySource } from '../signatures/source.ts'
import { StructureError } from '../signatures/structure-error.ts'
import type { Deposit } from './deposit.ts'
import type { DepositedFile } from './deposited-file.ts'
import type { DocumentInspector } from './document-inspector.ts'

async function bytesOf(deposit: Deposit, file: DepositedFile): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of deposit.read(file, 0) as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

/** Until PDFs are verified: of their signatures nothing is claimed. */
export function interimInspector(deposit: Deposit): DocumentInspector {
  return {
    inspect: async (file) => {
      await deposit.verify(file)
      const base: Verifica = {
        format: file.formato,
        containers: [],
        integrity: 'unverifiable',
        signatures: [],
        documentTimestamps: [],
        warnings: [],
        sha256: file.sha256,
        bytes: file.bytes,
        content: null,
        verifiedAt: new Date().toISOString(),
        at: null,
      }
      let verifica = base
      if (file.formato === 'p7m')
        try {
          const signatures = verifySignedData(memorySource(await bytesOf(deposit, file))).signatures.map(
            ({ firma }) => firma,
          )
          const worst = (['invalid', 'unverifiable'] as const).find((each) =>
            signatures.some(({ integrity }) => integrity === each),
          )
          verifica = { ...base, signatures, integrity: worst ?? 'valid' }
        } catch (error) {
          if (!(error instanceof StructureError)) throw error
        }
      return { verifica, testo: null, pagine: null, protetto: false, codiciModulo: [] }
    },
    content: async (file) => {
      if (file.formato === 'pdf') return null
      const content = verifySignedData(memorySource(await bytesOf(deposit, file))).content
      return content === null ? null : content.read(0, content.size)
    },
    close: () => Promise.resolve(),
  }
}
