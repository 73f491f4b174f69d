import type { CaselleTarget } from '../../contract/casella-selection.ts'
import { CaselleFilter } from '../../contract/casella.ts'
import type { ModuloStampato } from '../../contract/modulo.ts'
import type { Core } from '../../core.ts'
import { CliError } from './cli-error.ts'
import { call } from './core-call.ts'
import { exitCodes } from './exit-code.ts'
import { exportSubject } from './export-subject.ts'
import type { FormArguments } from './form-arguments.ts'
import { wholeFile } from './whole-file.ts'

export interface WrittenForms {
  file: string
  forms: readonly ModuloStampato[]
  /** Deleted caselle, which take no request. */
  skipped: number
}

async function byAddress(core: Core, written: string): Promise<string> {
  const indirizzo = written.toLowerCase()
  const { rows } = await call(core, 'caselle.suggest', { search: indirizzo })
  const found = rows.find((row) => row.indirizzo.toLowerCase() === indirizzo)
  if (found === undefined)
    throw new CliError('not_found', `La casella ${written} non è nell'archivio.`, exitCodes.failed)
  return found.id
}

async function targetOf(core: Core, { caselle, search, filters }: FormArguments): Promise<CaselleTarget> {
  if (caselle.length > 0) {
    const ids = []
    for (const each of caselle) ids.push(await byAddress(core, each))
    return { ids: [...new Set(ids)] }
  }
  const known = {
    domini: (await call(core, 'domini.list', {})).rows,
    assistenti: (await call(core, 'assistenti.list', {})).rows,
  }
  const asked = { list: 'caselle', format: 'csv', out: '', search, filters, personal: false } as const
  const filter = CaselleFilter.parse(exportSubject(asked, known))
  const { total } = await call(core, 'caselle.list', { ...filter, offset: 0, limit: 1 })
  if (total === 0) throw new CliError('nothing_to_print', 'Nessuna casella corrisponde.', exitCodes.failed)
  return { filter, except: [], expected: total }
}

/**
 * Prints forms into one file, whole or absent, and answers their codes. Throws CliError: `not_found`, `form_not_offered`,
 * `casella_deleted`, `nothing_to_print`, `file_not_written`.
 */
export async function writeForms(core: Core, asked: FormArguments): Promise<WrittenForms> {
  const target = await targetOf(core, asked)
  const { jobId } = await call(core, 'moduli.begin', { kind: asked.kind, target, format: asked.format })
  return wholeFile(asked.out, async (write) => {
    const forms: ModuloStampato[] = []
    for (;;) {
      const part = await call(core, 'moduli.part', { jobId })
      await write(Buffer.from(part.base64, 'base64'))
      forms.push(...part.moduli)
      if (part.ended) return { file: asked.out, forms, skipped: part.skipped }
    }
  })
}
