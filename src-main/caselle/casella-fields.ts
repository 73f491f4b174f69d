import type { Fields } from '../outbox/operation.ts'
import { CasellaPatch, type Casella } from '../provider-contract/casella.ts'

/** The fields that operators change, and nothing else, as the rebase compares them. */
export function editableFields(casella: Casella): Fields {
  return {
    comunicazioniEmail: casella.comunicazioniEmail,
    quotaMb: casella.quotaMb,
    softLimitMb: casella.softLimitMb,
    disabilitata: casella.disabilitata,
    tipologia: casella.tipologia,
  }
}

/** The casella with changed values set in; fields that do not fit the contract are left as they were. */
export function withFields(casella: Casella, fields: Fields): Casella {
  const patch = CasellaPatch.safeParse(fields)
  if (!patch.success) return casella
  const { comunicazioniEmail, quotaMb, softLimitMb, disabilitata, tipologia } = patch.data
  return {
    ...casella,
    ...(comunicazioniEmail === undefined ? {} : { comunicazioniEmail }),
    ...(quotaMb === undefined ? {} : { quotaMb }),
    ...(softLimitMb === undefined ? {} : { softLimitMb }),
    ...(disabilitata === undefined ? {} : { disabilitata }),
    ...(tipologia === undefined ? {} : { tipologia }),
  }
}
