import { expect, test } from 'vitest'
import { ListRefused } from '../../src-main/trust/list-refused.ts'
import { expectedSigner, verifyListSignature } from '../../src-main/trust/list-signature.ts'
import { schemeInformation, servicesOf } from '../../src-main/trust/trusted-list.ts'
import { identity } from './authority.ts'
import { forSignatures, listSignature, listXml, qualifiers, service, signedList, withSignature } from './list-writer.ts'
import { processorMs } from '../support/processor-time.ts'

const signer = identity({ name: 'Firma elenchi' })
const stranger = identity({ name: 'Firma elenchi' })
const issuer = identity({ name: 'CA di prova', ca: true })
const expected = [expectedSigner(signer.certificate)]
const wish = {
  territory: 'IT',
  type: 'EUgeneric',
  sequence: 7,
  services: [
    service(issuer, 'Servizio «uno» & co'.replace('&', '&amp;'), [
      { status: 'withdrawn', from: '2024-01-01T00:00:00Z' },
      { status: 'granted', from: '2017-01-01T00:00:00Z', extensions: forSignatures + qualifiers('QCWithQSCD') },
    ]),
  ],
}
const xml = listXml(wish)
const good = withSignature(xml, listSignature(xml, signer))

function outcome(list: string | Uint8Array): string {
  try {
    const { content } = verifyListSignature(typeof list === 'string' ? Buffer.from(list) : list, expected)
    return `sequence ${schemeInformation(content).sequence}`
  } catch (cause) {
    if (cause instanceof ListRefused) return cause.reason
    throw cause
  }
}

test('a list of its signer is accepted, in versions 5 and 6, and read with history, purposes and qualifiers', () => {
  expect(outcome(good)).toBe('sequence 7')
  expect(outcome(signedList({ ...wish, version: 6 }, signer))).toBe('sequence 7')
  expect(outcome(signedList({ ...wish, version: 4 }, signer))).toBe('content_unexpected')
  const [read] = servicesOf(verifyListSignature(Buffer.from(good), expected).content)
  expect(read).toMatchObject({
    provider: 'Prestatore di prova',
    name: 'Servizio «uno» & co',
    certificates: [Buffer.from(issuer.certificate.der).toString('base64')],
    periods: [
      { type: 'CA/QC', status: 'withdrawn', purposes: [], usable: true },
      {
        type: 'CA/QC',
        status: 'granted',
        purposes: ['signature'],
        qualifications: [{ qualifiers: ['QCWithQSCD'], criteria: { assert: 'all', unknown: false } }],
      },
    ],
  })
})

test('a list is accepted also in another form of the same XML, and signed again by the holder of the same key', () => {
  const wrapped = good.replace('<SchemeInformation>', '<SchemeInformation   ><!-- nota -->').replace(/"/g, "'")
  expect(outcome(wrapped)).toBe('sequence 7')
  const renewed = { ...signer, certificate: identity({ name: 'Rinnovato', key: signer.key }).certificate }
  expect(outcome(withSignature(xml, listSignature(xml, renewed)))).toBe('sequence 7')
})

test('changed, unsigned, twice signed and strangely signed lists are refused', () => {
  expect(outcome(good.replace('withdrawn', 'granted'))).toBe('signature_invalid')
  const other = good.replace(
    /(<ds:SignatureValue>..)(.)/,
    (_, before: string, char: string) => before + (char === 'A' ? 'B' : 'A'),
  )
  expect(outcome(other)).toBe('signature_invalid')
  expect(outcome(xml)).toBe('signature_missing')
  const twice = listSignature(xml, signer)
  expect(outcome(withSignature(xml, twice + twice))).toBe('signature_invalid')
  expect(outcome(withSignature(xml, listSignature(xml, stranger)))).toBe('signer_unexpected')
  expect(outcome(withSignature(xml, listSignature(xml, { ...stranger, certificate: signer.certificate })))).toBe(
    'signature_invalid',
  )
  expect(outcome(withSignature(xml, listSignature(xml, signer, { named: stranger })))).toBe('signature_invalid')
  expect(outcome(withSignature(xml, listSignature(xml, signer, { withoutProperties: true })))).toBe('signature_invalid')
})

test('a signature over a part of the list, or over what a transform leaves of it, is refused', () => {
  expect(outcome(withSignature(xml, listSignature(xml, signer, { uri: '#lista' })))).toBe('signature_invalid')
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  for (const transforms of [
    [exclusive],
    ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
    [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      exclusive,
    ],
  ])
    expect(outcome(withSignature(xml, listSignature(xml, signer, { transforms })))).toBe('signature_invalid')
})

test('a signed list that is wrapped into another one lends its signature to nothing (XML signature wrapping)', () => {
  const forged = listXml({ ...wish, sequence: 99 })
  const signature = listSignature(xml, signer)
  // The forged list around the signed one, the signature where it was, beside it, or in an object of its own.
  const inner = forged.replace(
    '</TrustServiceProviderList>',
    `</TrustServiceProviderList>${withSignature(xml, signature).split('\n').slice(1).join('\n')}`,
  )
  expect(outcome(inner)).toBe('signature_invalid')
  expect(outcome(withSignature(forged, signature))).toBe('signature_invalid')
  const inObject = signature.replace('<ds:Object>', `<ds:Object>${xml}</ds:Object><ds:Object>`)
  expect(outcome(withSignature(forged, inObject))).toBe('signature_invalid')
  // Properties of the same name outside the signature.
  const decoy = forged.replace('Id="lista"', 'Id="proprieta"')
  expect(outcome(withSignature(decoy, listSignature(decoy, signer)))).toBe('signature_invalid')
})

test('entity bombs, documents without end and bytes that are no text are refused at once', () => {
  const started = processorMs()
  const bomb = `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(50)}">]>${xml}`
  expect(outcome(bomb)).toBe('xml_unreadable')
  expect(outcome(Buffer.from(good, 'utf16le'))).toBe('xml_unreadable')
  expect(outcome(good.slice(0, -30))).toBe('xml_unreadable')
  expect(outcome(`<a>${'<b/>'.repeat(700_000)}</a>`)).toBe('too_large')
  expect(outcome(Buffer.alloc(25 * 1024 * 1024, 0x20))).toBe('too_large')
  const deep = `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`
  expect(outcome(xml.replace('</TrustServiceProviderList>', `</TrustServiceProviderList>${deep}`))).toBe(
    'signature_missing',
  )
  expect(outcome(good.replace('</TrustServiceProviderList>', `</TrustServiceProviderList>${deep}`))).toMatch(
    /unreadable|invalid/,
  )
  expect(processorMs() - started).toBeLessThan(10_000)
})
