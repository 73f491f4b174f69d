import { PdfFault } from './pdf-object.ts'

/** What one document may cost. Whoever made it decides how large it is; nobody decides how long it holds a processor. */
export interface PdfLimits {
  /** Milliseconds of processor time of this thread. */
  processorMs: number
  /** Objects parsed or visited. */
  objects: number
  /** Entries of cross-reference tables. */
  entries: number
  /** Bytes that leave a decompressor, in all and of one stream. */
  inflated: number
  inflatedAtOnce: number
}
export const pdfLimits: PdfLimits = {
  processorMs: 5_000,
  objects: 2_000_000,
  entries: 6_000_000,
  inflated: 256 << 20,
  inflatedAtOnce: 32 << 20,
}

export interface PdfBudget {
  limits: PdfLimits
  /** Throws PdfFault `too_complex` when the budget is spent. */
  object(): void
  entries(count: number): void
  inflated(bytes: number): void
  time(): void
}

export function pdfBudget(limits: PdfLimits = pdfLimits): PdfBudget {
  const started = process.threadCpuUsage()
  let objects = 0
  let entries = 0
  let bytes = 0
  function time(): void {
    const { user, system } = process.threadCpuUsage(started)
    if (user + system > limits.processorMs * 1000) throw new PdfFault('too_complex')
  }
  return {
    limits,
    time,
    object() {
      if (++objects > limits.objects) throw new PdfFault('too_complex')
      if ((objects & 255) === 0) time()
    },
    entries(count) {
      entries += count
      if (entries > limits.entries) throw new PdfFault('too_complex')
    },
    inflated(count) {
      bytes += count
      if (bytes > limits.inflated) throw new PdfFault('too_complex')
      time()
    },
  }
}
