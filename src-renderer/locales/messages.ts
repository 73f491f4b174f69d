export type Messages = { [key: string]: Messages | string }

const files = import.meta.glob<Messages>('./it/*.json', { eager: true, import: 'default' })

/** One file per area; its words stand under its own name: `it/coda.json` has `coda.…`. */
export const it: Messages = Object.fromEntries(
  Object.entries(files).map(([path, words]) => [path.slice('./it/'.length, -'.json'.length), words]),
)
