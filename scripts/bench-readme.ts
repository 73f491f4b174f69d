// npm run bench:readme: the table of the last `npm run bench` into the README, between its two marks.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchResults, markdownOf } from '../test/bench/figure.ts'

const root = join(import.meta.dirname, '..')
const path = join(root, 'README.md')
const results = BenchResults.parse(JSON.parse(readFileSync(join(root, 'bench', 'results.json'), 'utf8')))
const readme = readFileSync(path, 'utf8')
const marked = /(<!-- misure -->\n)[\s\S]*?(\n<!-- fine misure -->)/
if (!marked.test(readme)) throw new Error('the README has no place for the table')
writeFileSync(
  path,
  readme.replace(marked, (_all, from: string, to: string) => `${from}\n${markdownOf(results)}\n${to}`),
)
