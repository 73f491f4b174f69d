import { StructureError } from '../signatures/structure-error.ts'
import { readCertificate } from '../signatures/x509.ts'
import { ListRefused } from './list-refused.ts'
import { expectedSigner, verifyListSignature, type ExpectedSigner } from './list-signature.ts'
import { certificatesOf, schemeInformation, type SchemeInformation } from './trusted-list.ts'
import { all, at, parseXml, text, type XmlNode } from './xml-node.ts'

const LIST_OF_LISTS = 'EUlistofthelists'
const XML_LIST = 'application/vnd.etsi.tsl+xml'
/** Since 2019 there have been seven in eight years. */
const MAX_PIVOTS = 24

/** Where a list is, and who may sign it. */
export interface ListPointer {
  territory: string
  url: string
  signers: ExpectedSigner[]
}

export interface ListOfLists {
  head: SchemeInformation
  /** Who may sign the next list of lists. */
  signers: ExpectedSigner[]
  countries: ListPointer[]
}

function pointersOf(scheme: XmlNode): (ListPointer & { type: string; mime: string })[] {
  return all(at(scheme, 'PointersToOtherTSL'), 'OtherTSLPointer').map((pointer) => {
    const information = all(at(pointer, 'AdditionalInformation'), 'OtherInformation')
    const said = (name: string): string => information.flatMap((one) => text(one, name) ?? [])[0] ?? ''
    return {
      territory: said('SchemeTerritory'),
      type: said('TSLType').split('/').at(-1) ?? '',
      mime: said('MimeType'),
      url: text(pointer, 'TSLLocation') ?? '',
      signers: all(at(pointer, 'ServiceDigitalIdentities'), 'ServiceDigitalIdentity')
        .flatMap(certificatesOf)
        .flatMap((base64) => {
          try {
            return [expectedSigner(readCertificate(Buffer.from(base64, 'base64')))]
          } catch (cause) {
            if (!(cause instanceof StructureError)) throw cause
            return []
          }
        }),
    }
  })
}

/** Reads a verified list of lists. Throws ListRefused. */
export function readListOfLists(content: XmlNode): ListOfLists {
  const head = schemeInformation(content)
  if (head.type !== LIST_OF_LISTS) throw new ListRefused('content_unexpected', 'not the list of lists')
  const pointers = pointersOf(head.node).filter(({ mime }) => mime === XML_LIST)
  return {
    head,
    signers: pointers.filter(({ type }) => type === LIST_OF_LISTS).flatMap(({ signers }) => signers),
    countries: pointers.filter(({ type }) => type === 'EUgeneric'),
  }
}

/**
 * The earlier lists of lists in which the signers changed, the newest first (ETSI TS 119 615, 4.1). Read before
 * anything is verified: only addresses on the list's own server are answered.
 */
function pivotUrls(bytes: Uint8Array, url: string): string[] {
  let content: XmlNode
  try {
    content = parseXml(new TextDecoder().decode(bytes))
  } catch {
    throw new ListRefused('xml_unreadable', 'no list of lists')
  }
  const uris = all(at(content, 'TrustServiceStatusList', 'SchemeInformation', 'SchemeInformationURI'), 'URI')
  const { origin } = new URL(url)
  return uris.flatMap((uri) => {
    const pivot = URL.parse(text(uri) ?? '')
    return pivot !== null && pivot.origin === origin && pivot.pathname.endsWith('.xml') ? [pivot.href] : []
  })
}

const isOtherSigner = (cause: unknown): boolean => cause instanceof ListRefused && cause.reason === 'signer_unexpected'

/**
 * Verifies a list of lists down to certificates of the Official Journal, or to those who may sign after the one that was
 * accepted last. Where others sign by now, the pivots are followed: the first whose signer is known says who may sign
 * the next, up to this one. Throws ListRefused, and what `fetch` throws.
 */
export async function verifyListOfLists(
  bytes: Uint8Array,
  url: string,
  known: readonly ExpectedSigner[],
  fetch: (url: string) => Promise<Uint8Array>,
): Promise<ListOfLists> {
  try {
    return readListOfLists(verifyListSignature(bytes, known).content)
  } catch (cause) {
    if (!isOtherSigner(cause)) throw cause
  }
  const unverified: Uint8Array[] = [bytes]
  let list: ListOfLists | null = null
  for (const pivot of pivotUrls(bytes, url).slice(0, MAX_PIVOTS)) {
    const older = await fetch(pivot)
    try {
      list = readListOfLists(verifyListSignature(older, known).content)
      break
    } catch (cause) {
      if (!isOtherSigner(cause)) throw cause
      unverified.push(older)
    }
  }
  if (list === null) throw new ListRefused('signer_unexpected', 'no pivot is signed by anybody known')
  for (const newer of unverified.reverse()) {
    const { signers, head } = list
    list = readListOfLists(verifyListSignature(newer, signers).content)
    if (list.head.sequence <= head.sequence)
      throw new ListRefused('older_sequence', 'pivots that are not in the order of their numbers')
  }
  return list
}
