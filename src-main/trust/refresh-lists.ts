import { createHash } from 'node:crypto'
import { verifyListOfLists } from './list-of-lists.ts'
import { ListRefused } from './list-refused.ts'
import { MAX_LIST_BYTES, verifyListSignature, type ExpectedSigner } from './list-signature.ts'
import type { PublicFetch } from './public-fetch.ts'
import type { RefreshOutcome } from './refresh-messages.ts'
import { schemeInformation, servicesOf, type SchemeInformation } from './trusted-list.ts'
import type { TrustedList, TrustLists } from './trusted-services.ts'

const LIST_TIMEOUT_MS = 60_000
const DIGEST_TIMEOUT_MS = 15_000

type Head = Omit<TrustedList, 'signers' | 'services'>

/** Where trust begins: the list of lists and who may sign it, and the country whose list is kept. */
export interface TrustRoots {
  listOfListsUrl: string
  /** Published in the Official Journal of the Union. */
  journal: readonly ExpectedSigner[]
  territory: string
}

interface Fetched {
  bytes: Uint8Array
  sha256: string
  etag: string | null
  modified: string | null
}

/** The digest that ETSI TS 119 612, 6.1, lets stand beside a list: as bytes, or in hex. */
function publishedDigest(body: Uint8Array): string | null {
  if (body.length === 32) return Buffer.from(body).toString('hex')
  return /^\s*([0-9a-f]{64})\b/i.exec(Buffer.from(body).toString('latin1'))?.[1]?.toLowerCase() ?? null
}

async function download(fetch: PublicFetch, url: string, signal?: AbortSignal, known?: Head): Promise<Fetched | null> {
  const options = signal === undefined ? {} : { signal }
  if (known?.url === url && url.endsWith('.xml')) {
    const answer = await fetch(url.replace(/\.xml$/, '.sha2'), {
      ...options,
      maxBytes: 1024,
      timeoutMs: DIGEST_TIMEOUT_MS,
    }).catch((cause: unknown) => {
      // Not every list has one; whether anybody answers at all is seen next.
      if (cause instanceof ListRefused) return null
      throw cause
    })
    if (answer?.status === 200 && publishedDigest(answer.body) === known.sha256) return null
  }
  const conditions = {
    ...(known?.url === url && known.etag !== null ? { 'if-none-match': known.etag } : {}),
    ...(known?.url === url && known.modified !== null ? { 'if-modified-since': known.modified } : {}),
  }
  const answer = await fetch(url, {
    ...options,
    maxBytes: MAX_LIST_BYTES,
    timeoutMs: LIST_TIMEOUT_MS,
    headers: conditions,
  })
  if (answer.status === 304 && known !== undefined) return null
  if (answer.status !== 200) throw new ListRefused('answer_wrong', `status ${answer.status}`)
  const sha256 = createHash('sha256').update(answer.body).digest('hex')
  if (sha256 === known?.sha256) return null
  return {
    bytes: answer.body,
    sha256,
    etag: answer.headers['etag'] ?? null,
    modified: answer.headers['last-modified'] ?? null,
  }
}

function headOf(scheme: SchemeInformation, url: string, { sha256, etag, modified }: Fetched): Head {
  const { territory, sequence, issued, nextUpdate } = scheme
  return { territory, sequence, issued, nextUpdate, url, sha256, etag, modified }
}

/** A list replaces only one that is older. Throws ListRefused. */
function checkSequence(scheme: SchemeInformation, known: Head | undefined): void {
  if (known !== undefined && scheme.sequence <= known.sequence)
    throw new ListRefused('older_sequence', `sequence ${scheme.sequence} after ${known.sequence}`)
}

async function refreshed<T>(list: string, work: () => Promise<T>): Promise<{ done: T } | RefreshOutcome['trouble']> {
  try {
    return { done: await work() }
  } catch (cause) {
    if (!(cause instanceof ListRefused)) throw cause
    return { list, reason: cause.reason }
  }
}

/**
 * Renews the list of lists and the country's, each only by a newer one that its signer has signed; what cannot be renewed
 * stays as it was. Rejects only for defects of the program.
 */
export async function refreshLists(
  known: TrustLists | null,
  roots: TrustRoots,
  { fetch, now, signal }: { fetch: PublicFetch; now: Date; signal?: AbortSignal },
): Promise<RefreshOutcome> {
  const { listOfListsUrl, journal, territory } = roots
  const knownList = known?.lists.find((list) => list.territory === territory)
  let listOfLists = known?.listOfLists ?? null
  let pointer = knownList === undefined ? null : { url: knownList.url, signers: knownList.signers }

  const first = await refreshed('EU', async () => {
    const fetched = await download(fetch, listOfListsUrl, signal, known?.listOfLists)
    if (fetched === null) return
    const expected = [...journal, ...(known?.listOfLists.signers ?? [])]
    const pivot = async (url: string): Promise<Uint8Array> => {
      const older = await download(fetch, url, signal)
      return older?.bytes ?? new Uint8Array(0)
    }
    const list = await verifyListOfLists(fetched.bytes, listOfListsUrl, expected, pivot)
    checkSequence(list.head, known?.listOfLists)
    const country = list.countries.find((one) => one.territory === territory)
    if (country === undefined) throw new ListRefused('content_unexpected', 'the country is not in the list of lists')
    pointer = { url: country.url, signers: country.signers }
    listOfLists = { ...headOf(list.head, listOfListsUrl, fetched), signers: list.signers }
  })

  const second = await refreshed(territory, async (): Promise<TrustedList | undefined> => {
    if (pointer === null) return undefined
    const { url, signers } = pointer
    const fetched = await download(fetch, url, signal, knownList)
    if (fetched === null) return knownList === undefined ? undefined : { ...knownList, signers }
    const { content } = verifyListSignature(fetched.bytes, signers)
    const scheme = schemeInformation(content)
    if (scheme.territory !== territory || scheme.type !== 'EUgeneric')
      throw new ListRefused('content_unexpected', 'the list of another country')
    checkSequence(scheme, knownList)
    return { ...headOf(scheme, url, fetched), signers, services: servicesOf(content) }
  })

  const trouble = first !== null && 'reason' in first ? first : second !== null && 'reason' in second ? second : null
  if (listOfLists === null) return { lists: known, trouble }
  const kept = knownList === undefined || pointer === null ? knownList : { ...knownList, ...pointer }
  const list = second !== null && 'done' in second ? second.done : kept
  return {
    lists: {
      version: 1,
      checkedAt: trouble === null ? now.toISOString() : (known?.checkedAt ?? null),
      listOfLists,
      lists: list === undefined ? [] : [list],
    },
    trouble,
  }
}
