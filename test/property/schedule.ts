import fc from 'fast-check'
import { readFates, writeFates, type ReadFate, type WriteFate } from './fault-network.ts'

export type EditedField = 'quotaMb' | 'comunicazioniEmail'

/** What the operator does beyond the casella's own fields; on what there is of it at that moment. */
export const acts = [
  'titolare.telefono',
  'titolare.fax',
  'titolare.fusione',
  'indirizzo.create',
  'indirizzo.update',
  'indirizzo.delete',
  'nota.create',
  'nota.update',
  'nota.delete',
  'impostazioni.indirizzi',
  'impostazioni.mittenti',
  'segnalazione.create',
  'messaggio.create',
  'cessazione',
  'activation_data',
  'casella.delete',
] as const
export type Act = (typeof acts)[number]

/** What a colleague does at the provider meanwhile. */
export const colleagueActs = [
  'titolare.telefono',
  'titolare.fusione',
  'indirizzo.update',
  'indirizzo.delete',
  'nota.create',
  'nota.update',
  'nota.delete',
  'impostazioni.indirizzi',
  'impostazioni.mittenti',
] as const satisfies readonly Act[]
export type ColleagueAct = (typeof colleagueActs)[number]

/** One thing that happens; numbers choose among what there is at that moment. */
export type Step =
  | { do: 'edit'; casella: number; field: EditedField }
  | { do: 'edit_all'; field: EditedField }
  | { do: 'create'; holder: 'new' | 'known' }
  | { do: 'attach'; casella: number }
  | { do: 'act'; casella: number; act: Act }
  | { do: 'colleague_acts'; casella: number; act: ColleagueAct }
  | { do: 'colleague_edits'; casella: number; field: EditedField }
  | { do: 'colleague_deletes'; casella: number }
  | { do: 'sync' }
  | { do: 'write_fault'; fate: WriteFate; count: number }
  | { do: 'read_fault'; fate: ReadFate; count: number; turns: number }
  | { do: 'away'; away: boolean }
  | { do: 'late_delivery' }
  | { do: 'crash' }
  | { do: 'sessions_end' }
  | { do: 'sign_in' }
  | { do: 'change_operator' }
  | { do: 'cursors_expire' }
  | { do: 'backup' }
  | { do: 'restore' }
  | { do: 'pass'; seconds: number }
  | { do: 'clock_jump'; hours: number }
  | { do: 'cancel'; operation: number }
  | { do: 'retry'; operation: number }
  | { do: 'resolve'; operation: number; choice: 'mine' | 'theirs' }

/** `keyless`: the provider keeps no idempotency keys (rule 4). */
export interface Schedule {
  keyless: boolean
  steps: Step[]
}

const casella = fc.nat({ max: 4 })
const operation = fc.nat({ max: 7 })
const field = fc.constantFrom<EditedField>('quotaMb', 'comunicazioniEmail')
const seconds = fc.constantFrom(1, 5, 40, 130, 700)
const record = fc.record
const is = <T extends Step['do']>(name: T): fc.Arbitrary<T> => fc.constant(name)
const just = <T extends Step['do']>(name: T): fc.Arbitrary<{ do: T }> => fc.constant({ do: name })
const weighted = <T>(...choices: readonly [number, fc.Arbitrary<T>][]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

const edit = record({ do: is('edit'), casella, field })
const editAll = record({ do: is('edit_all'), field })
const colleagueEdits = record({ do: is('colleague_edits'), casella, field })
const clockJump = record({ do: is('clock_jump'), hours: fc.constantFrom(-25, -1, 1, 2, 25) })
const pass = record({ do: is('pass'), seconds })
const writeFault = record({
  do: is('write_fault'),
  fate: fc.constantFrom(...writeFates),
  count: fc.integer({ min: 1, max: 3 }),
})
const readFault = record({
  do: is('read_fault'),
  fate: fc.constantFrom(...readFates),
  count: fc.integer({ min: 1, max: 2 }),
  turns: fc.nat({ max: 6 }),
})
/** What ends a casella's life, or makes its own fields fixed, is seldom: much cannot happen after it. */
const act = record({
  do: is('act'),
  casella,
  act: weighted<Act>(
    [1, fc.constantFrom<Act>('casella.delete', 'cessazione', 'activation_data')],
    [7, fc.constantFrom(...acts)],
  ),
})
const colleagueActsStep = record({ do: is('colleague_acts'), casella, act: fc.constantFrom(...colleagueActs) })
/** The operator's and the colleague's hand on one row, before anything of it has left. */
const onOneRow = fc
  .tuple(
    casella,
    fc.constantFrom<[Act, ColleagueAct]>(
      ['titolare.telefono', 'titolare.telefono'],
      ['titolare.fax', 'titolare.telefono'],
      ['titolare.fusione', 'titolare.telefono'],
      ['titolare.telefono', 'titolare.fusione'],
      ['titolare.fusione', 'titolare.fusione'],
      ['indirizzo.update', 'indirizzo.update'],
      ['indirizzo.update', 'indirizzo.delete'],
      ['indirizzo.delete', 'indirizzo.update'],
      ['indirizzo.delete', 'indirizzo.delete'],
      ['nota.update', 'nota.update'],
      ['nota.delete', 'nota.update'],
      ['nota.delete', 'nota.delete'],
      ['impostazioni.indirizzi', 'impostazioni.indirizzi'],
      ['impostazioni.mittenti', 'impostazioni.indirizzi'],
    ),
  )
  .map(([on, [mine, theirs]]): Step[] => [
    ...(mine.startsWith('nota')
      ? ([{ do: 'colleague_acts', casella: on, act: 'nota.create' }, { do: 'sync' }] satisfies Step[])
      : []),
    { do: 'act', casella: on, act: mine },
    { do: 'colleague_acts', casella: on, act: theirs },
  ])
/** One row from its making on: what comes later can only be done once the row is there. */
const ofOneRow = fc
  .tuple(
    casella,
    fc.constantFrom<readonly Act[][]>(
      [['nota.create'], ['nota.update', 'nota.delete']],
      [['nota.create'], ['nota.delete']],
      [['indirizzo.create'], ['indirizzo.update', 'indirizzo.delete']],
      [['segnalazione.create', 'messaggio.create', 'messaggio.create'], ['messaggio.create']],
      [['impostazioni.indirizzi'], ['impostazioni.mittenti', 'impostazioni.indirizzi']],
    ),
    fc.boolean(),
    writeFault,
  )
  .map(([on, [making = [], after = []], strikesMaking, fault]): Step[] => {
    const all = (names: readonly Act[]): Step[] => names.map((name) => ({ do: 'act', casella: on, act: name }))
    const made: Step[] = [...all(making), { do: 'pass', seconds: 40 }]
    return strikesMaking ? [fault, ...made, ...all(after)] : [...made, fault, ...all(after)]
  })
const change = weighted<Step>(
  [8, edit],
  [3, record({ do: is('create'), holder: fc.constantFrom('new', 'known') })],
  [2, record({ do: is('attach'), casella })],
  [8, act],
)

const single = weighted<Step>(
  [6, change],
  [4, colleagueEdits],
  [2, colleagueActsStep],
  [1, record({ do: is('colleague_deletes'), casella })],
  [3, just('sync')],
  [2, writeFault],
  [2, readFault],
  [2, record({ do: is('away'), away: fc.boolean() })],
  [2, just('late_delivery')],
  [1, just('crash')],
  [2, just('sessions_end')],
  [1, just('sign_in')],
  [2, just('change_operator')],
  [1, just('cursors_expire')],
  [1, just('backup')],
  [1, just('restore')],
  [4, pass],
  [2, clockJump],
  [2, record({ do: is('cancel'), operation })],
  [2, record({ do: is('retry'), operation })],
  [3, record({ do: is('resolve'), operation, choice: fc.constantFrom('mine', 'theirs') })],
)

/** What goes wrong in offices goes wrong around a change: steps come in scenes, which shrink like any list. */
const scene = weighted<Step[]>(
  [6, fc.tuple(single)],
  [5, fc.tuple<Step[]>(writeFault, change, pass)],
  [2, fc.tuple<Step[]>(writeFault, act, pass)],
  [3, fc.tuple(ofOneRow, pass).map(([steps, after]) => [...steps, after])],
  [2, fc.tuple(onOneRow, pass).map(([steps, after]) => [...steps, after])],
  [1, fc.tuple(onOneRow, writeFault, pass).map(([steps, fault, after]) => [fault, ...steps, after])],
  [1, fc.tuple<Step[]>(just('backup'), act, pass, just('restore'))],
  [2, fc.tuple<Step[]>(fc.constant({ do: 'away', away: true }), change, clockJump, change, colleagueEdits)],
  [1, fc.tuple<Step[]>(just('backup'), change, pass, just('restore'))],
  [1, fc.tuple<Step[]>(change, just('backup'), pass, just('restore'))],
  [1, fc.tuple<Step[]>(colleagueEdits, readFault, just('sync'))],
  [1, fc.tuple<Step[]>(fc.constant({ do: 'write_fault', fate: 'late', count: 1 }), change, pass, clockJump, pass)],
  [1, fc.tuple<Step[]>(change, just('change_operator'), change)],
  [3, fc.tuple<Step[]>(writeFault, editAll, pass)],
  [1, fc.tuple<Step[]>(writeFault, editAll, editAll, writeFault, pass)],
  [1, fc.tuple<Step[]>(fc.constant({ do: 'away', away: true }), editAll, change, colleagueEdits, colleagueEdits)],
  [1, fc.tuple<Step[]>(just('backup'), editAll, pass, just('restore'))],
  [
    1,
    fc.tuple<Step[]>(
      fc.constant({ do: 'write_fault', fate: 'late', count: 1 }),
      fc.constant({ do: 'write_fault', fate: 'refused', count: 1 }),
      change,
      pass,
      record({ do: is('cancel'), operation }),
      just('late_delivery'),
    ),
  ],
)

export const schedules: fc.Arbitrary<Schedule> = record({
  keyless: fc.boolean(),
  scenes: fc.array(scene, { minLength: 1, maxLength: 9 }),
}).map(({ keyless, scenes }) => ({ keyless, steps: scenes.flat() }))
