/** The scheme of the addresses by which other programs open a screen here. */
export const LINK_SCHEME = 'sportello-lra'

const MOST_CHARACTERS = 200
/** As the ids of the contract are: nothing that a path, a query or a script could be made of. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/

/** Screens with an id, and those without, by the words of the address. */
const withId: ReadonlyMap<string, (id: string) => string> = new Map([
  ['casella', (id) => `/caselle/${id}`],
  ['segnalazione', (id) => `/supporto?segnalazione=${id}`],
])
const withoutId: ReadonlyMap<string, string> = new Map([
  ['coda', '/coda'],
  ['novita', '/novita'],
  ['scadenze', '/scadenze'],
])

/** Whether an argument is one of these addresses, a malformed one too. */
export function isDeepLink(argument: string): boolean {
  return argument.slice(0, LINK_SCHEME.length + 1).toLowerCase() === `${LINK_SCHEME}:`
}

/**
 * The router's path that an address `sportello-lra://casella/ID` opens; null for anything else. An address only shows a
 * screen: none changes anything. Anyone may have written it: a page of the web, a mail.
 */
export function deepLinkPath(address: string): string | null {
  // Looked at as it was written: a parser would forgive and repair.
  if (address.length > MOST_CHARACTERS) return null
  const parts = /^sportello-lra:\/\/([a-z]+)(?:\/([^/?#]*))?\/?$/i.exec(address)
  const word = parts?.[1]?.toLowerCase()
  if (word === undefined) return null
  const id = parts?.[2] ?? ''
  if (id === '') return withoutId.get(word) ?? null
  return ID.test(id) ? (withId.get(word)?.(id) ?? null) : null
}
