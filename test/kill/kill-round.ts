import { setTimeout as after } from 'node:timers/promises'
import type { ChannelName } from '../../src-main/contract/channels.ts'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'
import type { FieldValue, OperationView } from '../../src-main/contract/operation.ts'
import type { Status } from '../../src-main/contract/status.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import type { Asked, Observations, Outcome } from '../property/oracle.ts'
import { damageAfterKill, faultsAtRest } from './archive-at-rest.ts'
import { killPlan, type KillPlan } from './kill-plan.ts'
import { sameRows, type ProviderSide } from './provider-side.ts'
import { Killed, runApplication, type RunningApplication, type Told } from './running-application.ts'
import type { SeededRandom } from './seeded-random.ts'

const OPERATOR = 'demo'
const GRACE_MS = 100
const POLL_MS = 100
/** No wait of the application itself is longer, with the few failures in a row that kills bring about. */
const QUIET_LIMIT_MS = 120_000
/** A moment that does not come is not waited for. */
const KILL_LIMIT_MS = 5_000
const PLANNED_KILL_LIMIT_MS = 60_000
const LARGEST_DOCUMENT_BYTES = 4_000_000
const READS: ReadonlySet<ChannelName> = new Set<ChannelName>([
  'app.status',
  'caselle.get',
  'domini.list',
  'outbox.list',
  'outbox.get',
])
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')

type Field = 'quotaMb' | 'comunicazioniEmail'
type OperationKind = Asked['kind']

interface Subject {
  /** As the application names it; null while nobody knows whether its creation was accepted. */
  id: string | null
  serverId: string | null
}

/** A command that was given, by the values that no other one carries. */
interface Command {
  /** Signatures of the operations that it makes, all of them or none. */
  makes: readonly { kind: OperationKind; signature: string; fields: Readonly<Record<string, FieldValue>> }[]
  casella: number
  known: Record<string, FieldValue[]>
  told: 'done' | 'refused' | 'lost'
}

export interface RoundOptions {
  provider: ProviderSide
  random: SeededRandom
  kills: number
  /** Of these, how many fall into the time before the first alignment. */
  copying: number
  msBetween: number
  /** Data folder, absent yet. */
  data: string
  /** Caselle of the provider that the round works on. */
  caselle: readonly string[]
  /** Unlike any value that was used before. */
  unique(): number
  /** Kills at these moments instead of chosen ones. */
  plans?: readonly KillPlan[]
  said(line: string): void
}

export interface RoundResult {
  kills: number
  observations: Observations
  /** What was wrong beside the oracle's promises, in words. */
  faults: readonly string[]
  /** Commands by what came of them. */
  commands: Readonly<Record<Command['told'], number>>
  /** Requests with many changes that have arrived. */
  envelopes: number
  lostAndQueued: number
}

/** Each carries the one value by which its command is known; a change of the quota may bring the soft limit with it. */
function signaturesOf(view: OperationView): string[] {
  const fields = view.changes.map(({ field, mine }) => `${field}=${String(mine)}`)
  return fields.filter((each) => /^(?:quotaMb|comunicazioniEmail|denominazione|cognome|nomeFile)=/.test(each))
}

function isUnderWay({ state, nextAt }: OperationView): boolean {
  return (
    state === 'pending' ||
    state === 'in_flight' ||
    state === 'acknowledged' ||
    (state === 'uncertain' && nextAt !== null)
  )
}

/** A valid code of somebody else for each number. */
function codiceFiscaleOf(number: number): string {
  const fifteen = `PRVDAA${99 - Math.floor(number / 1000)}A41H${String(number % 1000).padStart(3, '0')}`
  return fifteen + checkCharacter(fifteen)
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** One data folder: kills without number, then peace, and what was seen. */
export async function killRound(options: RoundOptions): Promise<RoundResult> {
  const { provider, random, msBetween, data, unique, said } = options
  const subjects: Subject[] = options.caselle.map((id) => ({ id, serverId: id }))
  const commands: Command[] = []
  const asked: Asked[] = []
  const faults: string[] = []
  let app: RunningApplication | null = null
  let lostAndQueued = 0
  const refusedWith: string[] = []

  for (const id of options.caselle) await provider.follow(id)

  /** The answer, or the end of this life of the application. */
  function alive<T>(told: Told<T>): T {
    if (told.kind === 'lost') throw new Killed()
    if (told.kind === 'refused') throw new Error(`refused: ${told.code}`)
    return told.data
  }
  const status = async (on: RunningApplication): Promise<Status> => alive(await on.ask('app.status', {}))

  async function views(on: RunningApplication): Promise<OperationView[]> {
    const found: OperationView[] = []
    for (const view of ['open', 'done'] as const)
      for (let offset = 0, total = 1; offset < total; offset += 200) {
        const page = alive(await on.ask('outbox.list', { view, offset, limit: 200 }))
        found.push(...page.rows)
        total = page.total
      }
    return found
  }

  async function signIn(on: RunningApplication): Promise<void> {
    const { phase, connection, operatore } = await status(on)
    if (phase === 'ready' && operatore !== null && connection !== 'session_expired') return
    const { user, password } = demoUsers[OPERATOR]
    const told = await on.ask('session.login', { url: provider.proxy.url, user, password })
    alive(told)
  }

  const laneOf = (casella: number): string => `casella ${casella}`

  function record(command: Command, index: number, opId: string): void {
    const made = command.makes[index]
    if (made === undefined) return
    asked.push({
      opId,
      kind: made.kind,
      operator: OPERATOR,
      lane: laneOf(command.casella),
      removes: null,
      fields: made.fields,
      known: command.known,
      cancelledFrom: null,
      insisted: false,
      forgotten: false,
      restored: false,
    })
  }

  /** Gives a command whose values were told apart beforehand: after a kill, only the outbox says what came of it. */
  function give<T>(command: Omit<Command, 'told'>, told: Told<T>, opIds: (data: T) => readonly string[]): T | null {
    const given: Command = { ...command, told: told.kind }
    commands.push(given)
    if (told.kind === 'lost') throw new Killed()
    if (told.kind === 'refused') refusedWith.push(told.code)
    if (told.kind === 'refused' && told.code === 'internal') faults.push('a command failed with an error of our own')
    if (told.kind === 'refused') return null
    for (const [index, opId] of opIds(told.data).entries()) record(given, index, opId)
    return told.data
  }

  const value = (field: Field): string | number =>
    field === 'quotaMb' ? 5000 + unique() : `valore${unique()}@posta.example`
  const someField = (): Field => (random.chance(0.5) ? 'quotaMb' : 'comunicazioniEmail')
  const someSubject = (): number => random.upTo(subjects.length - 1)

  async function edit(on: RunningApplication, casella = someSubject()): Promise<void> {
    const id = subjects[casella]?.id ?? null
    if (id === null) return
    const shown = await on.ask('caselle.get', { id })
    if (shown.kind === 'lost') throw new Killed()
    if (shown.kind === 'refused') return
    const field = someField()
    const before = shown.data.values[field]
    const next = value(field)
    const told = await on.ask('caselle.update', { id, changes: { [field]: next }, seen: { [field]: before } })
    const makes = [{ kind: 'casella.update' as const, signature: `${field}=${next}`, fields: { [field]: next } }]
    give({ makes, casella, known: { [field]: [before] } }, told, ({ operationId }) => [operationId])
  }

  /** Changes of different caselle at the same time. */
  async function burst(on: RunningApplication, ms: number | null): Promise<void> {
    const changes = options.caselle.map((_id, casella) => edit(on, casella))
    if (ms === null) await Promise.any(changes).catch(() => undefined)
    else await after(ms)
    on.kill()
    await Promise.allSettled(changes)
  }

  /** More changes than go out by themselves: the first are held on their way until the others have fallen due. */
  async function fillEnvelope(on: RunningApplication): Promise<void> {
    const release = provider.proxy.hold()
    try {
      for (const casella of options.caselle.keys()) await edit(on, casella)
      await after(2 * GRACE_MS)
    } finally {
      release()
    }
  }

  async function create(on: RunningApplication): Promise<void> {
    const domini = alive(await on.ask('domini.list', {}))
    const dominio = domini.rows[0]
    if (dominio === undefined) return
    const number = unique()
    const denominazione = `prova${number}`
    const cognome = `Provini ${number}`
    const subject: Subject = { id: null, serverId: null }
    subjects.push(subject)
    const told = await on.ask('caselle.create', {
      denominazione,
      dominioId: dominio.id,
      tipologia: 'STANDARD',
      quotaMb: null,
      comunicazioniEmail: `nuova${number}@posta.example`,
      titolare: {
        kind: 'new',
        tipologia: 'persona_fisica',
        nome: 'Ada',
        cognome,
        codiceFiscale: codiceFiscaleOf(number),
        overrideReason: null,
        email: null,
        cellulare: '3331234567',
        telefono: null,
        indirizzo: null,
        attivita: null,
      },
    })
    const makes = [
      { kind: 'titolare.create' as const, signature: `cognome=${cognome}`, fields: { cognome } },
      { kind: 'casella.create' as const, signature: `denominazione=${denominazione}`, fields: { denominazione } },
    ]
    const data = give({ makes, casella: subjects.length - 1, known: {} }, told, ({ operationIds }) => operationIds)
    subject.id = data?.casellaId ?? null
  }

  async function attach(on: RunningApplication): Promise<void> {
    const casella = someSubject()
    const id = subjects[casella]?.id ?? null
    if (id === null) return
    const nomeFile = `atto-${unique()}.pdf`
    const bytes = Buffer.alloc(random.upTo(LARGEST_DOCUMENT_BYTES) + 1000, nomeFile)
    PDF.copy(bytes)
    const deposited = await on.deposit(nomeFile, bytes)
    if (deposited.kind === 'lost') throw new Killed()
    if (deposited.kind === 'refused') return
    const told = await on.ask('documenti.attach', {
      casellaId: id,
      tipo: 'altro',
      depositoIds: [deposited.data.id],
    })
    const makes = [{ kind: 'documento.attach' as const, signature: `nomeFile=${nomeFile}`, fields: { nomeFile } }]
    give({ makes, casella, known: {} }, told, ({ operationIds }) => operationIds)
  }

  async function cancel(on: RunningApplication): Promise<void> {
    const open = alive(await on.ask('outbox.list', { view: 'open', offset: 0, limit: 200 })).rows
    const chosen = open.filter(({ canCancel }) => canCancel).at(-1)
    if (chosen === undefined) return
    const told = await on.ask('outbox.cancel', { id: chosen.id })
    const asking = asked.find(({ opId }) => opId === chosen.id)
    if (told.kind !== 'refused' && asking !== undefined) asking.cancelledFrom = chosen.state
    if (told.kind === 'lost') throw new Killed()
  }

  async function resolve(on: RunningApplication): Promise<void> {
    const open = alive(await on.ask('outbox.list', { view: 'needs_you', offset: 0, limit: 200 })).rows
    const chosen = open.find(({ state }) => state === 'conflict')
    if (chosen === undefined) return
    const detail = alive(await on.ask('outbox.get', { id: chosen.id }))
    if (detail.state !== 'conflict') return
    const choice = random.chance(0.6) ? 'mine' : 'theirs'
    // Seen by the person, whether or not the choice arrives.
    const asking = asked.find(({ opId }) => opId === detail.id)
    for (const { field, current } of detail.changes) asking?.known[field]?.push(current ?? null)
    const told = await on.ask('outbox.resolve', { id: detail.id, choice })
    if (told.kind === 'lost') throw new Killed()
  }

  async function colleagueEdits(): Promise<void> {
    const { serverId } = subjects[someSubject()] ?? { serverId: null }
    const field = someField()
    if (serverId !== null) await provider.colleagueEdits(serverId, { [field]: value(field) })
  }

  async function act(on: RunningApplication): Promise<void> {
    const action = random.weighted([
      [8, 'edit'],
      [3, 'create'],
      [3, 'attach'],
      [3, 'colleague'],
      [2, 'sync'],
      [2, 'resolve'],
      [1, 'cancel'],
    ] as const)
    switch (action) {
      case 'edit':
        return edit(on)
      case 'create':
        return create(on)
      case 'attach':
        return attach(on)
      case 'colleague':
        return colleagueEdits()
      case 'sync':
        alive(await on.ask('sync.start', {}))
        return
      case 'resolve':
        return resolve(on)
      case 'cancel':
        return cancel(on)
    }
  }

  /** What the outbox holds of the commands whose answer never came; what is in no outbox was never accepted. */
  async function adopt(on: RunningApplication): Promise<void> {
    for (const subject of subjects) subject.serverId ??= serverIdOf(subject)
    const lost = commands.filter(({ told }) => told === 'lost')
    if (lost.length === 0) return
    const known = new Set(asked.map(({ opId }) => opId))
    const unknown = (await views(on)).filter(({ id }) => !known.has(id))
    for (const command of lost) {
      const found = command.makes.map(({ signature }) =>
        unknown.filter((view) => signaturesOf(view).includes(signature)),
      )
      const some = found.filter((each) => each.length > 0).length
      if (some === 0) continue
      if (some < found.length) faults.push(`half of a command was queued: ${JSON.stringify(command.makes)}`)
      command.told = 'done'
      lostAndQueued += 1
      for (const [index, each] of found.entries())
        for (const { id, casellaId, type } of each) {
          record(command, index, id)
          const subject = subjects[command.casella]
          if (type === 'casella.create' && subject !== undefined) subject.id ??= casellaId
        }
    }
  }

  function serverIdOf(subject: Subject): string | null {
    const index = subjects.indexOf(subject)
    const creation = asked.find(({ kind, lane }) => kind === 'casella.create' && lane === laneOf(index))
    return creation === undefined ? null : (provider.madeBy(creation.opId) ?? null)
  }

  async function untilAligned(on: RunningApplication): Promise<void> {
    for (;;) {
      const { connection, sync } = await status(on)
      if (connection === 'aligned' && sync === null) return
      if (sync === null) alive(await on.ask('sync.start', {}))
      await after(POLL_MS)
    }
  }

  /** Arms the plan; whatever the plan says, the life ends after a while. */
  function arm(on: RunningApplication, plan: KillPlan): { commandGiven(): void; disarm(): void } {
    const timers: NodeJS.Timeout[] = []
    const killIn = (ms: number): void => {
      if (ms === 0) on.kill()
      else
        timers.push(
          setTimeout(() => {
            on.kill()
          }, ms),
        )
    }
    let skip = 'skip' in plan ? plan.skip : 0
    const isDue = (): boolean => (skip -= 1) < 0
    const isWanted = (path: string): boolean => !('path' in plan) || plan.path === null || plan.path === path
    provider.proxy.watch((moment) => {
      if (on.isKilled() || moment.path.startsWith('/sessions')) return 'passes'
      if ((plan.when === 'upload' || plan.when === 'feed') && moment.at === plan.when && moment.bytes >= plan.bytes)
        on.kill()
      else if (
        (plan.when === 'effect' || plan.when === 'answered') &&
        moment.at === plan.when &&
        isWanted(moment.path) &&
        isDue()
      )
        killIn(plan.ms)
      else if (plan.when === 'request' && moment.at === plan.when && isWanted(moment.path) && isDue()) {
        on.kill()
        return plan.lost ? 'lost' : 'passes'
      }
      return 'passes'
    })
    if (plan.when === 'starting') killIn(plan.ms)
    else killIn(options.plans === undefined ? KILL_LIMIT_MS : PLANNED_KILL_LIMIT_MS)
    if (plan.when === 'running')
      void on.ready.then(
        () => {
          killIn(plan.ms)
        },
        () => undefined,
      )
    return {
      commandGiven: () => {
        if (plan.when === 'command' && isDue()) killIn(plan.ms)
      },
      disarm: () => {
        for (const timer of timers) clearTimeout(timer)
        provider.proxy.watch(() => 'passes')
      },
    }
  }

  /** From a start to a kill. */
  async function life(plan: KillPlan, stage: 'copying' | 'working'): Promise<void> {
    const on = runApplication(data, GRACE_MS)
    app = on
    const { commandGiven, disarm } = arm(on, plan)
    // What the page does as soon as the application listens goes on beside the kill.
    const counted: RunningApplication = {
      ...on,
      ask: (channel, body) => {
        const told = on.ask(channel, body)
        if (!READS.has(channel)) commandGiven()
        return told
      },
    }
    try {
      await on.ready
      await signIn(counted)
      // Without the first copy there is nothing to work on.
      if (stage === 'copying' || (await status(on)).lastAlignedAt === null) await untilAligned(counted)
      await adopt(counted)
      // What the kill waits for has to happen.
      const wanted = 'path' in plan ? plan.path : null
      if (plan.when === 'upload' || wanted === '/documenti') await attach(counted)
      if (plan.when === 'burst') await burst(counted, plan.ms)
      if (wanted === '/batches') await fillEnvelope(counted)
      if (wanted === '/titolari' || wanted === '/caselle') await create(counted)
      if (plan.when === 'feed') await counted.ask('sync.start', {})
      for (let left = 2 + random.upTo(5); left > 0; left -= 1) await act(counted)
      await on.ended
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    } finally {
      if (!on.isKilled()) on.kill()
      await on.ended
      disarm()
    }
    const damage = damageAfterKill(data)
    if (damage !== null) faults.push(`after a kill (${JSON.stringify(plan)}): ${damage}`)
  }

  async function untilNothingMoves(on: RunningApplication): Promise<void> {
    const limit = performance.now() + QUIET_LIMIT_MS
    for (let calm = 0; calm < 2;) {
      await signIn(on)
      alive(await on.ask('sync.start', {}))
      await after(POLL_MS)
      const { connection, sync } = await status(on)
      const waiting = (await views(on)).filter((view) => view.waitsFor === null && isUnderWay(view))
      calm = connection === 'aligned' && sync === null && waiting.length === 0 ? calm + 1 : 0
      if (performance.now() > limit) {
        faults.push(`still moves after ${QUIET_LIMIT_MS} ms: ${connection}, ${JSON.stringify(waiting[0] ?? null)}`)
        return
      }
    }
  }

  async function differences(on: RunningApplication): Promise<string[]> {
    const found: string[] = []
    for (const [index, { id, serverId }] of subjects.entries()) {
      if (serverId === null || id === null) continue
      const shown = await on.ask('caselle.get', { id })
      const held = await provider.other.casella(serverId)
      if (shown.kind !== 'done') {
        found.push(`casella ${index} is not shown`)
        continue
      }
      const { values, operations } = shown.data
      if (operations.length > 0) continue
      for (const field of ['ciclo', 'quotaMb', 'softLimitMb', 'comunicazioniEmail', 'disabilitata'] as const)
        if (values[field] !== held[field])
          found.push(`casella ${index} shows ${field} ${String(values[field])}, is ${String(held[field])}`)
    }
    return found
  }

  /** Every operation was asked for, and every accepted command has its operation. */
  function unasked(found: readonly OperationView[]): string[] {
    const known = new Set(asked.map(({ opId }) => opId))
    const inOutbox = new Set(found.map(({ id }) => id))
    return [
      ...found
        .filter(({ id }) => !known.has(id))
        .map((view) => `nobody asked for ${view.type} ${signaturesOf(view).join()}`),
      ...provider.effects
        .filter(({ opId, body }) => !inOutbox.has(opId) && isOfThisRound(body))
        .map(({ opId }) => `${opId} took effect and is in no outbox`),
    ]
  }

  const isOfThisRound = (body: Readonly<Record<string, unknown>>): boolean =>
    commands.some(({ makes }) =>
      makes.some(({ fields }) => Object.entries(fields).every(([field, own]) => body[field] === own)),
    )

  try {
    const planned: KillPlan[] = []
    for (let number = 1; number <= options.kills; number += 1) {
      const stage = number <= options.copying ? 'copying' : 'working'
      const plan = options.plans?.[number - 1] ?? killPlan(random, stage, msBetween)
      planned.push(plan)
      await life(plan, stage)
      if (random.chance(0.4)) await colleagueEdits()
    }
    said(planned.map(({ when }) => when).join(' '))
    if (refusedWith.length > 0) said(`refused: ${JSON.stringify(countOf(refusedWith))}`)

    const last = runApplication(data, GRACE_MS)
    app = last
    await last.ready
    await signIn(last)
    await provider.proxy.calm()
    await untilAligned(last)
    await adopt(last)
    await untilNothingMoves(last)
    // Somebody else at the provider, or its own life, may have changed something in between.
    let rows = await provider.rows()
    for (let again = true; again;) {
      await untilNothingMoves(last)
      const now = await provider.rows()
      again = !sameRows(rows, now)
      rows = now
    }
    await adopt(last)
    const found = await views(last)
    const outcomes = new Map<string, Outcome>(
      found.map((view) => [
        view.id,
        {
          seq: view.seq,
          state: view.state,
          reason: view.reason?.code ?? null,
          scheduled: view.nextAt !== null,
          blocked: view.waitsFor !== null,
        },
      ]),
    )
    said(
      `at the end: ${JSON.stringify(countOf(found.map(({ state, reason }) => (reason === null ? state : `${state} ${reason.code}`))))}`,
    )
    const shownDifferences = await differences(last)
    faults.push(...unasked(found))
    const code = await last.stop()
    if (code !== 0) faults.push(`ended with code ${String(code)}`)
    faults.push(...faultsAtRest(data, rows))
    const own = new Set(asked.map(({ opId }) => opId))
    return {
      kills: options.kills,
      observations: {
        keyless: false,
        asked,
        effects: provider.effects.filter(({ opId }) => own.has(opId)),
        refusals: provider.refusals,
        removed: provider.removed,
        changed: provider.changed,
        outcomes,
        differences: shownDifferences,
      },
      faults,
      commands: {
        done: commands.filter(({ told }) => told === 'done').length,
        refused: commands.filter(({ told }) => told === 'refused').length,
        lost: commands.filter(({ told }) => told === 'lost').length,
      },
      lostAndQueued,
      envelopes: provider.envelopes(),
    }
  } finally {
    app?.kill()
    await app?.ended
  }
}
