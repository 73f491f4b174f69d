/** Comuni by their name, by CAP and by Belfiore code. What is found is only offered: any other text is right as well. */
export interface Comune {
  nome: string
  /** The sign of its province. */
  provincia: string
  /** The cadastral code, which stands in the codice fiscale of who was born there. */
  belfiore: string
  /** Those that are known: a hint. */
  cap: readonly string[]
}

interface IndexedComune extends Comune {
  folded: string
  inhabitants: number
}
export type Comuni = readonly IndexedComune[]

/** A CAP with the comune where it is used. */
export interface CapDiComune {
  cap: string
  nome: string
  provincia: string
}

const MARKS = /\p{M}/gu
const BETWEEN_WORDS = /[^a-z0-9]+/g

/** The form in which names are compared: without accents, apostrophes and hyphens. */
export function foldedName(text: string): string {
  return text.normalize('NFD').replace(MARKS, '').toLowerCase().replace(BETWEEN_WORDS, ' ').trim()
}

/** Reads rows `name;province;Belfiore;inhabitants;CAP CAP`; one that is not of this form is left out. */
export function readComuni(rows: readonly string[]): Comuni {
  return rows.flatMap((row) => {
    const [nome = '', provincia = '', belfiore = '', inhabitants = '', cap = ''] = row.split(';')
    if (nome === '' || provincia.length !== 2) return []
    return [
      {
        nome,
        provincia,
        belfiore,
        cap: cap === '' ? [] : cap.split(' '),
        folded: foldedName(nome),
        inhabitants: Number(inhabitants),
      },
    ]
  })
}

const plain = ({ nome, provincia, belfiore, cap }: Comune): Comune => ({ nome, provincia, belfiore, cap })

/** 0: the name itself; 1: it begins so; 2: one of its words does; null: none of these. */
function rankOf(folded: string, wanted: string): 0 | 1 | 2 | null {
  if (folded === wanted) return 0
  if (folded.startsWith(wanted)) return 1
  return folded.includes(` ${wanted}`) ? 2 : null
}

/** The comuni that a text may mean, the likeliest first: of those alike, the one with more inhabitants. */
export function comuniNamed(comuni: Comuni, text: string, most: number): Comune[] {
  const wanted = foldedName(text)
  if (wanted === '') return []
  return comuni
    .flatMap((comune) => {
      const rank = rankOf(comune.folded, wanted)
      return rank === null ? [] : [{ comune, rank }]
    })
    .sort((one, other) => one.rank - other.rank || other.comune.inhabitants - one.comune.inhabitants)
    .slice(0, most)
    .map(({ comune }) => plain(comune))
}

/**
 * The CAP that may be meant: those of the comune that is already written (`provincia` tells two of one name apart), which
 * begin with what is typed; where it has none of these, those of any comune, once three figures are there.
 */
export function capOffered(
  comuni: Comuni,
  { cap, nome, provincia }: { cap: string; nome: string; provincia: string },
  most: number,
): CapDiComune[] {
  const typed = cap.trim()
  const wanted = foldedName(nome)
  const sign = provincia.trim().toUpperCase()
  const of = (comune: IndexedComune): CapDiComune[] =>
    comune.cap
      .filter((each) => each.startsWith(typed))
      .map((each) => ({ cap: each, nome: comune.nome, provincia: comune.provincia }))
  const written =
    wanted === ''
      ? []
      : comuni.filter(({ folded, provincia: its }) => folded === wanted && (sign === '' || its === sign)).flatMap(of)
  if (written.length > 0) return written.slice(0, most)
  if (!/^\d{3,5}$/.test(typed)) return []
  return [...comuni]
    .filter((comune) => comune.cap.some((each) => each.startsWith(typed)))
    .sort((one, other) => other.inhabitants - one.inhabitants)
    .flatMap(of)
    .slice(0, most)
}

/** The comune of a Belfiore code; undefined for one that is no longer there, and for abroad (Z). */
export function comuneOfBelfiore(comuni: Comuni, belfiore: string): Comune | undefined {
  const found = comuni.find((comune) => comune.belfiore === belfiore)
  return found === undefined ? undefined : plain(found)
}
