import { TitolariSort } from '../../src-main/contract/titolare.ts'
import type { ListColumn } from '../components/list-columns.ts'

/** D21 and what else a row has, in the order in which they stand. */
export const titolariColumns = ['id', 'cognome', 'nome', 'codiceFiscale', 'ragioneSociale', 'email', 'caselle'] as const
export type TitolariColumn = (typeof titolariColumns)[number]

export const defaultColumns: readonly TitolariColumn[] = [
  'cognome',
  'nome',
  'codiceFiscale',
  'ragioneSociale',
  'caselle',
]
/** What the row cannot be told without, and what carries its marks. */
export const fixedColumn: TitolariColumn = 'cognome'
const keyOf = (operator: string): string => `sportello.titolari-colonne.${operator}`

const widths: Record<TitolariColumn, string> = {
  id: '110px',
  cognome: 'minmax(110px, 1.1fr)',
  nome: 'minmax(90px, 1fr)',
  codiceFiscale: '164px',
  ragioneSociale: 'minmax(120px, 1.4fr)',
  email: 'minmax(140px, 1.4fr)',
  caselle: '84px',
}

/** The columns that an operator shows on this machine. */
export function chosenColumns(operator: string): TitolariColumn[] {
  const stored = localStorage.getItem(keyOf(operator))
  const chosen: readonly string[] = stored === null ? defaultColumns : stored.split(',')
  return titolariColumns.filter((column) => column === fixedColumn || chosen.includes(column))
}

export function storeColumns(operator: string, columns: readonly TitolariColumn[]): void {
  localStorage.setItem(keyOf(operator), columns.join(','))
}

export function listColumns(
  columns: readonly TitolariColumn[],
  title: (column: TitolariColumn) => string,
): ListColumn[] {
  return columns.map((key) => ({
    key,
    title: title(key),
    width: widths[key],
    sortable: TitolariSort.safeParse(key).success,
    ...(key === 'caselle' ? { align: 'end' as const } : {}),
  }))
}
