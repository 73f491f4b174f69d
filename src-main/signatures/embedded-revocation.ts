import { children, encodedOf, isContext, isUniversal, oidOf, sequenceOf, tags, type DerElement } from './der.ts'
import type { SignedData } from './signed-data.ts'
import type { Attributes } from './signer-info.ts'
import { StructureError } from './structure-error.ts'

/** Answers and lists of revocation that came with a document, as DER. Nothing of them is verified. */
export interface EmbeddedRevocation {
  ocsps: readonly Uint8Array[]
  crls: readonly Uint8Array[]
}
export const noRevocation: EmbeddedRevocation = { ocsps: [], crls: [] }

const REVOCATION_VALUES = '1.2.840.113549.1.9.16.2.24'
const OCSP_RESPONSE = '1.3.6.1.5.5.7.16.2'
const MOST = 500

/** Where a part of it is damaged, the rest still counts. */
function readable(read: () => Uint8Array[]): Uint8Array[] {
  try {
    return read().slice(0, MOST)
  } catch (cause) {
    if (cause instanceof StructureError) return []
    throw cause
  }
}

/** What the envelope has beside its certificates (RFC 5652, 10.2.1; RFC 5940): lists, and answers of another form. */
function inEnvelope({ revocations }: SignedData): EmbeddedRevocation {
  const choices = (fits: (choice: DerElement) => boolean, read: (choice: DerElement) => Uint8Array[]): Uint8Array[] =>
    revocations === null ? [] : readable(() => children(revocations).filter(fits).flatMap(read))
  return {
    crls: choices(
      (choice) => isUniversal(choice, tags.sequence),
      (choice) => [encodedOf(choice)],
    ),
    ocsps: choices(
      (choice) => isContext(choice, 1),
      (choice) => {
        const [form, answer] = children(choice)
        return answer !== undefined && oidOf(form) === OCSP_RESPONSE ? [encodedOf(answer)] : []
      },
    ),
  }
}

/** What a CAdES signature brings for its own verification, among its attributes and beside it (ETSI EN 319 122-1, A.1.2.2). */
export function embeddedRevocation(signedData: SignedData, unsignedAttributes: Attributes): EmbeddedRevocation {
  const beside = inEnvelope(signedData)
  const values = (unsignedAttributes.get(REVOCATION_VALUES) ?? []).flat()
  const part = (tag: number): Uint8Array[] =>
    readable(() =>
      values
        .flatMap((value) => sequenceOf(value).filter((field) => isContext(field, tag)))
        .flatMap((field) => sequenceOf(children(field)[0]).map(encodedOf)),
    )
  return { crls: [...beside.crls, ...part(0)], ocsps: [...beside.ocsps, ...part(1)] }
}
