import { CommandError } from '../command-error.ts'
import type { TitolareCreateRequest, TitolareFusioneRequest, TitolareUpdateRequest } from '../contract/registro.ts'
import { changedFields, newLocalId, type About } from '../outbox/enqueue.ts'
import { absorbedField, laneOfTitolare, type Fields } from '../outbox/operation.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import {
  AttivitaNew,
  IndirizzoNew,
  TitolareNew,
  type AttivitaFields,
  type IndirizzoFields,
  type Titolare,
} from '../provider-contract/titolare.ts'
import type { z } from 'zod'
import { italianDay } from '../export/italian-date.ts'
import { checkDocumentoLeft, checkedAttivita, checkedIndirizzo, checkedTitolare } from './titolare-fields.ts'
import { fieldsOfTitolare } from './titolare-row-fields.ts'

type Change = { id: string; changes: Fields; seen: Fields }
type Removal = { id: string; seen: Fields }

const noTitolare = {
  tipologia: 'persona_fisica',
  nome: '',
  cognome: '',
  codiceFiscale: '',
  email: null,
  telefono: null,
  cellulare: null,
  fax: null,
} as const

/** Changes of holders, addresses and companies, into the outbox (D23 to D27). Each throws what RowEdits throws, and CommandError `invalid_field`. */
export interface TitolareEdits {
  /** A holder without a casella. `id` is the local one. */
  create(request: TitolareCreateRequest): { id: string; operationId: string }
  update(request: TitolareUpdateRequest): { operationId: string }
  /** Throws CommandError `titolare_with_caselle`: deleted caselle keep their holder (D68). */
  remove(removal: Removal): { operationId: string }
  /** D28: one takes the place of others who are the same. Throws CommandError `fusione_pending`, `invalid_field`. */
  merge(request: TitolareFusioneRequest): { operationId: string }
  createIndirizzo(titolareId: string, indirizzo: z.infer<typeof IndirizzoFields>): { operationId: string }
  updateIndirizzo(change: Change): { operationId: string }
  removeIndirizzo(removal: Removal): { operationId: string }
  createAttivita(titolareId: string, attivita: z.infer<typeof AttivitaFields>): { operationId: string }
  updateAttivita(change: Change): { operationId: string }
  removeAttivita(removal: Removal): { operationId: string }
}

export function titolareEdits(dependencies: {
  edits: RowEdits
  /** The holder as the archive knows it, sent or not; undefined for none. */
  titolare(id: string): { titolare: Titolare; isSent: boolean } | undefined
  /** Keeps a holder that exists only here. */
  writeLocal(titolare: Titolare, entered: TitolareNew): void
  enteId(): string
  /** ISO 8601. */
  now(): string
  hasCaselle(titolareId: string): boolean
  serverIdOf(localId: string): string | undefined
  /** Where the holder still has something open, so that what follows comes after it. */
  openLane(titolareId: string): string | undefined
  /** What is still open of a holder goes before what follows in another lane. */
  joinLane(titolareId: string, lane: string): void
  /** Whether a merge that waits takes the holder away. */
  isAbsorbed(titolareId: string): boolean
  capabilities(): Capabilities
}): TitolareEdits {
  const { edits } = dependencies

  function about(givenId: string): Omit<About, 'seen'> {
    const titolareId = dependencies.serverIdOf(givenId) ?? givenId
    const known = dependencies.titolare(titolareId)
    if (known === undefined) throw new CommandError('not_found', 'no such holder')
    if (dependencies.isAbsorbed(titolareId)) throw new CommandError('fusione_pending', 'a merge takes it away')
    return {
      lane: dependencies.openLane(titolareId) ?? laneOfTitolare(titolareId),
      subject: `${known.titolare.cognome} ${known.titolare.nome}`.trim(),
      titolareId,
    }
  }
  const ofOwner = ({ titolareId }: { titolareId: string }): Omit<About, 'seen'> => about(titolareId)
  const first = ({ operationIds: [operationId = ''] }: { operationIds: string[] }): { operationId: string } => ({
    operationId,
  })
  const contract = (field: string): CommandError =>
    new CommandError('invalid_field', 'contract', { field, rule: 'contract' })

  return {
    create: ({ titolare, overrideReason }) => {
      const profile = dependencies.capabilities()
      const changes = { ...noTitolare, ...titolare }
      const parsed = TitolareNew.safeParse(checkedTitolare({ changes, overrideReason }, profile))
      if (!parsed.success) throw contract('titolare')
      // D55: somebody has to be told from others by something.
      if (parsed.data.codiceFiscale === '' && parsed.data.email === null)
        throw new CommandError('invalid_field', 'empty', { field: 'email', rule: 'empty' })
      const id = newLocalId()
      const { operationId } = first(
        edits.add((operator) => {
          const tracked = { version: 1, updatedAt: dependencies.now(), updatedBy: operator.nome }
          dependencies.writeLocal({ ...parsed.data, ...tracked, id, enteId: dependencies.enteId() }, parsed.data)
          const subject = `${parsed.data.cognome} ${parsed.data.nome}`
          return [
            {
              args: { type: 'titolare.create', titolareId: id, titolare: parsed.data },
              about: { lane: laneOfTitolare(id), subject, titolareId: id },
            },
          ]
        }),
      )
      return { id, operationId }
    },
    update: (request) => {
      const id = dependencies.serverIdOf(request.id) ?? request.id
      const known = dependencies.titolare(id)
      const wanted = checkedTitolare(request, dependencies.capabilities())
      if (known !== undefined)
        checkDocumentoLeft(fieldsOfTitolare(known.titolare), wanted, italianDay(Date.parse(dependencies.now())))
      return edits.update(
        {
          kind: 'titolare',
          id,
          wanted,
          seen: request.seen,
          unsent: known?.isSent === false ? known.titolare : undefined,
        },
        (titolare) => about(titolare.id),
      )
    },
    remove: ({ id, seen }) =>
      edits.remove({ kind: 'titolare', id, seen }, (titolare) => {
        if (dependencies.hasCaselle(titolare.id))
          throw new CommandError('titolare_with_caselle', 'caselle keep their holder (D68)')
        return about(titolare.id)
      }),
    merge: ({ id, seen, assorbiti, changes }) => {
      const stays = about(id)
      const absorbed = assorbiti.map((each) => {
        const { titolareId = '', subject } = about(each.id)
        return { id: titolareId ?? '', nome: subject, seen: each.seen }
      })
      const ids = [stays.titolareId ?? '', ...absorbed.map((each) => each.id)]
      if (new Set(ids).size !== ids.length)
        throw new CommandError('invalid_field', 'same holder', { field: 'assorbiti', rule: 'same' })
      for (const each of ids)
        if (dependencies.titolare(each)?.isSent !== true)
          throw new CommandError('not_yet_sent', 'the titolare is not at the provider yet')
      // Nothing is written anew: what one of them has was checked when it was entered.
      for (const [field, value] of Object.entries(changes))
        if (![seen, ...absorbed.map((each) => each.seen)].some((its) => its[field] === value))
          throw new CommandError('invalid_field', 'nobody has it', { field, rule: 'unknown' })
      const { fields, seen: seenFields } = changedFields(changes, seen)
      const seenAbsorbed = absorbed.flatMap((each) =>
        Object.entries(each.seen).map(([field, value]) => [absorbedField(each.id, field), value] as const),
      )
      return first(
        edits.add(() => {
          for (const each of absorbed) dependencies.joinLane(each.id, stays.lane)
          return [
            {
              args: {
                type: 'titolare.fusione',
                id: stays.titolareId ?? '',
                assorbiti: absorbed.map(({ id: gone, nome }) => ({ id: gone, nome })),
                fields,
              },
              about: { ...stays, seen: { ...Object.fromEntries(seenAbsorbed), ...seenFields } },
            },
          ]
        }),
      )
    },
    createIndirizzo: (titolareId, given) => {
      const owner = about(titolareId)
      const parsed = IndirizzoNew.safeParse({ ...checkedIndirizzo(given), titolareId: owner.titolareId })
      if (!parsed.success) throw contract('indirizzo')
      return first(
        edits.add(() => [
          { args: { type: 'indirizzo.create', id: newLocalId(), indirizzo: parsed.data }, about: owner },
        ]),
      )
    },
    updateIndirizzo: ({ id, changes, seen }) =>
      edits.update({ kind: 'indirizzo', id, wanted: checkedIndirizzo(changes), seen }, ofOwner),
    removeIndirizzo: ({ id, seen }) => edits.remove({ kind: 'indirizzo', id, seen }, ofOwner),
    createAttivita: (titolareId, given) => {
      const owner = about(titolareId)
      const parsed = AttivitaNew.safeParse({
        ...checkedAttivita({ ...given, codiceIpa: given.codiceIpa ?? null }),
        titolareId: owner.titolareId,
      })
      if (!parsed.success) throw contract('attivita')
      return first(
        edits.add(() => [{ args: { type: 'attivita.create', id: newLocalId(), attivita: parsed.data }, about: owner }]),
      )
    },
    updateAttivita: ({ id, changes, seen }) =>
      edits.update({ kind: 'attivita', id, wanted: checkedAttivita(changes), seen }, ofOwner),
    removeAttivita: ({ id, seen }) => edits.remove({ kind: 'attivita', id, seen }, ofOwner),
  }
}
