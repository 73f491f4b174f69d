import { z } from 'zod'

/**
 * Why the system keeps no secrets for this user now. `closed`: there is a keyring, and it does not answer or waits to be
 * unlocked. `none`: no keyring answers at all. `unprotected`: what there is would encipher under a key that everybody knows.
 */
export const ShutCustody = z.enum(['closed', 'none', 'unprotected'])
export type ShutCustody = z.infer<typeof ShutCustody>

/** Whether the system keeps secrets for this user now, or why not. */
export const CustodyState = z.enum(['open', ...ShutCustody.options])
export type CustodyState = z.infer<typeof CustodyState>

/**
 * What was found under a name. `absent` is said only by a custody that could look; `foreign`: something is there that this
 * machine's and this user's keyring does not open; `closed`: nobody can tell now, and waiting or unlocking may do.
 */
export const KeptSecret = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), secret: z.string() }),
  z.object({ kind: z.literal('absent') }),
  z.object({ kind: z.literal('foreign') }),
  z.object({ kind: z.literal('closed'), state: ShutCustody }),
])
export type KeptSecret = z.infer<typeof KeptSecret>

/** `exists`: something stands under the name, or may stand there, and was left as it is. */
export const Stored = z.enum(['stored', 'exists', 'failed'])
export type Stored = z.infer<typeof Stored>

/** Whose custody it is. A secret opens only where all three are the same. */
export const CustodyPlace = z.object({
  /** The machine's name. */
  machine: z.string(),
  /** Of the user's name only a hash: it says whether it is the same one. */
  user: z.string(),
  /** The window's safeStorage and the keyring of the other hosts do not know each other. */
  keeper: z.enum(['safe_storage', 'keyring']),
})
export type CustodyPlace = z.infer<typeof CustodyPlace>

/** In what the place that keeps a key differs from this one: machine, user, or which form of the program. */
export const CustodyDifference = z.enum(['machine', 'user', 'keeper'])
export type CustodyDifference = z.infer<typeof CustodyDifference>
