import { beforeAll, describe, expect, test } from 'vitest'
import { isRef } from '../../src-main/signatures/pdf-object.ts'
import { pagesOf } from '../../src-main/signatures/pdf-tree.ts'
import { verifyPdf, type VerifiedPdf } from '../../src-main/signatures/pdf-verify.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { pdfText, plainPdf, signedPdf, updated, viewOf, withEntries } from './signed-pdf.ts'
import { makeSigner, signedData, timestampToken } from './small-cms.ts'

const anna = makeSigner('Anna Prova')
const bruno = makeSigner('Bruno Prova', { serial: 2 })
const authority = makeSigner('Marche di prova', { timestamping: true })
let plain: Buffer
let signed: Buffer

beforeAll(async () => {
  plain = await plainPdf()
  signed = signedPdf(plain, anna)
})
const verify = (pdf: Uint8Array): Promise<VerifiedPdf> => verifyPdf(memorySource(pdf))
const firmeOf = ({ signatures }: VerifiedPdf) => signatures.map(({ firma }) => firma)

describe('signatures are found and verified', () => {
  test('one signature over the whole document is valid, and its time is claimed by the dictionary only', async () => {
    const verified = await verify(signed)
    expect(verified).toMatchObject({ integrity: 'valid', warnings: [], documentTimestamps: [] })
    expect(firmeOf(verified)).toMatchObject([
      {
        id: '1',
        field: 'Firma1',
        signer: 'Anna Prova',
        integrity: 'valid',
        coversWholeDocument: true,
        changesAfterSigning: [],
        signingTime: '2024-05-06T05:08:09.000Z',
        signingTimeSource: 'pdf_dictionary',
      },
    ])
    expect(firmeOf(verified)[0]?.warnings).toEqual(['signing_time_only_claimed'])
  })

  test.each([false, true])(
    'a second signature changes nothing of the first (object streams: %s)',
    async (objectStreams) => {
      const first = signedPdf(await plainPdf({ objectStreams }), anna)
      const verified = await verify(signedPdf(first, bruno, { field: 'Firma2' }))
      expect(firmeOf(verified)).toMatchObject([
        { id: '1', signer: 'Anna Prova', integrity: 'valid', coversWholeDocument: false, changesAfterSigning: [] },
        { id: '2', signer: 'Bruno Prova', integrity: 'valid', coversWholeDocument: true, changesAfterSigning: [] },
      ])
      expect(verified.integrity).toBe('valid')
    },
  )

  test('an empty field that is signed later is no change, and its signature is found', async () => {
    const prepared = withEmptyField(plain)
    const first = signedPdf(prepared.pdf, anna)
    const second = signedPdf(first, bruno, { existing: prepared.field })
    expect(firmeOf(await verify(second))).toMatchObject([
      { field: 'Firma1', changesAfterSigning: [] },
      { field: 'DaFirmare', integrity: 'valid', changesAfterSigning: [] },
    ])
  })

  test('validation data and a document timestamp added later (LTA) change nothing; the data is handed on', async () => {
    const der = Buffer.from(bruno.certificate)
    const withStore = addSecurityStore(signed, der)
    const long = signedPdf(withStore, authority, {
      field: 'Marca',
      subFilter: 'ETSI.RFC3161',
      contents: (covered) => timestampToken(authority, covered, new Date('2025-01-02T03:04:05Z')),
    })
    const verified = await verify(long)
    expect(firmeOf(verified)).toMatchObject([{ integrity: 'valid', changesAfterSigning: [] }])
    expect(verified.documentTimestamps.map(({ marca }) => marca)).toMatchObject([
      { integrity: 'valid', time: '2025-01-02T03:04:05.000Z', authority: 'Marche di prova' },
    ])
    expect(verified.securityStore.certificates.map((item) => Buffer.from(item).equals(der))).toEqual([true])
    expect(verified.integrity).toBe('valid')
  })

  test('a document timestamp over other bytes makes the document invalid', async () => {
    const wrong = signedPdf(signed, authority, {
      field: 'Marca',
      subFilter: 'ETSI.RFC3161',
      contents: (covered) => timestampToken(authority, covered.subarray(1), new Date()),
    })
    const verified = await verify(wrong)
    expect(verified).toMatchObject({
      integrity: 'invalid',
      documentTimestamps: [{ marca: { reason: 'content_digest_mismatch' } }],
    })
  })

  test('a signature that only a page or only the bytes lead to is found and said to stand outside the form', async () => {
    const onPage = signedPdf(await plainPdf({ form: false }), anna, { inForm: false })
    const nowhere = signedPdf(plain, anna, { inForm: false, onPage: false })
    for (const pdf of [onPage, nowhere]) {
      const verified = await verify(pdf)
      expect(verified.integrity).toBe('valid')
      expect(firmeOf(verified)[0]?.warnings).toContain('signature_outside_form')
    }
  })

  test('the signature of an encrypted document is taken from the bytes, and what cannot be read is a change', async () => {
    const encrypt = '<</Filter /Standard /V 4 /R 4 /P -44 /O <00> /U <00>>>'
    const locked = signedPdf(updated(plain, { encrypt }), anna)
    const verified = await verify(locked)
    expect(verified).toMatchObject({ integrity: 'valid', warnings: ['encrypted_document'] })
    // An encryption that came after the signature: nobody knows what is shown.
    const later = await verify(updated(signed, { encrypt }))
    expect(firmeOf(later)[0]?.changesAfterSigning).toContain('other_changes')
    // A form in an object stream that is encrypted: the mark in the bytes leads to the signature.
    const hidden = signedPdf(await plainPdf({ objectStreams: true }), anna)
    const compressed = await verify(updated(hidden, { encrypt }))
    expect(compressed).toMatchObject({ integrity: 'valid', warnings: ['encrypted_document'] })
    expect(firmeOf(compressed)[0]?.changesAfterSigning).toContain('other_changes')
  })

  test('usage rights are a warning and not a signature', async () => {
    const rights = '/Reference [<</Type /SigRef /TransformMethod /UR3 /TransformParams <</V /2.2>>>>]'
    const verified = await verify(signedPdf(plain, anna, { inForm: false, onPage: false, more: rights }))
    expect(verified).toMatchObject({ integrity: 'not_signed', signatures: [], warnings: ['usage_rights_signature'] })
  })

  test('a signed PDF that is attached makes the document no signed one', async () => {
    const view = viewOf(plain)
    const body = `<</Type /EmbeddedFile /Length ${signed.length}>>\nstream\n${signed.toString('latin1')}\nendstream`
    const verified = await verify(updated(plain, { objects: { [view.size]: body } }))
    expect(verified).toMatchObject({ integrity: 'not_signed', signatures: [] })
  })

  test('an unsigned document is not signed', async () => {
    expect(await verify(plain)).toMatchObject({ integrity: 'not_signed', signatures: [], warnings: [] })
  })

  test('the old form in which the CMS holds a SHA-1 of the document is verified as well', async () => {
    const { createHash } = await import('node:crypto')
    const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest()
    const options = { subFilter: 'adbe.pkcs7.sha1' }
    const good = signedPdf(plain, anna, {
      ...options,
      contents: (covered) => signedData(anna, sha1(covered), { contained: true }),
    })
    const bad = signedPdf(plain, anna, {
      ...options,
      contents: (covered) => signedData(anna, sha1(covered.subarray(1)), { contained: true }),
    })
    expect(firmeOf(await verify(good))).toMatchObject([{ integrity: 'valid' }])
    expect(firmeOf(await verify(bad))).toMatchObject([{ integrity: 'invalid', reason: 'content_digest_mismatch' }])
  })
})

describe('a damaged signature is never called not signed (rule 2)', () => {
  const impossible: [name: string, change: (range: number[]) => (number | string)[]][] = [
    ['does not begin with the first byte', ([, b = 0, c = 0, d = 0]) => [1, b - 1, c, d]],
    ['ends beyond the file', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d + 1]],
    ['leaves more than the gap out', ([a = 0, b = 0, c = 0, d = 0]) => [a, b - 1, c, d]],
    ['covers a bracket of the gap', ([a = 0, b = 0, c = 0, d = 0]) => [a, b + 1, c, d]],
    ['leaves a byte after the gap out', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c + 1, d - 1]],
    ['overlaps itself', ([a = 0, b = 0, , d = 0]) => [a, b, b - 10, d]],
    ['covers nothing after the gap', ([a = 0, b = 0, c = 0]) => [a, b, c, 0]],
    ['is negative', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, -d]],
    ['has three numbers', ([a = 0, b = 0, c = 0]) => [a, b, c]],
    ['is no number', ([a = 0, b = 0, c = 0]) => [a, b, c, 'x']],
    ['is larger than any file', ([a = 0, b = 0, c = 0]) => [a, b, c, 9e15]],
  ]
  test.each(impossible)('a /ByteRange that %s is broken integrity', async (_, change) => {
    const pdf = signedPdf(plain, anna, { byteRange: change as (range: number[]) => number[] })
    // Every number but the first is written by the builder.
    const first = (change([0, 100, 200, 300])[0] ?? 0).toString()
    if (first !== '0') pdf.write(`[${first}`, pdf.lastIndexOf('/ByteRange [0') + 11, 'latin1')
    const verified = await verify(pdf)
    expect(verified.integrity).toBe('invalid')
    expect(firmeOf(verified)).toMatchObject([{ integrity: 'invalid', reason: 'byte_range_damaged' }])
  })

  test('so is one whose /ByteRange or /Contents is gone, repeated, or written as text', async () => {
    const text = signed.toString('latin1')
    const broken = [
      text.replace('/ByteRange', '/BiteRange'),
      text.replace('/Contents <', '/Cantents <'),
      text.replace('/SubFilter /ETSI.CAdES.detached', '/Contents <00> /ByteRange [0 1 2 3]'.padEnd(31).slice(0, 31)),
      text.replace(/(\/Contents <)(.)/, (_, key: string) => `${key}z`),
      text.replace(/ (\d+ \d+ \d+)( *)\]/, (_, numbers: string, room: string) => `(${numbers.slice(1)})${room}]`),
    ]
    for (const pdf of broken) {
      const verified = await verify(Buffer.from(pdf, 'latin1'))
      expect(verified.integrity).toBe('invalid')
      expect(verified.signatures).toHaveLength(1)
    }
  })

  test('so is a signature whose field leads nowhere', async () => {
    const broken = Buffer.from(signed.toString('latin1').replace(/\/V (\d+) 0 R/, '/W $1 0 R'), 'latin1')
    expect(await verify(broken)).toMatchObject({ integrity: 'invalid' })
    const away = Buffer.from(signed.toString('latin1').replace(/\/V \d\d 0 R/, '/V 99 0 R'), 'latin1')
    expect(firmeOf(await verify(away)).some(({ reason }) => reason === 'byte_range_damaged')).toBe(true)
  })

  test('a file that was cut anywhere behind the beginning of its signature is never valid nor not signed', async () => {
    const begin = signed.lastIndexOf('/SubFilter') + 20
    for (let at = begin; at < signed.length - 1; at += Math.ceil((signed.length - begin) / 60)) {
      const { integrity } = await verify(signed.subarray(0, at))
      expect(['invalid', 'unverifiable']).toContain(integrity)
    }
    // Cut before it, nobody can know.
    expect((await verify(signed.subarray(0, 700))).integrity).toBe('unverifiable')
  })

  test('no flipped bit of the signed bytes leaves a valid signature', async () => {
    const gap = signed.lastIndexOf('/Contents <') + 10
    const gapEnd = signed.indexOf('>', gap) + 1
    let seed = 20_261_126
    for (let round = 0; round < 400; round++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      let at = seed % (signed.length - (gapEnd - gap))
      if (at >= gap) at += gapEnd - gap
      const flipped = Buffer.from(signed)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (round & 7))
      const { integrity } = await verify(flipped)
      expect(['invalid', 'unverifiable'], `bit ${round & 7} of byte ${at}`).toContain(integrity)
    }
  })

  test('a later revision that takes the signature away hides nothing', async () => {
    const view = viewOf(signed)
    const [page] = pagesOf(view).pages
    const form = view.catalog.get('AcroForm') ?? null
    if (!isRef(form) || page?.num === null || page === undefined) throw new Error('no form')
    const without = withEntries(view.resolve(form), { Fields: '[]' })
    const bare = withEntries(page.value, { Annots: null })
    const verified = await verify(updated(signed, { objects: { [form.num]: without, [page.num]: bare } }))
    expect(verified.signatures).toHaveLength(1)
    expect(firmeOf(verified)[0]?.changesAfterSigning).toContain('annotations_changed')
  })
})

/** An empty signature field, in the form and on the page. */
function withEmptyField(pdf: Buffer): { pdf: Buffer; field: number } {
  const view = viewOf(pdf)
  const field = view.size
  const form = view.catalog.get('AcroForm') ?? null
  const [page] = pagesOf(view).pages
  const fields = view.get(form, 'Fields')
  if (!isRef(form) || !Array.isArray(fields) || page?.num === null || page === undefined) throw new Error('no form')
  const annotations = view.get(page.value, 'Annots')
  const widgets = Array.isArray(annotations) ? annotations.map(pdfText) : []
  const objects = {
    [field]: `<</Type /Annot /Subtype /Widget /FT /Sig /T (DaFirmare) /F 132 /Rect [200 20 280 60] /P ${page.num} 0 R>>`,
    [form.num]: withEntries(view.resolve(form), { Fields: `[${[...fields.map(pdfText), `${field} 0 R`].join(' ')}]` }),
    [page.num]: withEntries(page.value, { Annots: `[${[...widgets, `${field} 0 R`].join(' ')}]` }),
  }
  return { pdf: updated(pdf, { objects }), field }
}

function addSecurityStore(pdf: Buffer, der: Buffer): Buffer {
  const view = viewOf(pdf)
  const root = view.trailer.entries.get('Root') ?? null
  if (!isRef(root)) throw new Error('no catalog')
  const objects = {
    [view.size]: `<</Length ${der.length}>>\nstream\n${der.toString('latin1')}\nendstream`,
    [view.size + 1]: `<</Certs [${view.size} 0 R]>>`,
    [root.num]: withEntries(view.object(root.num), { DSS: `${view.size + 1} 0 R` }),
  }
  return updated(pdf, { objects })
}
