import type { Act, ColleagueAct, Schedule, Step } from './schedule.ts'

const edit: Step = { do: 'edit', casella: 0, field: 'quotaMb' }
const editEmail: Step = { do: 'edit', casella: 0, field: 'comunicazioniEmail' }
const editAll: Step = { do: 'edit_all', field: 'quotaMb' }
const create: Step = { do: 'create', holder: 'known' }
const createNew: Step = { do: 'create', holder: 'new' }
const cancel: Step = { do: 'cancel', operation: 0 }
const late: Step = { do: 'late_delivery' }
const attach: Step = { do: 'attach', casella: 0 }
const colleagueEdits: Step = { do: 'colleague_edits', casella: 0, field: 'quotaMb' }
const act = (what: Act): Step => ({ do: 'act', casella: 0, act: what })
const colleagueActs = (what: ColleagueAct, casella = 0): Step => ({ do: 'colleague_acts', casella, act: what })
const pass = (seconds: number): Step => ({ do: 'pass', seconds })
const jump = (hours: number): Step => ({ do: 'clock_jump', hours })
const away: Step = { do: 'away', away: true }
const back: Step = { do: 'away', away: false }
const sync: Step = { do: 'sync' }
const strike = (fate: Extract<Step, { do: 'write_fault' }>['fate']): Step => ({ do: 'write_fault', fate, count: 1 })

/** Schedules that once broke a promise, and for each sabotage one that shows it at once. */
export const pinned: readonly { schedule: Schedule; catches: readonly string[] }[] = [
  { schedule: { keyless: false, steps: [away, edit, colleagueEdits, back, sync, pass(5)] }, catches: ['no_rebase'] },
  { schedule: { keyless: false, steps: [strike('crash_after'), create, pass(5)] }, catches: ['resend_in_flight'] },
  { schedule: { keyless: true, steps: [strike('crash_after'), create, pass(5)] }, catches: ['mark_after_send'] },
  {
    schedule: {
      keyless: true,
      steps: [strike('late'), { do: 'write_fault', fate: 'refused', count: 9 }, edit, pass(40), cancel, late],
    },
    catches: ['no_quiet_period'],
  },
  {
    schedule: {
      keyless: false,
      steps: [colleagueEdits, { do: 'read_fault', fate: 'crash_after', count: 1, turns: 2 }, sync],
    },
    catches: ['cursor_before_page'],
  },
  {
    schedule: { keyless: false, steps: [strike('late'), edit, pass(1), edit, pass(5)] },
    catches: ['coalesce_sent_rows'],
  },
  {
    schedule: { keyless: true, steps: [strike('garbled'), create, pass(5)] },
    catches: ['answer_error_as_network_error'],
  },
  {
    schedule: { keyless: true, steps: [strike('lost_response'), create, pass(5)] },
    catches: ['lost_answer_as_lost_request'],
  },
  { schedule: { keyless: false, steps: [away, edit, jump(-1), edit, back, pass(5)] }, catches: ['order_by_clock'] },
  {
    schedule: { keyless: false, steps: [away, edit, edit, colleagueEdits, back, sync, pass(5)] },
    catches: ['head_blocks_nothing'],
  },
  {
    schedule: {
      keyless: false,
      steps: [away, edit, { ...colleagueEdits, field: 'comunicazioniEmail' }, back, pass(5)],
    },
    catches: ['key_reuse'],
  },
  {
    schedule: { keyless: false, steps: [{ do: 'sessions_end' }, edit, pass(5)] },
    catches: ['expired_session_as_final'],
  },
  { schedule: { keyless: false, steps: [strike('proxy_404'), edit, pass(5)] }, catches: ['proxy_404_as_final'] },
  {
    schedule: { keyless: true, steps: [away, create, { do: 'backup' }, back, sync, pass(5), { do: 'restore' }] },
    catches: ['no_high_water_mark'],
  },
  {
    schedule: { keyless: false, steps: [away, edit, back, { do: 'change_operator' }, pass(5)] },
    catches: ['wrong_operator'],
  },
  {
    schedule: { keyless: false, steps: [away, edit, { do: 'cursors_expire' }, back, sync] },
    catches: ['queue_forgotten_on_410'],
  },
  { schedule: { keyless: false, steps: [colleagueEdits, sync] }, catches: ['snapshot_keeps_what_is_gone'] },
  {
    schedule: {
      keyless: true,
      steps: [
        strike('late'),
        ...Array.from({ length: 4 }, () => strike('refused')),
        edit,
        pass(5),
        jump(1),
        pass(31),
        cancel,
        late,
      ],
    },
    catches: ['clock_moves_the_quiet_period'],
  },
  {
    schedule: {
      keyless: false,
      steps: [
        strike('crash_after'),
        { do: 'write_fault', fate: 'refused', count: 9 },
        editAll,
        pass(5),
        { do: 'cancel', operation: 1 },
      ],
    },
    catches: ['members_not_frozen'],
  },
  { schedule: { keyless: false, steps: [strike('half_run'), editAll, pass(5)] }, catches: ['missing_item_as_settled'] },
  {
    schedule: { keyless: false, steps: [strike('lost_response'), editAll, pass(40)] },
    catches: ['envelope_repeated_under_new_keys'],
  },
  { schedule: { keyless: false, steps: [strike('half_answer'), editAll, pass(40)] }, catches: [] },
  { schedule: { keyless: true, steps: [strike('half_answer'), editAll, pass(700)] }, catches: [] },
  { schedule: { keyless: false, steps: [strike('late'), editAll, pass(5), late, editAll, pass(40)] }, catches: [] },
  { schedule: { keyless: false, steps: [strike('crash_after'), attach, editEmail, pass(40)] }, catches: [] },
  // The time of day went back while a change was waiting to be sent: it waited as long again.
  { schedule: { keyless: false, steps: [edit, jump(-1), pass(5)] }, catches: [] },
  { schedule: { keyless: false, steps: [edit, jump(-25), { do: 'change_operator' }, pass(1)] }, catches: [] },
  // A backup from before two changes of one field: both had arrived, and the first was taken for a colleague's.
  {
    schedule: {
      keyless: false,
      steps: [strike('refused'), edit, pass(1), edit, { do: 'backup' }, pass(130), { do: 'restore' }],
    },
    catches: [],
  },
  // A restored backup: what may have been sent must not go over a value that came meanwhile.
  {
    schedule: {
      keyless: false,
      steps: [editEmail, away, edit, colleagueEdits, { do: 'backup' }, pass(1), { do: 'restore' }, back, pass(1)],
    },
    catches: [],
  },
  // Without keys, a backup from before a later change of the same field: the effect of the earlier one cannot be told.
  {
    schedule: {
      keyless: true,
      steps: [
        strike('late'),
        editEmail,
        pass(1),
        late,
        { do: 'backup' },
        editEmail,
        pass(700),
        { do: 'restore' },
        pass(700),
        cancel,
      ],
    },
    catches: [],
  },
  {
    schedule: {
      keyless: false,
      steps: [act('indirizzo.create'), pass(5), act('indirizzo.delete'), colleagueActs('indirizzo.update'), pass(5)],
    },
    catches: ['deletion_of_what_nobody_saw'],
  },
  {
    schedule: { keyless: false, steps: [strike('no_content'), act('titolare.telefono'), pass(40)] },
    catches: ['no_content_as_changed_row'],
  },
  {
    schedule: { keyless: false, steps: [act('segnalazione.create'), act('messaggio.create'), pass(40)] },
    catches: ['local_id_kept_by_what_waits'],
  },
  {
    schedule: {
      keyless: false,
      steps: [act('impostazioni.mittenti'), colleagueActs('impostazioni.indirizzi'), pass(5)],
    },
    catches: ['settings_over_an_unseen_version'],
  },
  // Without keys, on a machine whose clock is hours ahead: what had just been made was too old to be this, and was made again.
  {
    schedule: { keyless: true, steps: [jump(25), strike('lost_response'), act('nota.create'), pass(700)] },
    catches: ['wrong_clock_as_not_arrived'],
  },
  {
    schedule: { keyless: true, steps: [jump(2), strike('lost_response'), act('cessazione'), pass(700)] },
    catches: [],
  },
  // Somebody else was quicker.
  {
    schedule: {
      keyless: false,
      steps: [act('indirizzo.create'), pass(5), act('indirizzo.delete'), colleagueActs('indirizzo.delete'), pass(5)],
    },
    catches: [],
  },
  // With an archive that is put back comes the session of whoever had signed in: what follows is done in that name.
  {
    schedule: {
      keyless: false,
      steps: [edit, { do: 'backup' }, { do: 'change_operator' }, { do: 'restore' }, attach, pass(5)],
    },
    catches: [],
  },
  // The second holder is refused for the codice fiscale of the first: the note waits behind the casella that waits for a person.
  {
    schedule: {
      keyless: false,
      steps: [away, createNew, createNew, { do: 'act', casella: 4, act: 'nota.create' }, back, pass(5)],
    },
    catches: [],
  },
  // The archive that comes back forgets what it sent, and by a clock that is two hours off nothing tells: a person is asked.
  {
    schedule: {
      keyless: false,
      steps: [jump(2), act('activation_data'), { do: 'backup' }, pass(1), { do: 'restore' }, edit, pass(5)],
    },
    catches: [],
  },
  // Without keys an address that was made, changed and taken away is found no more by the archive that comes back.
  {
    schedule: {
      keyless: true,
      steps: [
        strike('bad_gateway_after'),
        act('indirizzo.create'),
        pass(40),
        act('indirizzo.update'),
        act('indirizzo.delete'),
        { do: 'backup' },
        pass(700),
        { do: 'restore' },
      ],
    },
    catches: [],
  },
  // Without keys a value that was replaced since looks unsent to the archive that comes back; whoever is asked may insist.
  {
    schedule: {
      keyless: true,
      steps: [
        strike('refused'),
        edit,
        pass(1),
        { do: 'backup' },
        edit,
        pass(130),
        { do: 'restore' },
        pass(700),
        { do: 'resolve', operation: 0, choice: 'mine' },
      ],
    },
    catches: [],
  },
  // An answer from the record of a key shows a row that a colleague has taken away since: the feed has said so already.
  {
    schedule: {
      keyless: false,
      steps: [strike('lost_response'), act('nota.create'), pass(1), colleagueActs('nota.delete'), sync, pass(40)],
    },
    catches: ['old_answer_as_news'],
  },
  {
    schedule: {
      keyless: false,
      steps: [
        { do: 'write_fault', fate: 'garbled', count: 2 },
        act('indirizzo.create'),
        pass(1),
        colleagueActs('indirizzo.delete'),
        sync,
        pass(40),
      ],
    },
    catches: [],
  },
  // A refusal from before a restored backup's loss hid that the next generation had arrived.
  {
    schedule: {
      keyless: false,
      steps: [editEmail, editEmail, { do: 'backup' }, colleagueEdits, pass(40), { do: 'restore' }, pass(40)],
    },
    catches: ['old_mismatch_as_last_word'],
  },
  // Two requests that are alike, of which one was refused unheard, after a restored backup.
  {
    schedule: {
      keyless: false,
      steps: [
        strike('refused'),
        act('activation_data'),
        pass(1),
        act('activation_data'),
        { do: 'backup' },
        pass(130),
        { do: 'restore' },
        strike('late'),
        strike('refused'),
        createNew,
        pass(1),
        cancel,
        late,
      ],
    },
    catches: [],
  },
  // An envelope answered 204 by a portal: that is no word of the deletion in it.
  {
    schedule: {
      keyless: false,
      steps: [
        colleagueEdits,
        { do: 'read_fault', fate: 'refused', count: 1, turns: 0 },
        sync,
        strike('no_content'),
        editAll,
        pass(1),
        strike('refused'),
        act('indirizzo.delete'),
        pass(1),
        strike('late'),
        strike('refused'),
        edit,
        pass(1),
        cancel,
        late,
      ],
    },
    catches: [],
  },
  {
    schedule: {
      keyless: false,
      steps: [sync, away, act('titolare.fusione'), colleagueActs('titolare.telefono', 2), back, sync, pass(5)],
    },
    catches: ['merge_over_an_unseen_holder'],
  },
  {
    schedule: {
      keyless: true,
      steps: [
        colleagueActs('titolare.telefono', 1),
        colleagueActs('titolare.telefono', 2),
        sync,
        strike('bad_gateway_before'),
        act('titolare.fusione'),
        colleagueActs('titolare.fusione'),
        pass(130),
      ],
    },
    catches: ['merge_of_others_as_mine'],
  },
  // A merge that a restored archive makes anew is of other versions: its key is not asked.
  {
    schedule: {
      keyless: false,
      steps: [
        act('titolare.fusione'),
        { do: 'backup' },
        pass(1),
        { do: 'restore' },
        strike('refused'),
        act('titolare.telefono'),
        colleagueActs('titolare.telefono'),
        pass(1),
      ],
    },
    catches: [],
  },
]
