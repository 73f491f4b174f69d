import { checkCodiceFiscale, cleanCodiceFiscale, normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'

/** Sixteen characters, each perhaps in a box of its own. */
const SPACED =
  /(?<![A-Z0-9])(?:[A-Z] ?){6}(?:[0-9LMNP-V] ?){2}[ABCDEHLMPRST] ?(?:[0-9LMNP-V] ?){2}[A-Z] ?(?:[0-9LMNP-V] ?){3}[A-Z](?![A-Z0-9])/g
const ADDRESS = /[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+/g
/** What a document says beyond this says nothing of whose it is, and could take long to search. */
const MOST_TEXT = 200_000
const MOST_FOUND = 50

const unique = (values: readonly string[]): string[] => [...new Set(values)].slice(0, MOST_FOUND)

/** Folded: no accents, lower case. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The codici fiscali of persons in a text, normalised; only those whose check character holds. */
export function codiciFiscaliIn(text: string): string[] {
  const upper = text.slice(0, MOST_TEXT).toUpperCase().replace(/\s+/g, ' ')
  const found = upper.match(SPACED) ?? []
  return unique(
    found
      .map(cleanCodiceFiscale)
      .filter((code) => checkCodiceFiscale(code) === 'valid')
      .map(normaliseCodiceFiscale),
  )
}

/** The e-mail addresses in a text, in lower case. */
export function indirizziIn(text: string): string[] {
  const found = text.slice(0, MOST_TEXT).toLowerCase().match(ADDRESS) ?? []
  return unique(found.map((address) => address.replace(/\.+$/, '')))
}

/** The words of a file's name without its endings, folded: `Rossi_MARIA-attivazione.pdf.p7m` has `rossi`, `maria`, `attivazione`. */
export function paroleDelNome(nomeFile: string): string[] {
  const bare = folded(nomeFile).replace(/(?:\.(?:pdf|p7m|p7s|tsd|m7m))+$/, '')
  return unique(bare.split(/[^a-z0-9]+/).filter((word) => word !== ''))
}
