import { resolve } from 'node:path'

/** A path that a person gave, from the folder they stand in: npm starts programs in the project's own. */
export function givenPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}
