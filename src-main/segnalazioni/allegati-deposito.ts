import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { CommandError } from '../command-error.ts'
import type { ExportedFile } from '../contract/archive.ts'
import { MOST_ALLEGATO_BYTES, type AllegatoDeposito, type AllegatoPart } from '../contract/registro.ts'
import type { Deposit } from '../documenti/deposit.ts'
import type { AnyDepositedFile } from '../documenti/deposited-file.ts'
import type { Messaggio } from '../provider-contract/segnalazione.ts'
import { errorOfWire } from '../provider/login-error.ts'
import type { ProviderSession } from '../provider/provider-session.ts'

/** How many files may be on their way in at once; the oldest that was left unfinished makes room. */
const MOST_UNDER_WAY = 5

/** Files that go with a segnalazione, on their way in and out (D106). */
export interface AllegatiDeposito {
  /**
   * Answers the deposited file with its last part, null before. Throws CommandError `file_too_large`, `file_empty`,
   * `file_is_program`, and `not_found` for a part that does not follow the one before.
   */
  take(part: AllegatoPart): Promise<AllegatoDeposito | null>
  /** Throws CommandError `deposito_not_found` for one that is not there, or queued before. */
  chosen(depositoId: string): AnyDepositedFile
  assign(depositoId: string, segnalazioneId: string): void
  /** Of these those that can be chosen still. */
  waiting(depositoIds: readonly string[]): AllegatoDeposito[]
  /** Throws CommandError `not_found`, `file_changed` for bytes that are not those which were sent, or why the provider cannot be asked. */
  download(messaggioId: string, allegatoId: string): Promise<ExportedFile>
}

export function allegatiDeposito(dependencies: {
  deposit: Deposit
  documenti: {
    anyDeposito(id: string): AnyDepositedFile | undefined
    assignDeposito(id: string, owner: string): void
  }
  session: ProviderSession
  messaggio(id: string): Messaggio | undefined
  /** ISO 8601. */
  now(): string
}): AllegatiDeposito {
  const { deposit, documenti, session } = dependencies
  const underWay = new Map<string, { parts: Buffer[]; bytes: number }>()

  return {
    take: async ({ caricamento, nomeFile, da, base64, fine }) => {
      const known = underWay.get(caricamento) ?? { parts: [], bytes: 0 }
      if (known.bytes !== da) throw new CommandError('not_found', 'the part before it is not there')
      const part = Buffer.from(base64, 'base64')
      const next = { parts: [...known.parts, part], bytes: known.bytes + part.byteLength }
      underWay.delete(caricamento)
      if (next.bytes > MOST_ALLEGATO_BYTES)
        throw new CommandError('file_too_large', 'too large to be attached', { maxBytes: MOST_ALLEGATO_BYTES })
      if (!fine) {
        underWay.set(caricamento, next)
        const [oldest] = underWay.keys()
        if (underWay.size > MOST_UNDER_WAY && oldest !== undefined) underWay.delete(oldest)
        return null
      }
      const file = await deposit.putAny(nomeFile, Readable.from(next.parts), MOST_ALLEGATO_BYTES, dependencies.now())
      return { depositoId: file.id, nomeFile: file.nomeFile, bytes: file.bytes }
    },
    chosen: (depositoId) => {
      const file = documenti.anyDeposito(depositoId)
      if (file === undefined || file.casellaId !== null)
        throw new CommandError('deposito_not_found', 'not deposited, or queued before')
      return file
    },
    assign: (depositoId, segnalazioneId) => {
      documenti.assignDeposito(depositoId, `segnalazione:${segnalazioneId}`)
    },
    waiting: (depositoIds) =>
      depositoIds.flatMap((id) => {
        const file = documenti.anyDeposito(id)
        return file === undefined || file.casellaId !== null
          ? []
          : [{ depositoId: id, nomeFile: file.nomeFile, bytes: file.bytes }]
      }),
    download: async (messaggioId, allegatoId) => {
      const allegato = dependencies.messaggio(messaggioId)?.allegati.find(({ id }) => id === allegatoId)
      if (allegato === undefined) throw new CommandError('not_found', 'no such file')
      const path = `/messaggi/${encodeURIComponent(messaggioId)}/allegati/${encodeURIComponent(allegatoId)}`
      const answer = await session.stream({ method: 'GET', path, streamed: ['application/octet-stream'] })
      if (answer.kind !== 'stream') throw errorOfWire(answer)
      const parts: Buffer[] = []
      let bytes = 0
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.byteLength
        if (bytes > allegato.bytes) break
        parts.push(chunk)
      }
      const whole = Buffer.concat(parts)
      if (createHash('sha256').update(whole).digest('hex') !== allegato.sha256)
        throw new CommandError('file_changed', 'the bytes are not those that were sent')
      const { nomeFile } = allegato
      return { nomeFile, mime: 'application/octet-stream', base64: whole.toString('base64'), count: 1 }
    },
  }
}
