import { z } from 'zod'

export const KEYRING_SERVICE = 'it.sportello-lra'

export const KeyringQuestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('load'), name: z.string() }),
  z.object({ kind: z.literal('store'), name: z.string(), secret: z.string() }),
  z.object({ kind: z.literal('remove'), name: z.string() }),
])
export type KeyringQuestion = z.infer<typeof KeyringQuestion>

/** The secret as the keyring holds it after the question. */
export const KeyringAnswer = z.object({ secret: z.string().nullable() })
export type KeyringAnswer = z.infer<typeof KeyringAnswer>
