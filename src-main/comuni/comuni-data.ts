import { readComuni, type Comuni } from '../contract/rules/comuni.ts'

let read: Promise<Comuni> | null = null

/** The comuni that come with the program, read at the first use. */
export function comuniData(): Promise<Comuni> {
  read ??= import('../../resources/comuni.json', { with: { type: 'json' } }).then(({ default: { rows } }) =>
    readComuni(rows),
  )
  return read
}
