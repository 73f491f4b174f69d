import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { DocumentoIdentita, Titolare, TipoEnte } from '../../provider-contract/titolare.ts'
import { addDays } from '../rules/life-rules.ts'
import { type Random, createRandom } from './random.ts'

const VALID_DAYS = 3650
/** Share of holders whose document has expired since, and of those without one where it is optional. */
const EXPIRED = 0.08
const WITHOUT = 0.4

const local = ['regione', 'provincia', 'comune', 'comunita_montana', 'asl', 'cciaa'] as const

function tipoEnteOf(random: Random, ragioneSociale: string | null): TipoEnte {
  return ragioneSociale?.startsWith('Consorzio') === true ? 'altro' : random.pick(local)
}

function documentoOf(random: Random, today: string): DocumentoIdentita {
  const isExpired = random.chance(EXPIRED)
  const age = isExpired ? random.int(VALID_DAYS + 1, VALID_DAYS + 700) : random.int(30, VALID_DAYS - 60)
  const rilasciato = addDays(today, -age)
  const tipo = random.pick(['carta_identita', 'carta_identita', 'carta_identita', 'passaporto', 'patente'] as const)
  const letters = `C${random.pick(['A', 'B', 'C'])}`
  return {
    tipo,
    numero: `${letters}${random.int(10_000, 99_999)}${random.pick(['AA', 'BC', 'DE'])}`,
    rilasciatoDa: tipo === 'passaporto' ? 'Questura di prova' : tipo === 'patente' ? 'MIT-UCO' : 'Comune di prova',
    rilasciato,
    scadenza: addDays(rilasciato, VALID_DAYS),
  }
}

/** What else is registered of a holder (D29, D61). By its own draw, so that the rows of a seed stay the same beside it. */
export function registeredOf(
  { id, tipologia }: Pick<Titolare, 'id' | 'tipologia'>,
  ragioneSociale: string | null,
  { seed, today, capabilities }: { seed: number; today: string; capabilities: Pick<Capabilities, 'documentoIdentita'> },
): Required<Pick<Titolare, 'tipoEnte' | 'documentoIdentita'>> {
  const random = createRandom(Math.imul(seed + 7, 0x45_d9_f3_b3) ^ Number(id.replace(/\D/g, '')))
  const tipoEnte = tipologia === 'pa_locale' ? tipoEnteOf(random, ragioneSociale) : null
  switch (capabilities.documentoIdentita) {
    case 'off':
      return { tipoEnte, documentoIdentita: null }
    case 'optional':
      return { tipoEnte, documentoIdentita: random.chance(WITHOUT) ? null : documentoOf(random, today) }
    case 'required':
      return { tipoEnte, documentoIdentita: documentoOf(random, today) }
  }
}
