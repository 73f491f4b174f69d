import { z } from 'zod'
import { ExportedFile } from './archive.ts'

/** The diagnostic package: what can be told of this installation without anybody's data. */
export const diagnosticaChannels = {
  /** As it would be saved or sent, to be read before. Works also while the archive is blocked. */
  'diagnostica.get': { request: z.object({}), response: z.object({ text: z.string() }) },
  'diagnostica.save': { request: z.object({}), response: ExportedFile },
} as const
