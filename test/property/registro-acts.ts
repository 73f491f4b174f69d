import { Readable } from 'node:stream'
import { z } from 'zod'
import { DepositoResponse } from '../../src-main/contract/channels.ts'
import type { FieldValue } from '../../src-main/contract/operation.ts'
import type { Core } from '../../src-main/core.ts'
import type { Colleague } from '../support/provider-colleague.ts'
import { absorbed, flatFields } from './flat-fields.ts'
import type { Asked } from './oracle.ts'
import type { ProviderRecord } from './provider-record.ts'
import type { Act, ColleagueAct } from './schedule.ts'
import { ask } from './world.ts'

/** A casella of the test. */
export interface Subject {
  /** As the application names it: at first a local id for one that it made. */
  id: string
  /** As the provider names it. */
  serverId: string | null
}

export interface RegistroPorts {
  subject(index: number): Subject | undefined
  /** As the test names a casella's lane. */
  laneOf(index: number): string
  other(): Colleague
  record: ProviderRecord
  /** One delivery or colleague's write at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** Unlike any before. */
  unique(): number
  /** The operator asked for it, and the application accepted. */
  accepted(
    opId: string,
    asked: Pick<Asked, 'kind' | 'lane' | 'fields'> & Partial<Pick<Asked, 'known' | 'removes'>>,
  ): void
}

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
const Identified = z.looseObject({ id: z.string() })
const indirizzoFields = ['via', 'localita', 'provincia', 'cap', 'telefono', 'fax', 'email', 'cellulare'] as const
const filter = (name: string, id: string): string => `?filter=${encodeURIComponent(`${name} eq "${id}"`)}`
export const notePath = (casellaId: string): string => `/note${filter('casellaId', casellaId)}`
export const indirizziPath = (titolareId: string): string => `/indirizzi${filter('titolareId', titolareId)}`
export const richiestePath = (casellaId: string): string => `/operations${filter('casellaId', casellaId)}`
export const messaggiPath = (id: string): string => `/messaggi${filter('segnalazioneId', id)}`

export async function rowsAt(other: Colleague, path: string): Promise<z.infer<typeof Identified>[]> {
  return z.array(Identified).parse(await other.list(path))
}

const seenIn = (row: object, names: readonly string[]): Record<string, FieldValue[]> =>
  Object.fromEntries(
    Object.entries(flatFields(row)).flatMap(([name, value]) => (names.includes(name) ? [[name, [value]]] : [])),
  )

/** What an operator and a colleague do beyond a casella's own fields. */
export function registroActs({ subject, laneOf, other, record, inTurn, unique, accepted }: RegistroPorts) {
  /** As the application names them. */
  const segnalazioni: string[] = []
  const merged: string[] = []

  async function meet(path: string): Promise<void> {
    if (record.knows(path)) return
    await inTurn(async () => {
      if (record.knows(path)) return
      const row = await other()
        .row(path)
        .catch(() => null)
      // An earlier schedule may have taken it away, of which this application has not heard.
      if (row === null) record.gone(path)
      else record.know(path, row)
    })
  }

  async function attach(core: Core, index: number, tipo: 'altro' | 'nuove_credenziali'): Promise<void> {
    const casella = subject(index)
    if (casella === undefined) return
    const number = unique()
    const bytes = Buffer.concat([PDF, Buffer.from(`%${number}\n`)])
    const deposit = await core.deposit(`atto-${number}.pdf`, Readable.from([Buffer.from(bytes)]))
    if (!deposit.ok) return
    const { id } = DepositoResponse.parse(deposit.data)
    const told = await ask(core, 'documenti.attach', { casellaId: casella.id, tipo, depositoIds: [id] })
    if (!told.ok) return
    for (const opId of told.data.operationIds)
      accepted(opId, { kind: 'documento.attach', lane: laneOf(index), fields: {} })
  }

  /** The casella of that number and the two after it. */
  const around = (index: number): Subject[] => [0, 1, 2].flatMap((step) => subject(index + step) ?? [])

  /** The holder of a casella as the screens show it. */
  async function holder(core: Core, casellaId: string) {
    const casella = await ask(core, 'caselle.get', { id: casellaId })
    if (!casella.ok) return null
    const shown = await ask(core, 'titolari.get', { id: casella.data.values.titolareId })
    return shown.ok ? { id: casella.data.values.titolareId, shown: shown.data } : null
  }

  /** The next holder becomes one with this casella's, to whom it leaves its number (D28). */
  async function merge(core: Core, index: number): Promise<void> {
    const holders = await Promise.all(around(index).map(({ id }) => holder(core, id)))
    const stays = holders[0] ?? null
    const goes = holders.find((each) => each !== null && each.id !== stays?.id) ?? null
    if (stays === null || goes === null) return
    const [before, next] = [stays.shown.titolare.telefono, goes.shown.titolare.telefono]
    const told = await ask(core, 'titolari.merge', {
      id: stays.id,
      seen: { telefono: before },
      assorbiti: [{ id: goes.id, seen: { telefono: next } }],
      changes: { telefono: next },
    })
    if (!told.ok) return
    merged.push(goes.id)
    await meetSent(`/titolari/${stays.id}`)
    await meetSent(`/titolari/${goes.id}`)
    accepted(told.data.operationId, {
      kind: 'titolare.fusione',
      lane: `titolare ${stays.id}`,
      fields: before === next ? {} : { telefono: next },
      known: { ...(before === next ? {} : { telefono: [before] }), [absorbed('telefono')]: [next] },
      removes: `/titolari/${goes.id}`,
    })
  }

  async function act(core: Core, index: number, what: Act): Promise<void> {
    const casella = subject(index)
    if (casella === undefined) return
    const casellaId = casella.id
    const lane = laneOf(index)
    switch (what) {
      case 'titolare.telefono':
      case 'titolare.fax': {
        const field = what === 'titolare.fax' ? 'fax' : 'telefono'
        const titolare = await holder(core, casellaId)
        if (titolare === null) return
        const before = titolare.shown.titolare[field]
        const next = phone()
        const told = await ask(core, 'titolari.update', {
          id: titolare.id,
          changes: { [field]: next },
          seen: { [field]: before },
        })
        if (!told.ok) return
        await meetSent(`/titolari/${titolare.id}`)
        const fields = { [field]: next }
        const known = { [field]: [before] }
        accepted(told.data.operationId, { kind: 'titolare.update', lane: `titolare ${titolare.id}`, fields, known })
        return
      }
      case 'titolare.fusione':
        return merge(core, index)
      case 'indirizzo.create': {
        const titolare = await holder(core, casellaId)
        if (titolare === null) return
        const via = street()
        const told = await ask(core, 'indirizzi.create', {
          titolareId: titolare.id,
          indirizzo: {
            via,
            localita: 'Firenze',
            provincia: 'FI',
            cap: '50100',
            telefono: null,
            fax: null,
            email: null,
            cellulare: null,
          },
        })
        if (!told.ok) return
        accepted(told.data.operationId, { kind: 'indirizzo.create', lane: `titolare ${titolare.id}`, fields: { via } })
        return
      }
      case 'indirizzo.update':
      case 'indirizzo.delete': {
        const titolare = await holder(core, casellaId)
        const row = titolare?.shown.indirizzi.findLast(({ createdBy }) => createdBy === null)
        if (titolare === null || row === undefined) return
        const path = `/indirizzi/${row.id}`
        const ofTitolare = `titolare ${titolare.id}`
        if (what === 'indirizzo.update') {
          const via = street()
          const told = await ask(core, 'indirizzi.update', { id: row.id, changes: { via }, seen: { via: row.via } })
          if (!told.ok) return
          await meetSent(path)
          const known = { via: [row.via] }
          accepted(told.data.operationId, { kind: 'indirizzo.update', lane: ofTitolare, fields: { via }, known })
          return
        }
        const told = await ask(core, 'indirizzi.remove', { id: row.id, seen: {} })
        if (!told.ok) return
        await meetSent(path)
        const known = seenIn(row, indirizzoFields)
        accepted(told.data.operationId, {
          kind: 'indirizzo.delete',
          lane: ofTitolare,
          fields: {},
          known,
          removes: path,
        })
        return
      }
      case 'nota.create': {
        const testo = `Nota ${unique()}`
        const told = await ask(core, 'note.create', { owner: { casellaId }, testo })
        if (!told.ok) return
        const { operationId } = told.data
        accepted(operationId, { kind: 'nota.create', lane: `nota ${operationId}`, fields: { testo } })
        return
      }
      case 'nota.update':
      case 'nota.delete': {
        const shown = await ask(core, 'note.list', { casellaId })
        const row = shown.ok ? shown.data.rows.find(({ createdBy }) => createdBy === null) : undefined
        if (row === undefined) return
        const path = `/note/${row.id}`
        const known = { testo: [row.testo] }
        if (what === 'nota.update') {
          const testo = `Nota ${unique()}`
          const told = await ask(core, 'note.update', { id: row.id, changes: { testo }, seen: { testo: row.testo } })
          if (!told.ok) return
          await meetSent(path)
          accepted(told.data.operationId, { kind: 'nota.update', lane: `nota ${row.id}`, fields: { testo }, known })
          return
        }
        const told = await ask(core, 'note.remove', { id: row.id, seen: {} })
        if (!told.ok) return
        await meetSent(path)
        accepted(told.data.operationId, {
          kind: 'nota.delete',
          lane: `nota ${row.id}`,
          fields: {},
          known,
          removes: path,
        })
        return
      }
      case 'impostazioni.indirizzi':
      case 'impostazioni.mittenti': {
        const field = `notifica.${what.slice('impostazioni.'.length)}`
        const shown = await ask(core, 'impostazioni.get', { casellaId })
        if (!shown.ok) return
        const before = shown.data.fields[field] ?? null
        const next = `avvisi${unique()}@posta.example`
        const told = await ask(core, 'impostazioni.update', {
          casellaId,
          changes: { [field]: next },
          seen: { [field]: before },
        })
        if (!told.ok) return
        await meetSent(`/caselle/${casella.serverId ?? casellaId}/impostazioni`)
        const fields = { [field]: next }
        accepted(told.data.operationId, { kind: 'impostazioni.update', lane, fields, known: { [field]: [before] } })
        return
      }
      case 'segnalazione.create': {
        const titolo = `Segnalazione ${unique()}`
        const told = await ask(core, 'segnalazioni.create', {
          tipo: 'posta',
          titolo,
          descrizione: 'Da ieri non arriva nulla.',
          casellaId: null,
          destinatario: null,
        })
        if (!told.ok) return
        const { id, operationId } = told.data
        segnalazioni.push(id)
        accepted(operationId, { kind: 'segnalazione.create', lane: `segnalazione ${id}`, fields: { titolo } })
        return
      }
      case 'messaggio.create': {
        const segnalazioneId = segnalazioni.at(-1)
        if (segnalazioneId === undefined) return
        const testo = `Messaggio ${unique()}`
        const told = await ask(core, 'messaggi.create', { segnalazioneId, testo })
        if (!told.ok) return
        const { operationId } = told.data
        accepted(operationId, { kind: 'messaggio.create', lane: `segnalazione ${segnalazioneId}`, fields: { testo } })
        return
      }
      case 'cessazione': {
        const told = await ask(core, 'caselle.richiesta', { casellaId, richiesta: { tipo: 'cessazione' } })
        if (!told.ok) return
        accepted(told.data.operationId, { kind: 'casella.richiesta', lane, fields: { tipo: 'cessazione' } })
        return
      }
      case 'activation_data': {
        // Granted only to whom the provider has a signed request of (D83).
        await attach(core, index, 'nuove_credenziali')
        const told = await ask(core, 'caselle.azione', { casellaId, azione: 'activation_data' })
        if (told.ok) accepted(told.data.operationId, { kind: 'casella.azione', lane, fields: {} })
        return
      }
      case 'casella.delete': {
        const shown = await ask(core, 'caselle.get', { id: casellaId })
        if (!shown.ok) return
        const told = await ask(core, 'caselle.remove', { id: casellaId, seen: {} })
        if (!told.ok) return
        accepted(told.data.operationId, {
          kind: 'casella.delete',
          lane,
          fields: {},
          known: seenIn(shown.data.values, ['quotaMb', 'comunicazioniEmail']),
          removes: `/caselle/${casella.serverId ?? casellaId}`,
        })
      }
    }
  }

  const phone = (): string => `0971 ${100_000 + unique()}`
  const street = (): string => `Via Pretoria ${unique()}`
  /** A row that is only here has no path yet; it is known from its creation. */
  async function meetSent(path: string): Promise<void> {
    if (!path.includes('local:')) await meet(path)
  }

  async function colleagueActs(index: number, what: ColleagueAct): Promise<void> {
    const id = subject(index)?.serverId ?? null
    if (id === null) return
    await inTurn(async () => {
      const write = other().write
      const change = async (path: string, changes: object): Promise<void> => {
        record.change(path, (await write('PATCH', path, changes)) ?? {})
      }
      const remove = async (path: string): Promise<void> => {
        await write('DELETE', path)
        record.gone(path)
      }
      const casella = await other().casella(id)
      switch (what) {
        case 'titolare.telefono':
          return change(`/titolari/${casella.titolareId}`, { telefono: phone() })
        case 'titolare.fusione': {
          const ids = around(index).flatMap(({ serverId }) => serverId ?? [])
          const holders = await Promise.all(ids.map(async (each) => (await other().casella(each)).titolareId))
          const goes = holders.find((each) => each !== casella.titolareId)
          if (goes === undefined) return
          const { version } = await other().row(`/titolari/${goes}`)
          const path = `/titolari/${casella.titolareId}`
          const assorbiti = [{ id: goes, version }]
          record.change(path, await other().merge(path, { assorbiti, campi: {} }))
          record.gone(`/titolari/${goes}`)
          return
        }
        case 'indirizzo.update':
        case 'indirizzo.delete': {
          const row = (await rowsAt(other(), indirizziPath(casella.titolareId))).at(-1)
          if (row === undefined) return
          const path = `/indirizzi/${row.id}`
          return what === 'indirizzo.delete' ? remove(path) : change(path, { via: street() })
        }
        case 'nota.create': {
          const made = Identified.parse(
            await write('POST', '/note', { casellaId: id, testo: `Del collega ${unique()}` }),
          )
          record.know(`/note/${made.id}`, made)
          return
        }
        case 'nota.update':
        case 'nota.delete': {
          const row = (await rowsAt(other(), notePath(id))).at(-1)
          if (row === undefined) return
          const path = `/note/${row.id}`
          return what === 'nota.delete' ? remove(path) : change(path, { testo: `Del collega ${unique()}` })
        }
        case 'impostazioni.indirizzi':
        case 'impostazioni.mittenti': {
          if (casella.ciclo === 'eliminata') return
          const path = `/caselle/${id}/impostazioni`
          const { conservazione, nonCertificata, notifica } = await other().row(path)
          const listed = [`collega${unique()}@posta.example`]
          const changed = what === 'impostazioni.indirizzi' ? { indirizzi: listed } : { mittenti: listed }
          const put = { conservazione, nonCertificata, notifica: { ...z.looseObject({}).parse(notifica), ...changed } }
          record.know(path, (await write('PUT', path, put)) ?? {})
        }
      }
    })
  }

  return {
    act,
    attach,
    colleagueActs,
    segnalazioni: segnalazioni as readonly string[],
    /** Holders that were to pass into another. */
    merged: merged as readonly string[],
  }
}
