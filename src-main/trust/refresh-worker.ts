// Renews the trusted lists in a thread of its own: to verify some megabytes of XML takes more than a second.
import { setDefaultCACertificates } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { proxyForThread } from '../provider/thread-network.ts'
import { trustedAuthorities } from '../provider/trusted-authorities.ts'
import { journalSigners } from './journal-signers.ts'
import { publicFetch } from './public-fetch.ts'
import { RefreshSetup } from './refresh-messages.ts'
import { refreshLists } from './refresh-lists.ts'

// Where an office inspects its connections, the lists come by its authority; each is signed, whoever brings it.
const { known, now, network } = RefreshSetup.parse(workerData)
setDefaultCACertificates(trustedAuthorities(network.authorities))
const fetch = publicFetch(proxyForThread(network))
const roots = {
  listOfListsUrl: 'https://ec.europa.eu/tools/lotl/eu-lotl.xml',
  journal: journalSigners,
  territory: 'IT',
}
parentPort?.postMessage(await refreshLists(known, roots, { fetch, now: new Date(now) }))
await fetch.close()
