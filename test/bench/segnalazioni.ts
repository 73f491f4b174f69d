// The list of segnalazioni of the built application: search as one types, narrowed, and jumped to its end. They are opened at
// the gestore di prova and come with the first copy. Prints its figures as JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { startSandboxProcess, type SandboxProcess } from '../support/sandbox-process.ts'
import { benchApplication, type BenchApplication } from './bench-application.ts'
import { quantile, type Figure } from './figure.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '5' } },
})
const count = Number(values.count)
const rounds = Number(values.rounds)
/** Requests under way at once while they are opened. */
const TOGETHER = 8
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const say = (line: string): boolean => process.stderr.write(`${line}\n`)

const tipi = ['attivazione', 'credenziali', 'posta', 'documenti', 'dati', 'fatturazione', 'altro'] as const
const cose = [
  'Ricevuta',
  'Contratto',
  'Documento',
  'Password',
  'Indirizzo',
  'Fattura',
  'Collegamento',
  'Modulo',
] as const
const opened = (n: number): object => ({
  tipo: tipi[n % tipi.length] ?? 'altro',
  titolo: `${cose[n % cose.length] ?? ''} che manca, pratica ${n}`,
  descrizione: `Il titolare lo attende da ${n % 40} giorni; ufficio ${n % 977}, protocollo p${n}x.`,
  casellaId: null,
  destinatario: null,
})
async function openAll(other: Colleague): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      while (next < count) {
        const n = next
        next += 1
        await other.write('POST', '/segnalazioni', opened(n))
      }
    }),
  )
}

/** What is in the search field after each key, of words from all over the list. */
const texts = [0.1, 0.35, 0.6, 0.95].flatMap((at) => {
  const n = Math.floor(count * at)
  const words = [`pratica ${n}`, `p${n}x`, `${(cose[n % cose.length] ?? '').toLowerCase()} ufficio ${n % 977}`]
  return words.flatMap((word) => Array.from({ length: word.length }, (_, length) => word.slice(0, length + 1)))
})

async function measure({ get }: BenchApplication): Promise<Figure[]> {
  const timed = async (request: object): Promise<number> => {
    const started = performance.now()
    await get('segnalazioni.list', { offset: 0, limit: 50, ...request })
    return performance.now() - started
  }
  const searches: number[] = []
  const filtered: number[] = []
  const jumps: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const took: number[] = []
    const narrowed: number[] = []
    for (const search of texts) {
      took.push(await timed({ search }))
      narrowed.push(await timed({ search, stato: 'non_chiuse', tipo: 'posta', operatore: 'collega' }))
    }
    searches.push(quantile(took, 0.95))
    filtered.push(quantile(narrowed, 0.95))
    const ends: number[] = []
    for (const ordine of ['aperta', 'aggiornata'] as const) ends.push(await timed({ ordine, offset: count - 60 }))
    jumps.push(quantile(ends, 0.95))
  }
  const figure = (what: string, own: readonly number[]): Figure => ({
    what,
    unit: 'ms',
    rounds: own,
    against: null,
    goal: { kind: 'at_most', value: 50 },
  })
  return [
    figure(`search as one types in ${count} segnalazioni, p95, over HTTP`, searches),
    figure('the same with three filters, p95, over HTTP', filtered),
    figure('jump to the end, p95', jumps),
  ]
}

let provider: SandboxProcess | null = null
try {
  provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: 500 })
  say(`${count} segnalazioni are opened`)
  await openAll(await colleague(provider.url))
  const office = await benchApplication(join(folder, 'dati'))
  await office.signIn(provider.url)
  for (;;) {
    const { connection, sync } = await office.get('app.status', {})
    if (connection === 'aligned' && sync === null) break
  }
  const { total } = await office.get('segnalazioni.list', { offset: 0, limit: 1 })
  if (total < count) throw new Error(`only ${total} segnalazioni came`)
  const figures = await measure(office)
  await office.app.stop()
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await provider?.stop()
  rmSync(folder, { recursive: true, force: true })
}
