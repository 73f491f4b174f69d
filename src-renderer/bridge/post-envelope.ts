import type { RequestEnvelope, ResponseEnvelope } from '../../src-main/contract/envelope.ts'

/** `POST /api` of the browser host; the cookie does the rest. Throws where no envelope is answered. */
export async function postEnvelope(envelope: RequestEnvelope): Promise<ResponseEnvelope> {
  const response = await fetch('/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(envelope),
  })
  if (!response.ok) throw new Error(`the host answered ${response.status}`)
  return (await response.json()) as ResponseEnvelope
}
