import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationDetail, OperationView } from '../../src-main/contract/operation.ts'
import type { Core } from '../../src-main/core.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { faultNetwork } from './fault-network.ts'
import type { Asked, Observations, Outcome } from './oracle.ts'
import { providerRecord } from './provider-record.ts'
import { registroActs, type Subject } from './registro-acts.ts'
import { registroDifferences } from './registro-differences.ts'
import type { EditedField, Schedule, Step } from './schedule.ts'
import { virtualClock } from './virtual-clock.ts'
import { ask, environmentOf, get, type StartCore, type World } from './world.ts'

const CASELLE = 3
/** Enough for an envelope, and some that find themselves alone. */
const MANY_CASELLE = 7
/** Below what the core waits before it asks a provider without keys what became of a request. */
const LONGEST_JOURNEY_MS = 55_000
const operators = ['demo', 'collega'] as const
type Operator = (typeof operators)[number]

/** Unlike any value that the provider's data hold, so that each tells who wrote it. */
/** Whoever's session the copied folder holds. */
const TEMPLATE_OPERATOR: Operator = 'demo'
let unique = 0
const nothingSince = { cancelledFrom: null, insisted: false, forgotten: false, restored: false } as const

/** Plays a schedule from the application's side and the world's, heals everything, and says what was seen. */
export async function play(schedule: Schedule, world: World, start: StartCore): Promise<Observations> {
  const { keyless } = schedule
  const clock = virtualClock()
  const asked: Asked[] = []
  const differences: string[] = []
  const subjects: Subject[] = world
    .fresh(schedule.steps.some((step) => step.do === 'edit_all') ? MANY_CASELLE : CASELLE)
    .map((id) => ({ id, serverId: id }))
  const laneOf = (index: number): string => `casella ${index % subjects.length}`
  const record = providerRecord(TEMPLATE_OPERATOR, (opId, id) => {
    const asking = asked.find((each) => each.opId === opId)
    if (asking?.kind !== 'casella.create') return
    const subject = subjects.find((_, index) => laneOf(index) === asking.lane)
    if (subject !== undefined) subject.serverId = id
  })
  for (const { id } of subjects) record.know(`/caselle/${id}`, await world.other.casella(id))

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const worldClock = clock.forProcess()
  const delayed = (): void => {
    // Time stops there, so that what is late arrives at the last moment and not after it.
    worldClock.after(LONGEST_JOURNEY_MS, () => undefined)
  }
  const network = faultNetwork({ keyless, passed: clock.passed, delayed, delivered: record.delivered, inTurn })
  let folder = world.newFolder()
  let running: { core: Core; cut(): void } | null = null
  /** Processes that were killed, which still unwind in here. */
  const dying: Promise<void>[] = []
  let backup: { folder: string; known: ReadonlySet<string>; operator: Operator } | null = null
  let operator: Operator = 'demo'
  const undo: (() => void)[] = []
  let generation = 0

  /** As SIGKILL: what is on the disk at this moment is all that is left. */
  function crash(): void {
    if (running === null) return
    const { core, cut } = running
    running = null
    cut()
    const next = `${folder}-${(generation += 1)}`
    cpSync(folder, next, { recursive: true, filter: (path) => !path.endsWith('in-uso.lock') })
    folder = next
    dying.push(core.close())
  }

  async function boot(): Promise<Core> {
    const own = clock.forProcess()
    const ended = { already: false }
    const way = network.forProcess(() => {
      ended.already = true
      crash()
    })
    const core = await start(
      environmentOf(folder, { clock: own, network: { adapter: way.adapter }, random: () => 0.5 }),
    )
    running = {
      core,
      cut: () => {
        way.cut()
        own.stop()
      },
    }
    // Killed before it had quite come up.
    if (ended.already) crash()
    await network.calm()
    return alive()
  }

  const alive = async (): Promise<Core> => running?.core ?? (await boot())

  async function signIn(): Promise<boolean> {
    const { user, password } = demoUsers[operator]
    const told = await ask(await alive(), 'session.login', { url: world.sandbox.url, user, password })
    await network.calm()
    return told.ok
  }

  async function status() {
    return get(await alive(), 'app.status', {})
  }

  async function views(core: Core): Promise<OperationView[]> {
    const lists = await Promise.all(
      (['open', 'done'] as const).map((view) => get(core, 'outbox.list', { view, offset: 0, limit: 200 })),
    )
    return lists.flatMap(({ rows }) => rows)
  }

  const between = async (): Promise<void> => {
    await network.calm()
    if (keyless) await network.deliverLate(clock.passed() - LONGEST_JOURNEY_MS)
  }

  const elapse = async (ms: number): Promise<void> => {
    // In steps below a journey's length, so that late requests arrive when they still can.
    for (let left = ms; left > 0; left -= 20_000) await clock.elapse(Math.min(left, 20_000), between)
  }

  const registro = registroActs({
    subject: (index) => subjects[index % subjects.length],
    laneOf,
    other: () => world.other,
    record,
    inTurn,
    unique: () => (unique += 1),
    accepted: (opId, asking) => {
      asked.push({ ...nothingSince, opId, operator, known: {}, removes: null, ...asking })
    },
  })

  const value = (field: EditedField): string | number => {
    unique += 1
    return field === 'quotaMb' ? 5000 + (unique % 15_000) : `valore${unique}@posta.example`
  }

  async function edit(core: Core, index: number, field: EditedField): Promise<void> {
    const subject = subjects[index % subjects.length]
    if (subject === undefined) return
    const shown = await ask(core, 'caselle.get', { id: subject.id })
    if (!shown.ok) return
    const before = shown.data.values[field]
    const next = value(field)
    const told = await ask(core, 'caselle.update', {
      id: subject.id,
      changes: { [field]: next },
      seen: { [field]: before },
    })
    if (!told.ok) return
    asked.push({
      ...nothingSince,
      opId: told.data.operationId,
      kind: 'casella.update',
      operator,
      lane: laneOf(index),
      removes: null,
      fields: { [field]: next },
      known: { [field]: [before] },
    })
  }

  async function create(core: Core, holder: 'new' | 'known'): Promise<void> {
    unique += 1
    const domini = await ask(core, 'domini.list', {})
    const dominio = domini.ok ? domini.data.rows[0] : undefined
    if (dominio === undefined) return
    const known = await get(core, 'titolari.list', { offset: unique % 50, limit: 1 })
    const denominazione = `prova${unique}`
    const told = await ask(core, 'caselle.create', {
      denominazione,
      dominioId: dominio.id,
      tipologia: 'STANDARD',
      quotaMb: null,
      comunicazioniEmail: `nuova${unique}@posta.example`,
      titolare:
        holder === 'known'
          ? { kind: 'existing', id: known.rows[0]?.id ?? '' }
          : {
              kind: 'new',
              tipologia: 'persona_fisica',
              nome: 'Ada',
              cognome: `Provini ${unique}`,
              codiceFiscale: 'PRVDAA80A41H501A',
              overrideReason: null,
              email: null,
              cellulare: '3331234567',
              telefono: null,
              indirizzo: null,
              attivita: null,
            },
    })
    if (!told.ok) return
    subjects.push({ id: told.data.casellaId, serverId: null })
    const kinds = holder === 'new' ? (['titolare.create', 'casella.create'] as const) : (['casella.create'] as const)
    for (const [index, opId] of told.data.operationIds.entries())
      asked.push({
        ...nothingSince,
        opId,
        kind: kinds[index] ?? 'casella.create',
        operator,
        lane: laneOf(subjects.length - 1),
        removes: null,
        fields: kinds[index] === 'titolare.create' ? { cognome: `Provini ${unique}` } : { denominazione },
        known: {},
      })
  }

  async function onOperation(
    core: Core,
    index: number,
    may: (operation: OperationDetail) => boolean,
    act: (operation: OperationDetail, asking: Asked) => Promise<void>,
  ): Promise<void> {
    const candidates: { detail: OperationDetail; asking: Asked }[] = []
    for (const asking of asked) {
      const told = await ask(core, 'outbox.get', { id: asking.opId })
      if (told.ok && may(told.data)) candidates.push({ detail: told.data, asking })
    }
    const chosen = candidates[index % Math.max(1, candidates.length)]
    if (chosen !== undefined) await act(chosen.detail, chosen.asking)
  }

  async function take(step: Step): Promise<void> {
    const core = await alive()
    switch (step.do) {
      case 'edit':
        return edit(core, step.casella, step.field)
      case 'edit_all':
        for (const index of subjects.keys()) await edit(core, index, step.field)
        return
      case 'create':
        return create(core, step.holder)
      case 'attach':
        return registro.attach(core, step.casella, 'altro')
      case 'act':
        return registro.act(core, step.casella, step.act)
      case 'colleague_acts':
        return registro.colleagueActs(step.casella, step.act)
      case 'colleague_edits':
      case 'colleague_deletes': {
        const id = subjects[step.casella % subjects.length]?.serverId ?? null
        if (id === null) return
        await inTurn(async () => {
          const now = await world.other.casella(id)
          if (now.ciclo === 'eliminata') return
          if (step.do === 'colleague_edits')
            record.know(`/caselle/${id}`, await world.other.patch(id, { [step.field]: value(step.field) }))
          else {
            await world.other.remove(id)
            record.gone(`/caselle/${id}`)
            record.know(`/caselle/${id}`, await world.other.casella(id))
          }
        })
        return
      }
      case 'sync':
        await ask(core, 'sync.start', {})
        return
      case 'write_fault':
        network.strikeWrites(step.fate, step.count)
        return
      case 'read_fault':
        network.strikeReads(step.fate, step.count, step.turns)
        return
      case 'away':
        network.offline(step.away)
        return
      case 'late_delivery':
        return network.deliverLate()
      case 'crash':
        crash()
        return
      case 'sessions_end':
        return world.endSessions()
      case 'sign_in':
        await signIn()
        return
      case 'change_operator':
        await ask(core, 'session.logout', { confirmed: true })
        operator = operator === 'demo' ? 'collega' : 'demo'
        await signIn()
        return
      case 'cursors_expire':
        undo.push(world.sandbox.expireCursors())
        return
      case 'backup': {
        const copy = `${folder}-copia-${(generation += 1)}`
        copyArchives(folder, copy)
        backup = { folder: copy, known: new Set(asked.map(({ opId }) => opId)), operator }
        return
      }
      case 'restore': {
        if (backup === null) return
        crash()
        copyArchives(backup.folder, folder)
        // With the archive comes the session of whoever had signed in.
        operator = backup.operator
        for (const each of asked) {
          each.restored = true
          if (!backup.known.has(each.opId)) each.forgotten = true
        }
        return
      }
      case 'pass':
        return elapse(step.seconds * 1000)
      case 'clock_jump':
        clock.jump(step.hours * 3_600_000)
        return
      case 'cancel':
        return onOperation(
          core,
          step.operation,
          ({ canCancel }) => canCancel,
          async ({ id }) => {
            const before = new Map((await views(core)).map((view) => [view.id, view.state]))
            if (!(await ask(core, 'outbox.cancel', { id })).ok) return
            // With a creation goes what depends on it.
            for (const view of await views(core)) {
              const asking = asked.find(({ opId }) => opId === view.id)
              if (view.state === 'cancelled' && asking !== undefined)
                asking.cancelledFrom ??= before.get(view.id) ?? 'pending'
            }
          },
        )
      case 'retry':
        return onOperation(
          core,
          step.operation,
          ({ canRetry }) => canRetry,
          async ({ id }) => {
            await ask(core, 'outbox.retry', { id })
          },
        )
      case 'resolve':
        return onOperation(
          core,
          step.operation,
          ({ canResolve, state }) => canResolve && state === 'conflict',
          async ({ id, changes }, asking) => {
            if (!(await ask(core, 'outbox.resolve', { id, choice: step.choice })).ok) return
            if (step.choice === 'theirs') asking.cancelledFrom ??= 'conflict'
            else {
              asking.insisted = true
              for (const { field, current } of changes) asking.known[field]?.push(current ?? null)
            }
          },
        )
    }
  }

  /** All faults end; each operator comes back until nothing is left that the application would do by itself. */
  async function heal(): Promise<void> {
    await network.heal()
    let left = true
    for (let round = 0; left && round < 12; round += 1)
      for (const each of [operator, ...operators.filter((name) => name !== operator)]) {
        const mine = asked.some((one) => one.operator === each)
        if (operator !== each && !mine) continue
        await alive()
        if (operator !== each) {
          operator = each
          if ((await status()).operatore !== null) await ask(await alive(), 'session.logout', { confirmed: true })
        }
        const { operatore, connection } = await status()
        if (operatore?.user !== each || connection === 'session_expired') await signIn()
        left = await untilNothingMoves()
      }
  }

  /** False when nothing is left that the application would do by itself. */
  async function untilNothingMoves(): Promise<boolean> {
    for (let tries = 0; tries < 60; tries += 1) {
      const core = await alive()
      await ask(core, 'sync.start', {})
      await network.calm()
      if ((await status()).connection === 'session_expired') {
        await signIn()
        continue
      }
      const waiting = (await views(core)).filter((view) => view.waitsFor === null && isUnderWay(view))
      if (!waiting.some(({ foreign }) => !foreign) && tries > 0) return waiting.length > 0
      // At first in small steps, which most need; then in long ones.
      await elapse(tries < 8 ? Math.min(clock.untilNext() ?? 1000, 20_000) : 100_000)
    }
    return true
  }

  function isUnderWay({ state, nextAt }: OperationView): boolean {
    return (
      state === 'pending' ||
      state === 'in_flight' ||
      state === 'acknowledged' ||
      (state === 'uncertain' && nextAt !== null)
    )
  }

  async function compare(core: Core): Promise<void> {
    for (const [index, subject] of subjects.entries()) {
      if (subject.serverId === null) continue
      if (asked.some(({ lane, forgotten }) => lane === laneOf(index) && forgotten) && subject.id.startsWith('local:'))
        subject.id = subject.serverId
      const shown = await ask(core, 'caselle.get', { id: subject.id })
      const held = await world.other.casella(subject.serverId)
      if (!shown.ok) {
        differences.push(`casella ${index} is not shown (${shown.code})`)
        continue
      }
      const { values, operations } = shown.data
      if (values.ciclo !== held.ciclo) differences.push(`casella ${index} shown as ${values.ciclo}, is ${held.ciclo}`)
      if (operations.length > 0) continue
      for (const field of [
        'quotaMb',
        'softLimitMb',
        'comunicazioniEmail',
        'disabilitata',
        'richiesta',
        'titolareId',
      ] as const)
        if (values[field] !== held[field])
          differences.push(`casella ${index} shows ${field} ${String(values[field])}, is ${String(held[field])}`)
    }
    const isTouched = (what: string): boolean =>
      schedule.steps.some((step) => (step.do === 'act' || step.do === 'colleague_acts') && step.act.startsWith(what))
    differences.push(
      ...(await registroDifferences(core, world.other, {
        subjects,
        segnalazioni: registro.segnalazioni,
        merged: registro.merged,
        isTouched,
      })),
    )
  }

  try {
    // The copied archive knows of a provider with keys, and of a session that an earlier schedule may have ended.
    if (keyless || (await status()).connection === 'session_expired') await signIn()
    for (const step of schedule.steps) {
      await take(step)
      await between()
    }
    await heal()
    const core = await alive()
    await compare(core)
    const outcomes = new Map<string, Outcome>()
    for (const view of await views(core))
      outcomes.set(view.id, {
        seq: view.seq,
        state: view.state,
        reason: view.reason?.code ?? null,
        scheduled: view.nextAt !== null,
        blocked: view.waitsFor !== null,
      })
    const { effects, refusals, removed, changed } = record
    return { keyless, asked, effects, refusals, removed, changed, outcomes, differences }
  } finally {
    crash()
    await Promise.all(dying)
    network.close()
    for (const back of undo.reverse()) back()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The databases of a data folder, as a backup of the archive holds them; what lies beside them stays as it is. */
function copyArchives(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  const archives = join(from, 'archivi')
  if (!existsSync(archives)) return
  const target = join(to, 'archivi')
  cpSync(archives, target, {
    recursive: true,
    filter: (path) => !path.endsWith('inviati.json') && !path.includes('deposito'),
  })
}
