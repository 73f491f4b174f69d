import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Casella } from '../../provider-contract/casella.ts'
import type { SandboxContext } from '../context.ts'
import { addDays, generatedPasswordDay, isWaiting, passwordEvents, romeDay } from '../rules/life-rules.ts'
import type { DueRow } from '../store/life-store.ts'
import { activateByGestore } from './activation.ts'
import { changeCasella, deleteCasella, holderEmail, write } from './change-casella.ts'
import { passwordEffective } from './credentials.ts'
import { closeLink } from './links.ts'
import { expiredMail, passwordExpiredMail, passwordExpiringMail } from './mails.ts'

const PAGE = 500
/** The last day whose work is done. */
const LAST_DAY = 'life_day'
/** How far the work of the day in progress is: `day ente casella`. */
const PROGRESS = 'life_progress'
/** The day of the data: generated passwords are as old as it says. */
const DATA_DAY = 'life_data_day'

/**
 * Does what has fallen due by the clock: activations, new passwords, links that expired, cessations and, once for
 * each day, the ends of service and the passwords (D37, D77, D78). Stops between pages when `isStopped` says so.
 */
export async function tick(context: SandboxContext, isStopped: () => boolean): Promise<void> {
  const { store, clock } = context
  const now = clock()
  while (!isStopped()) {
    const done = store.transaction(() => {
      const due = store.life.due(now.getTime(), PAGE)
      for (const each of due) doDue(context, each)
      const links = store.life.expiredLinks(now.getTime(), PAGE)
      for (const link of links) closeLink(context, link, 'link_expired')
      return due.length + links.length
    })
    if (done === 0) break
    await nextTurn()
  }
  await doDays(context, romeDay(now), isStopped)
}

function doDue(context: SandboxContext, due: DueRow): void {
  const { store } = context
  store.life.removeDue(due.id)
  const casella = store.gestore.casella(due.casellaId)
  if (casella === undefined || casella.ciclo === 'eliminata') return
  switch (due.kind) {
    case 'wizard_activation':
      if (isWaiting(casella.ciclo)) activateByGestore(context, casella)
      return
    case 'reset_effective':
      passwordEffective(context, casella, due.operationId)
      return
    case 'cessazione':
      deleteCasella(context, casella, 'Gestore')
  }
}

async function doDays(context: SandboxContext, today: string, isStopped: () => boolean): Promise<void> {
  const { meta } = context.store
  const last = meta.get(LAST_DAY)
  if (last === undefined) {
    meta.set(LAST_DAY, today)
    meta.set(DATA_DAY, today)
    return
  }
  if (last >= today) return
  const dataDay = meta.get(DATA_DAY) ?? today
  const [day, enteReached, reached = ''] = (meta.get(PROGRESS) ?? '').split(' ')
  // A run that was cut short goes on for the same day; the days since are done by the next one.
  const until = day !== undefined && day > last && day <= today ? day : today
  const isGoingOn = until === day
  const enti = context.store.gestore.enti().filter((id) => !isGoingOn || id >= (enteReached ?? ''))
  for (const enteId of enti) {
    for (let after: string | undefined = isGoingOn && enteId === enteReached ? reached : ''; after !== undefined;) {
      if (isStopped()) return
      const from: string = after
      after = context.store.transaction(() => {
        const caselle = context.store.gestore.attive(enteId, from, PAGE)
        for (const casella of caselle) dayOf(context, casella, { last, until, dataDay })
        const end = caselle.at(-1)?.id
        if (end !== undefined) meta.set(PROGRESS, `${until} ${enteId} ${end}`)
        return end
      })
      await nextTurn()
    }
  }
  context.store.transaction(() => {
    meta.set(PROGRESS, '')
    meta.set(LAST_DAY, until)
  })
  if (until < today) await doDays(context, today, isStopped)
}

/** At nine in the morning of the day, near enough. */
const morning = (day: string) => `${day}T08:00:00.000Z`

function dayOf(
  context: SandboxContext,
  casella: Casella,
  { last, until, dataDay }: { last: string; until: string; dataDay: string },
): void {
  const { store, capabilities } = context
  const { scadenza } = casella
  const end = scadenza !== null && scadenza < until ? scadenza : until
  const known = store.life.passwordDay(casella.id)
  const passwordDay = known === undefined ? generatedPasswordDay(casella.id, dataDay) : known
  let current = casella
  if (passwordDay !== null && !casella.passwordScaduta) {
    for (const { day, left } of passwordEvents(passwordDay, capabilities.passwordPolicy.expiryDays, last, end)) {
      const letter = left === 0 ? passwordExpiredMail(current) : passwordExpiringMail(current, left)
      if (left === 0) current = changeCasella(context, current, { passwordScaduta: true }, 'Gestore')
      write(context, current, [current.indirizzo, holderEmail(context, current)], letter, morning(day))
    }
  }
  if (scadenza === null || scadenza >= until) return
  const expired = changeCasella(context, current, { ciclo: 'scaduta' }, 'Gestore')
  write(
    context,
    expired,
    [holderEmail(context, expired)],
    expiredMail(expired, scadenza),
    morning(addDays(scadenza, 1)),
  )
}
