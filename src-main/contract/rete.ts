import { z } from 'zod'

/** Under which name the custody has the credentials of a proxy. */
export const PROXY_SECRET = 'proxy'

/** What the custody holds of a proxy: never in the archive, an export, a log or a diagnostic package. */
export const KeptProxyCredentials = z.object({
  /** Scheme, name and port, and nothing else: `http://proxy.ente.example:8080`. */
  proxy: z.string(),
  user: z.string(),
  password: z.string(),
})
export type KeptProxyCredentials = z.infer<typeof KeptProxyCredentials>

/** How requests to the provider leave this computer. */
export const Rete = z.object({
  /** The provider that it is told of; null where none is known yet. */
  url: z.string().nullable(),
  proxy: z
    .object({
      address: z.string(),
      from: z.enum(['environment', 'system']),
      /** Whose credentials are sent: those in the address itself, those that a person gave here, or none. */
      credentials: z.enum(['none', 'environment', 'given']),
    })
    .nullable(),
  /** The address of the proxy cannot be read. */
  unreadable: z.boolean(),
  /** What was given here, for whichever proxy; the password never comes back. */
  given: z
    .object({ proxy: z.string(), user: z.string(), where: z.enum(['custody', 'memory']), refused: z.boolean() })
    .nullable(),
  /** Certificates of further authorities, from the administrators' file. */
  authorities: z.number().int(),
})
export type Rete = z.infer<typeof Rete>

const address = z.string().max(500).optional()

export const reteChannels = {
  /** In any phase; without `url`, of the provider that is worked with or proposed. */
  'rete.get': { request: z.object({ url: address }), response: Rete },
  /**
   * Tries the name and password with the proxy and keeps them when it takes them. `proxy`: the one that the person saw.
   * Throws `proxy_changed`, `proxy_unreachable`, `proxy_asks_nothing`, `proxy_method`, `proxy_credentials_wrong`.
   */
  'rete.keep': {
    request: z.object({
      url: address,
      proxy: z.string().max(300),
      // RFC 7617: a colon would end the name.
      user: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^:\p{Cc}]+$/u),
      password: z
        .string()
        .min(1)
        .max(200)
        .regex(/^\P{Cc}+$/u),
    }),
    response: Rete,
  },
  'rete.forget': { request: z.object({ url: address }), response: Rete },
  /** What a service at an address says of itself; null where it says nothing of the kind. */
  'rete.environment': {
    request: z.object({ url: z.string().max(500) }),
    response: z.object({ environment: z.enum(['prova', 'esercizio']).nullable() }),
  },
} as const
