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

// A class: its methods are the same for all documents, so that what is compiled for one serves the next.
class SpentBudget implements PdfBudget {
  readonly limits: PdfLimits
  readonly #started = process.threadCpuUsage()
  #objects = 0
  #entries = 0
  #bytes = 0

  constructor(limits: PdfLimits) {
    this.limits = limits
  }

  time(): void {
    const { user, system } = process.threadCpuUsage(this.#started)
    if (user + system > this.limits.processorMs * 1000) throw new PdfFault('too_complex')
  }
  object(): void {
    if (++this.#objects > this.limits.objects) throw new PdfFault('too_complex')
    if ((this.#objects & 255) === 0) this.time()
  }
  entries(count: number): void {
    this.#entries += count
    if (this.#entries > this.limits.entries) throw new PdfFault('too_complex')
  }
  inflated(count: number): void {
    this.#bytes += count
    if (this.#bytes > this.limits.inflated) throw new PdfFault('too_complex')
    this.time()
  }
}

export const pdfBudget = (limits: PdfLimits = pdfLimits): PdfBudget => new SpentBudget(limits)
