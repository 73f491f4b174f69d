import type { Lettura, SlaMesi } from '../contract/report.ts'
import type { LetturaCommands } from './lettura-commands.ts'

const MOST_MONTHS = 24

/** The months (`YYYY-MM`) of a period of days that have begun, with their first and last day in it; the newest. Pure. */
export function mesiDelPeriodo(from: string, to: string, oggi: string): { mese: string; from: string; to: string }[] {
  const found: { mese: string; from: string; to: string }[] = []
  const end = to < oggi ? to : oggi
  for (let at = `${from.slice(0, 7)}-01`; at <= end;) {
    const [year = 0, month = 1] = at.split('-').map(Number)
    const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
    found.push({ mese: at.slice(0, 7), from: at < from ? from : at, to: last > to ? to : last })
    at = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
  }
  return found.slice(-MOST_MONTHS)
}

/**
 * D15: availability month by month, each read from the provider or kept from before; `letta` is the oldest reading.
 * Throws what reading throws; months that were never read are left out.
 */
export async function slaMesi(
  letture: Pick<LetturaCommands, 'leggi'>,
  { from, to, oggi }: { from: string; to: string; oggi: string },
  chiedi: boolean,
): Promise<SlaMesi> {
  const months = mesiDelPeriodo(from, to, oggi)
  const read: Lettura[] = await Promise.all(
    months.map((month) => letture.leggi({ che: 'sla', from: month.from, to: month.to }, chiedi)),
  )
  const mesi: SlaMesi['mesi'] = []
  let letta: string | null = null
  for (const [at, answer] of read.entries()) {
    if (answer.che !== 'sla' || answer.lettura.dati === null || answer.lettura.letta === null) continue
    mesi.push({ mese: months[at]?.mese ?? '', servizi: answer.lettura.dati.servizi })
    if (letta === null || answer.lettura.letta < letta) letta = answer.lettura.letta
  }
  return { letta, mesi }
}
