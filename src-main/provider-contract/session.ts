import { z } from 'zod'
import { Email, Id, Instant, ShortText } from './scalar.ts'

export const Ruolo = z.enum(['assistente', 'ente', 'aggregatore', 'sola_lettura'])
export type Ruolo = z.infer<typeof Ruolo>

export const SessionRequest = z
  .strictObject({
    user: z.string().min(1).max(100),
    password: z.string().min(1).max(200),
    totp: z.string().max(10).optional(),
  })
  .meta({ id: 'SessionRequest' })

export const RefreshRequest = z
  .strictObject({ refreshToken: z.string().min(1).max(500) })
  .meta({ id: 'RefreshRequest' })

export const Operatore = z
  .object({
    id: Id,
    user: z.string(),
    nome: ShortText,
    ruolo: Ruolo,
    /** The figure of the panels' header (D11). */
    comunicazioniEmail: Email.nullable(),
    /** Ten digits for an assistente (D5). */
    codiceAssistente: z
      .string()
      .regex(/^\d{10}$/)
      .nullable(),
  })
  .meta({ id: 'Operatore' })
export type Operatore = z.infer<typeof Operatore>

/** What the operator sees: two operators with the same `scope.id` see the same rows and may share a cache. */
export const Scope = z.object({ id: Id, enteId: Id, ente: ShortText }).meta({ id: 'Scope' })
export type Scope = z.infer<typeof Scope>

export const Session = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresAt: Instant,
    operatore: Operatore,
    scope: Scope,
    provider: z.object({
      /** The same for the life of the provider's installation, whatever its address. */
      id: Id,
      nome: ShortText,
      /** `prova`: a provider of generated data, where nothing is real. */
      environment: z.enum(['prova', 'esercizio']),
    }),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>
