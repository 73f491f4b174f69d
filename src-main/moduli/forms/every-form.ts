import type { VoceChecklist } from '../../contract/documento.ts'
import type { ModuloKind } from '../../contract/modulo.ts'
import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { FormDefinition } from '../form.ts'
import { adesione } from './adesione.ts'
import { cessazione } from './cessazione.ts'
import { delega } from './delega.ts'
import { estrattoLog } from './estratto-log.ts'
import { nuoveCredenziali } from './nuove-credenziali.ts'
import { parametriClient } from './parametri-client.ts'
import { subentro } from './subentro.ts'
import { variazione } from './variazione.ts'

export const everyForm: Readonly<Record<ModuloKind, FormDefinition>> = {
  adesione,
  nuove_credenziali: nuoveCredenziali,
  subentro,
  cessazione,
  variazione,
  delega,
  estratto_log: estrattoLog,
  parametri_client: parametriClient,
}

/** The forms that a provider with this profile takes, in the order of a casella's life. */
export function offeredForms(capabilities: Capabilities): ModuloKind[] {
  return Object.values(everyForm)
    .filter((form) => form.offered(capabilities))
    .map(({ kind }) => kind)
}

/** The forms whose signed copy a casella is waited for; pure. */
export function wantedForms(
  offered: readonly ModuloKind[],
  checklist: readonly Pick<VoceChecklist, 'tipo' | 'manca'>[],
): ModuloKind[] {
  return checklist.flatMap(({ tipo, manca }) =>
    manca ? offered.filter((kind) => everyForm[kind].returnsAs === tipo) : [],
  )
}
