import { CasellaSort, type CasellaRow } from '../../src-main/contract/casella.ts'

/** The columns that the list can show (D34-D36, D43), each also an order; the address is always there. */
export const columnWidths = {
  indirizzo: 'minmax(190px, 2.6fr)',
  denominazione: 'minmax(130px, 1.4fr)',
  dominio: 'minmax(130px, 1fr)',
  titolare: 'minmax(104px, 1fr)',
  codiceFiscale: '168px',
  comunicazioniEmail: 'minmax(150px, 1.4fr)',
  stato: '160px',
  attiva: '74px',
  eliminata: '88px',
  sospesa: '84px',
  contratto: '88px',
  richiesta: '100px',
  tipologia: '130px',
  usatoMb: '120px',
  inserita: '94px',
  scadenza: '94px',
  assistente: 'minmax(130px, 1fr)',
  passwordScadeIl: '104px',
  id: '120px',
} as const satisfies Record<CasellaSort, string>
export type ColumnKey = keyof typeof columnWidths

export const columnKeys = Object.keys(columnWidths) as ColumnKey[]
export const defaultColumns: readonly ColumnKey[] = ['indirizzo', 'titolare', 'stato', 'usatoMb', 'scadenza']

/** The columns of a list of names, in their own order; the default for a list without any. */
export function columnsOf(names: readonly string[]): ColumnKey[] {
  const known = columnKeys.filter((key) => key === 'indirizzo' || names.includes(key))
  return known.length === 1 && !names.includes('indirizzo') ? [...defaultColumns] : known
}

const keyOf = (operatorId: string): string => `sportello.caselle-colonne.${operatorId}`

/** As the operator left them on this machine. */
export function storedColumns(operatorId: string): ColumnKey[] {
  return columnsOf((localStorage.getItem(keyOf(operatorId)) ?? '').split(' '))
}

export function storeColumns(operatorId: string, columns: readonly ColumnKey[]): void {
  localStorage.setItem(keyOf(operatorId), columns.join(' '))
}

/** D34: what a row says of itself with yes or no. */
export function isYes(row: CasellaRow, key: 'attiva' | 'eliminata' | 'sospesa' | 'contratto'): boolean {
  switch (key) {
    case 'attiva':
      return row.stato === 'attiva'
    case 'eliminata':
      return row.stato === 'eliminata'
    case 'sospesa':
      return row.sospesa
    case 'contratto':
      return row.contratto
  }
}
