import { statSync } from 'node:fs'
import { setDefaultCACertificates } from 'node:tls'
import { proxyForThread, type ThreadNetwork } from '../provider/thread-network.ts'
import { trustedAuthorities } from '../provider/trusted-authorities.ts'
import type { TrustJudge } from '../signatures/verify-document.ts'
import type { TrustMode } from '../signatures/verification-messages.ts'
import { documentJudge } from './document-judge.ts'
import { publicFetch } from './public-fetch.ts'
import { embeddedOnly, onlineRevocation, type RevocationSource } from './revocation-source.ts'
import { trustAnchors, type TrustAnchors } from './trust-anchors.ts'
import { isSwitchedOff } from './trust-switch.ts'
import { trustFolder } from './trust-folder.ts'

/** How long the issuers of one document's certificates may be waited for. */
const DOCUMENT_MS = 25_000

/**
 * Judges for a thread that verifies documents, over the lists in the data folder, which the core renews. What issuers
 * have answered is kept for as long as the thread lives. They are reached as everything else is (`network`). Undefined:
 * trust is not judged.
 */
export function threadTrust(
  dataDir: string | null,
  network: ThreadNetwork,
): (mode: TrustMode) => TrustJudge | undefined {
  const off = (): undefined => undefined
  if (dataDir === null || isSwitchedOff(process.env)) return off
  const folder = trustFolder(dataDir)
  const nobody = embeddedOnly('not_checked')
  let online: RevocationSource | null = null
  function onlineSource(): RevocationSource {
    // Of this thread alone; the system's are read only where somebody is asked.
    setDefaultCACertificates(trustedAuthorities(network.authorities))
    return onlineRevocation(publicFetch(proxyForThread(network)))
  }
  let anchors: TrustAnchors | null = null
  let changed = ''

  function current(): TrustAnchors {
    const stamp = folder.files.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ')
    if (anchors === null || stamp !== changed)
      anchors = trustAnchors(folder.readLists(), folder.readAnchors().certificates)
    changed = stamp
    return anchors
  }

  return (mode) => {
    switch (mode) {
      case 'off':
        return undefined
      case 'on':
        return documentJudge({ anchors: current(), revocation: nobody, now: new Date() })
      case 'online':
        return documentJudge({
          anchors: current(),
          revocation: (online ??= onlineSource()),
          now: new Date(),
          signal: AbortSignal.timeout(DOCUMENT_MS),
        })
    }
  }
}
