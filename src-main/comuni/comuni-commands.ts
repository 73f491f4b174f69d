import type { CapRow, ComuneRow, NascitaDetail } from '../contract/comune.ts'
import { capOffered, comuneOfBelfiore, comuniNamed, type Comune } from '../contract/rules/comuni.ts'
import { nascitaIn } from '../contract/rules/nascita.ts'
import { comuniData } from './comuni-data.ts'

const MOST_COMUNI = 12
/** The comune with the most has 82. */
const MOST_CAP = 100

const row = ({ cap, ...comune }: Comune): ComuneRow => ({ ...comune, cap: [...cap] })

export async function suggestComuni(nome: string): Promise<{ rows: ComuneRow[] }> {
  return { rows: comuniNamed(await comuniData(), nome, MOST_COMUNI).map(row) }
}

export async function suggestCap(asked: { cap: string; nome: string; provincia: string }): Promise<{ rows: CapRow[] }> {
  return { rows: capOffered(await comuniData(), asked, MOST_CAP) }
}

/** The birth that a codice fiscale tells of; null where it tells none. `year`: the present one. */
export async function nascitaOf(codiceFiscale: string, year: number): Promise<NascitaDetail | null> {
  const nascita = nascitaIn(codiceFiscale, year)
  if (nascita === null) return null
  const comune = comuneOfBelfiore(await comuniData(), nascita.belfiore)
  return { ...nascita, comune: comune === undefined ? null : row(comune) }
}
