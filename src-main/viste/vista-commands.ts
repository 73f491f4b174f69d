import type { Vista } from '../contract/vista.ts'
import { salvatiCommands, type SalvatiCommands } from '../salvati/salvati-commands.ts'
import type { SalvatiStore } from '../salvati/salvati-store.ts'

export type VistaCommands = SalvatiCommands<Vista>

export function vistaCommands(store: SalvatiStore<Vista>, operator: () => string | null): VistaCommands {
  return salvatiCommands(store, operator, { most: 20, reservedNames: [] })
}
