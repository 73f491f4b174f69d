import type { MotivoFirma } from '../contract/verifica.ts'

/** Bytes that are not what their format says. `reason` is what a report says of it; the message is for a developer. */
export class StructureError extends Error {
  override readonly name = 'StructureError'
  readonly reason: Extract<
    MotivoFirma,
    'structure_damaged' | 'content_truncated' | 'too_complex' | 'algorithm_unknown' | 'signed_attributes_invalid'
  >
  constructor(reason: StructureError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

export const damaged = (message: string): StructureError => new StructureError('structure_damaged', message)
