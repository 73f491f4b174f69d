import { z } from 'zod'

/** What an administrator may forbid on a machine. Which commands each means is `policy/forbidden-channels.ts`. */
export const FunzioneVietabile = z.enum([
  /** The gestore di prova that is part of the program. */
  'prova',
  /** Lists, reports, calendars and registers as files. */
  'esportazione',
  /** Everything that is held of one person, as a file. */
  'copiaDati',
  /** One action on many caselle, and many new ones at once. */
  'modificheMultiple',
  /** The diagnostic package. */
  'diagnostica',
  /** The archive's key on paper. */
  'chiaveRecupero',
  /** A name and a password for the office's proxy, kept by the program. */
  'credenzialiProxy',
])
export type FunzioneVietabile = z.infer<typeof FunzioneVietabile>

export const CanaleAggiornamenti = z.enum(['stabile', 'anteprima'])
export type CanaleAggiornamenti = z.infer<typeof CanaleAggiornamenti>

/** https, or http of this machine: the same rule as for a provider's address. */
const address = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text)
    return (
      url !== null &&
      (url.protocol === 'https:' ||
        (url.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))) &&
      url.username === '' &&
      url.password === '' &&
      url.search === '' &&
      url.hash === ''
    )
  })

/** A whole path of Windows or of the other systems: a relative one would depend on who starts the program. */
const wholePath = z
  .string()
  .max(1000)
  .regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\p{Cc}]+$/u)

/** The file as an administrator writes it. Strict: a word that is not known may be a prohibition misspelt. */
export const PolicyFile = z.strictObject({
  version: z.literal(1),
  providerUrl: address.optional(),
  updates: z
    .strictObject({
      allowed: z.boolean().optional(),
      channel: CanaleAggiornamenti.optional(),
      url: address.optional(),
    })
    .optional(),
  forbidden: z.array(FunzioneVietabile).max(50).optional(),
  /** A PEM file with certificates of authorities that may vouch for servers. */
  authorities: wholePath.optional(),
})

export const PolicyProblem = z.object({
  kind: z.enum(['unreadable', 'too_large', 'unprotected', 'not_json', 'wrong_value', 'unknown_word']),
  /** The place in the file (`updates.channel`), or the word that is not known; empty for the whole. */
  where: z.string(),
})
export type PolicyProblem = z.infer<typeof PolicyProblem>

/** Why nothing was taken of the file of authorities. `unprotected`: others than its owner may write it. */
export const AuthoritiesProblem = z.enum([
  'absent',
  'unreadable',
  'too_large',
  'unprotected',
  'no_certificate',
  'wrong_certificate',
])
export type AuthoritiesProblem = z.infer<typeof AuthoritiesProblem>

/** What holds on this machine. */
export const Policy = z.object({
  /** Where the file is looked for. */
  path: z.string(),
  state: z.enum(['absent', 'applied', 'broken']),
  problem: PolicyProblem.nullable(),
  /** The only provider that may be worked with; null: any. */
  providerUrl: z.string().nullable(),
  updates: z.object({ allowed: z.boolean(), channel: CanaleAggiornamenti, url: z.string().nullable() }),
  forbidden: z.array(FunzioneVietabile),
  /** The file of further authorities; null: none is named. */
  authorities: z
    .object({ path: z.string(), count: z.number().int(), problem: AuthoritiesProblem.nullable() })
    .nullable(),
})
export type Policy = z.infer<typeof Policy>

/** A machine that nobody administers. */
export function absentPolicy(path: string): Policy {
  return {
    path,
    state: 'absent',
    problem: null,
    providerUrl: null,
    updates: { allowed: true, channel: 'stabile', url: null },
    forbidden: [],
    authorities: null,
  }
}

/**
 * What holds where the file cannot be made out: everything that it could have forbidden is forbidden, nothing is updated,
 * and nobody signs in to another provider than before. The offices go on working in their archive meanwhile: one that
 * stands still for a comma would be worse, and one that works as if nothing were forbidden worse still.
 */
export function brokenPolicy(path: string, problem: PolicyProblem): Policy {
  return {
    path,
    state: 'broken',
    problem,
    providerUrl: null,
    updates: { allowed: false, channel: 'stabile', url: null },
    forbidden: [...FunzioneVietabile.options],
    authorities: null,
  }
}

/** Reads the text of a policy file; what it does not understand makes a broken policy, never a laxer one. */
export function parsePolicy(path: string, text: string): Policy {
  let value: unknown
  try {
    // Editors of Windows write a mark of their own first.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return brokenPolicy(path, { kind: 'not_json', where: '' })
  }
  const parsed = PolicyFile.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.join('.') ?? ''
    if (issue?.code !== 'unrecognized_keys') return brokenPolicy(path, { kind: 'wrong_value', where })
    const [word = ''] = issue.keys
    // A word of any length would end on a screen.
    return brokenPolicy(path, { kind: 'unknown_word', where: [where, word.slice(0, 60)].filter(Boolean).join('.') })
  }
  const { providerUrl, updates, forbidden, authorities } = parsed.data
  return {
    path,
    state: 'applied',
    problem: null,
    providerUrl: providerUrl ?? null,
    updates: {
      allowed: updates?.allowed ?? true,
      channel: updates?.channel ?? 'stabile',
      url: updates?.url ?? null,
    },
    forbidden: [...new Set(forbidden)],
    // Read by the host: `problem` and `count` follow.
    authorities: authorities === undefined ? null : { path: authorities, count: 0, problem: null },
  }
}

export const policyChannels = {
  /** In any phase. It is read once, at the start. */
  'policy.get': { request: z.object({}), response: Policy },
} as const
