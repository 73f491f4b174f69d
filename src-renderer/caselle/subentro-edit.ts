import type { TitolareRow } from '../../src-main/contract/titolare.ts'

/** What is being written of a change of holder (D71). It stays while other tabs are looked at. */
export interface SubentroEdit {
  titolare: TitolareRow | null
  email: string
}

export const noSubentro = (): SubentroEdit => ({ titolare: null, email: '' })
export const isSubentroDirty = ({ titolare, email }: SubentroEdit): boolean => titolare !== null || email.trim() !== ''
