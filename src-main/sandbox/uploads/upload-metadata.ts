import { Sha256 } from '../../provider-contract/documento.ts'
import { ProblemError } from '../http/problem-error.ts'

export interface UploadMetadata {
  filename: string
  filetype: string
  sha256: string
}

/** The three values that every upload must carry. Throws invalid_request naming those that are wrong. */
export function uploadMetadata(values: Record<string, string | null | undefined>): UploadMetadata {
  const { filename, filetype, sha256 } = values
  const errors = []
  if (filename == null || filename === '' || filename.length > 255 || filename.includes('\0'))
    errors.push({ pointer: '/filename', code: 'invalid' })
  if (filetype == null || filetype.length > 100) errors.push({ pointer: '/filetype', code: 'invalid' })
  if (!Sha256.safeParse(sha256).success) errors.push({ pointer: '/sha256', code: 'invalid' })
  if (errors.length > 0 || filename == null || filetype == null || sha256 == null) {
    throw new ProblemError('invalid_request', {
      detail:
        'Upload-Metadata deve contenere filename, filetype e sha256 (esadecimale minuscolo), codificati in base64.',
      errors,
    })
  }
  return { filename, filetype, sha256 }
}

/** tus 1.0, Upload-Metadata: `key base64,key base64`. */
export function parseUploadMetadata(header: string | string[] | undefined): Record<string, string> {
  const values: Record<string, string> = {}
  for (const pair of String(header ?? '').split(',')) {
    const [key = '', value = ''] = pair.trim().split(' ')
    if (['filename', 'filetype', 'sha256'].includes(key)) values[key] = Buffer.from(value, 'base64').toString()
  }
  return values
}
