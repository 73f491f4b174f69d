import { formatMb } from '../locales/format.ts'

/** A plan's name with its quota in MB; some plans are named by their quota alone (`4.0 GB`, D36). */
export function pianoWords(tipologia: string, quotaMb: number | null): string {
  return quotaMb === null || /^\d+(?:[.,]\d+)? [GM]B$/.test(tipologia)
    ? tipologia
    : `${tipologia}, ${formatMb(quotaMb)}`
}
