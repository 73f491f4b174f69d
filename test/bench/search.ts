// Search as one types, orders and the end of a long list, in the core and asked of the built application over
// HTTP, and changes of others that
// come into it. Prints its figures as JSON.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { benchApplication } from './bench-application.ts'
import { aligned } from './bench-network.ts'
import { changesOfColleagues } from './changes.ts'
import { Figures, type Figure } from './figure.ts'
import { listAnswers } from './list-answers.ts'
import { multiplyCaselle } from './prepared-archive.ts'

const { values } = parseArgs({
  options: { caselle: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } },
})
const caselle = Number(values.caselle)
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const data = join(folder, 'dati')

/** A core in a process of its own, over the archive that nobody works in any more. */
function inCore(rounds: number): Figure[] {
  const program = join(import.meta.dirname, 'search-in-core.ts')
  const { status, stdout } = spawnSync(process.execPath, [program, data, String(caselle), String(rounds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error('the search in the core broke')
  return Figures.parse(JSON.parse(stdout.toString()))
}

const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: Math.min(caselle, 5000) })
try {
  const first = await benchApplication(data)
  await first.signIn(provider.url)
  await aligned(first)
  await first.app.stop()
  multiplyCaselle(data, caselle)
  process.stderr.write(`${caselle} caselle are there\n`)
  const office = await benchApplication(data)
  const rounds = Number(values.rounds)
  const figures = await listAnswers(office, caselle, rounds, null)
  figures.push(await changesOfColleagues(office, provider.url, caselle, rounds))
  await office.app.stop()
  figures.unshift(...inCore(rounds))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await provider.stop()
  rmSync(folder, { recursive: true, force: true })
}
