import { ALLEGATO_PART_BYTES, MOST_ALLEGATO_BYTES, type AllegatoDeposito } from '../../src-main/contract/registro.ts'
import { call, CommandError } from '../bridge/bridge.ts'

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Hands a file to the core's deposit, part by part; it stays here until it is sent. Throws CommandError. */
export async function depositAllegato(file: File): Promise<AllegatoDeposito> {
  if (file.size > MOST_ALLEGATO_BYTES)
    throw new CommandError('file_too_large', 'too large to be attached', { maxBytes: MOST_ALLEGATO_BYTES })
  const caricamento = crypto.randomUUID()
  const nomeFile = file.name === '' ? 'allegato' : file.name.slice(-255)
  for (let da = 0; ; da += ALLEGATO_PART_BYTES) {
    const part = new Uint8Array(await file.slice(da, da + ALLEGATO_PART_BYTES).arrayBuffer())
    const fine = da + ALLEGATO_PART_BYTES >= file.size
    const { allegato } = await call('segnalazioni.allega', {
      caricamento,
      nomeFile,
      da,
      base64: base64Of(part),
      fine,
    })
    if (allegato !== null) return allegato
    if (fine) throw new CommandError('internal', 'the deposit has not answered the file', {})
  }
}
