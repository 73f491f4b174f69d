import { createHash } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type { ExportedFile } from '../contract/archive.ts'
import type { CasellaDetail } from '../contract/casella.ts'
import { clientServices } from '../contract/client-parameters.ts'
import type { ModuloKind, ModuloMatch, ModuloRow } from '../contract/modulo.ts'
import type { TitolareDetail } from '../contract/titolare.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Estratto } from '../provider-contract/richiesta.ts'
import { newFormCode, readFormCode } from './form-code.ts'
import { formFacts } from './form-values.ts'
import { everyForm, offeredForms } from './forms/every-form.ts'
import type { Modulo, ModuloStore } from './modulo-store.ts'
import type { PrintedForm } from './render-form.ts'

/** A form with its data, and what is recorded of it once its file is whole. */
export interface PreparedForm extends PrintedForm {
  record: Omit<Modulo, 'sha256'>
  fileName: string
}

export interface ModuloCommands {
  /** What the provider takes, for any casella. */
  offered(): ModuloKind[]
  /** Throws CommandError `not_found`, `casella_deleted`, `form_not_offered`. */
  print(kind: ModuloKind, casellaId: string): Promise<ExportedFile>
  list(casellaId: string): ModuloRow[]
  /** What a code stands for, as read by a person or a machine; null for none that was printed here. */
  match(code: string): ModuloMatch | null
  /** The form that a code stands for; of a casella that has its own id by now, that. */
  find(code: string): Modulo | undefined
  /** A signed copy came back. */
  returned(code: string): void
  /** The data of one form, not recorded yet. Throws like `print`. */
  prepare(kind: ModuloKind, casellaId: string): Promise<PreparedForm>
  record(moduli: readonly Modulo[]): void
}

export interface ModuloPorts {
  store: ModuloStore
  /** As the screens show it; throws CommandError `not_found`. */
  casella(id: string): CasellaDetail
  /** Undefined for a holder that the archive does not have. */
  titolare(id: string): TitolareDetail | undefined
  /** What a codice fiscale tells of a birth. */
  nascita(codiceFiscale: string): Promise<{ comune: string; provincia: string; data: string | null } | null>
  /** The extract of logs that was asked last for a casella and is not concluded. */
  estratto(casellaId: string): Estratto | undefined
  capabilities(): Capabilities
  ente(): string
  /** The name of who is signed in; throws CommandError `not_signed_in`. */
  operator(): string
  /** ISO 8601. */
  now(): string
  /** Of a casella that was made here, once the provider has it. */
  serverIdOf(localId: string): string | undefined
  changed(casellaId: string): void
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The forms of an office: what is printed, and what of it came back. */
export function moduloCommands(ports: ModuloPorts): ModuloCommands {
  const { store } = ports

  const rowOf = ({ code, kind, casellaId, operator, madeAt, returnedAt }: Modulo): ModuloRow => ({
    code,
    kind,
    casellaId,
    operator,
    madeAt,
    returnedAt,
    comesBack: everyForm[kind].returnsAs !== null,
  })

  async function prepare(kind: ModuloKind, casellaId: string): Promise<PreparedForm> {
    const definition = everyForm[kind]
    const capabilities = ports.capabilities()
    if (!definition.offered(capabilities)) throw new CommandError('form_not_offered', kind)
    const detail = ports.casella(casellaId)
    // The logs outlive the casella (D119).
    if (detail.stato === 'eliminata' && kind !== 'estratto_log')
      throw new CommandError('casella_deleted', 'it takes no request (D68)')
    const holder = ports.titolare(detail.titolareId)
    const code = newFormCode()
    return {
      definition,
      code,
      facts: formFacts({
        casella: detail.values,
        titolare: holder?.titolare,
        // Those that it was registered with, else the first (D51).
        indirizzo: holder?.indirizzi.find(({ id }) => id === detail.values.indirizzoId) ?? holder?.indirizzi[0],
        attivita: holder?.attivita.find(({ id }) => id === detail.values.attivitaId) ?? holder?.attivita[0],
        nascita: await ports.nascita(holder?.titolare.codiceFiscale ?? ''),
        capabilities,
        ente: ports.ente(),
        estratto: kind === 'estratto_log' ? ports.estratto(detail.id) : undefined,
        servers: clientServices(capabilities.profile),
      }),
      record: {
        code,
        kind,
        casellaId: detail.id,
        titolareId: detail.titolareId,
        operator: ports.operator(),
        madeAt: ports.now(),
        returnedAt: null,
      },
      fileName: `${definition.fileName}-${detail.indirizzo.replaceAll(/[^a-z0-9._-]/gi, '-')}.pdf`,
    }
  }

  function find(text: string): Modulo | undefined {
    const code = readFormCode(text)
    const modulo = code === null ? undefined : store.byCode(code)
    return modulo === undefined
      ? undefined
      : { ...modulo, casellaId: ports.serverIdOf(modulo.casellaId) ?? modulo.casellaId }
  }

  function record(moduli: readonly Modulo[]): void {
    store.insert(moduli)
    for (const { casellaId } of moduli) ports.changed(casellaId)
  }

  return {
    offered: () => offeredForms(ports.capabilities()),
    prepare,
    record,
    print: async (kind, casellaId) => {
      const form = await prepare(kind, casellaId)
      const { renderForm } = await import('./render-form.ts')
      const bytes = await renderForm(form, new Date(form.record.madeAt))
      // Known before it can be signed: what comes back is always found.
      record([{ ...form.record, sha256: sha256Of(bytes) }])
      return {
        nomeFile: form.fileName,
        mime: 'application/pdf',
        base64: Buffer.from(bytes).toString('base64'),
        count: 1,
      }
    },
    list: (casellaId) => store.ofCasella(ports.casella(casellaId).id).map(rowOf),
    find,
    match: (text) => {
      const modulo = find(text)
      if (modulo === undefined) return null
      return { ...rowOf(modulo), titolareId: modulo.titolareId, indirizzo: ports.casella(modulo.casellaId).indirizzo }
    },
    returned: (code) => {
      const modulo = store.byCode(code)
      if (modulo !== undefined && store.markReturned(code, ports.now())) ports.changed(modulo.casellaId)
    },
  }
}
