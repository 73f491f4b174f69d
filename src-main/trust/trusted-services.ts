import { z } from 'zod'

const KeyUsageBit = z.object({ name: z.string(), value: z.boolean() })

/** What a certificate has to have for qualifiers to hold (ETSI TS 119 612, 5.5.9.2.2). */
export interface Criteria {
  assert: 'all' | 'atLeastOne' | 'none'
  keyUsages: { name: string; value: boolean }[][]
  policySets: string[][]
  extendedKeyUsages: string[][]
  subjectAttributes: string[][]
  lists: Criteria[]
  /** Something is asked that is not known here: it is never met. */
  unknown: boolean
}
const Criteria: z.ZodType<Criteria> = z.lazy(() =>
  z.object({
    assert: z.enum(['all', 'atLeastOne', 'none']),
    keyUsages: z.array(z.array(KeyUsageBit)),
    policySets: z.array(z.array(z.string())),
    extendedKeyUsages: z.array(z.array(z.string())),
    subjectAttributes: z.array(z.array(z.string())),
    lists: z.array(Criteria),
    unknown: z.boolean(),
  }),
)

/** What the list said of a service from a moment on. */
export const ServicePeriod = z.object({
  /** Milliseconds since the epoch. */
  from: z.number(),
  /** The last part of the type's URI: `CA/QC`, `TSA/QTST`, `CA/PKC`. */
  type: z.string(),
  /** The last part of the status's URI: `granted`, `withdrawn`, `accredited`. */
  status: z.string(),
  /** What its certificates are for (additional service information); empty: not said, as before eIDAS. */
  purposes: z.array(z.enum(['signature', 'seal', 'web'])),
  qualifications: z.array(z.object({ qualifiers: z.array(z.string()), criteria: Criteria })),
  /** False: a critical extension that is not known here, so that nobody may rely on it. */
  usable: z.boolean(),
  /** Milliseconds: certificates that expired from then on are still told of when they are revoked; null: not promised. */
  expiredKnownSince: z.number().nullable(),
})
export type ServicePeriod = z.infer<typeof ServicePeriod>

export const TrustService = z.object({
  provider: z.string(),
  name: z.string(),
  /** Base64 of DER: who issues what the service issues, or is the service itself. */
  certificates: z.array(z.string()),
  /** The newest first. */
  periods: z.array(ServicePeriod),
})
export type TrustService = z.infer<typeof TrustService>

const ListHead = z.object({
  territory: z.string(),
  sequence: z.number().int(),
  /** ISO 8601. */
  issued: z.string(),
  nextUpdate: z.string().nullable(),
  url: z.string(),
  /** Lower case hex of the file as it came. */
  sha256: z.string(),
  /** Of the answer that brought it, for the next question. */
  etag: z.string().nullable(),
  modified: z.string().nullable(),
})
/** SHA-256 of a key, lower case hex. */
const Signer = z.object({ spkiSha256: z.string() })

/** The lists that were accepted last, as far as a judgement needs them. */
export const TrustLists = z.object({
  version: z.literal(1),
  /** ISO 8601: when all of them were last confirmed to be the newest; null: never. */
  checkedAt: z.string().nullable(),
  listOfLists: ListHead.extend({
    /** Who may sign the next (its pointer to itself). */
    signers: z.array(Signer),
  }),
  lists: z.array(ListHead.extend({ signers: z.array(Signer), services: z.array(TrustService) })),
})
export type TrustLists = z.infer<typeof TrustLists>
export type TrustedList = TrustLists['lists'][number]
