import type { NotaRow } from '../../src-main/contract/registro.ts'

/** What is being written of notes: a new one, and the one that is being changed. It stays while other tabs are looked at. */
export interface NotaEdit {
  nuova: string
  cambiata: { id: string; prima: string; testo: string } | null
}

export const noNota = (): NotaEdit => ({ nuova: '', cambiata: null })
export const notaEditOf = ({ id, testo }: NotaRow): NotaEdit['cambiata'] => ({ id, prima: testo, testo })

/** Whether something would be lost. */
export function isNotaDirty({ nuova, cambiata }: NotaEdit): boolean {
  return nuova.trim() !== '' || (cambiata !== null && cambiata.testo !== cambiata.prima)
}
