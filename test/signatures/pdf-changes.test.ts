import { beforeAll, expect, test } from 'vitest'
import type { CambiamentoDopoFirma } from '../../src-main/contract/verifica.ts'
import { entriesOf, isRef, textOf, type PdfValue } from '../../src-main/signatures/pdf-object.ts'
import { fieldsOf, pagesOf } from '../../src-main/signatures/pdf-tree.ts'
import { verifyPdf } from '../../src-main/signatures/pdf-verify.ts'
import type { PdfView } from '../../src-main/signatures/pdf-view.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { pdfText, plainPdf, signedPdf, streamText, updated, viewOf, withEntries, type Update } from './signed-pdf.ts'
import { makeSigner } from './small-cms.ts'

const anna = makeSigner('Anna Prova')
const bruno = makeSigner('Bruno Prova', { serial: 2 })
let base: Buffer
let signed: Buffer

/** The parts of the document that the cases change. */
interface Parts {
  view: PdfView
  root: number
  tree: number
  first: number
  second: number
  page: PdfValue
  field: number
  free: number
}
function partsOf(pdf: Buffer): Parts {
  const view = viewOf(pdf)
  const { pages, nodes } = pagesOf(view)
  const root = view.trailer.entries.get('Root') ?? null
  const [first, second] = pages
  const field = fieldsOf(view, { pages, nodes }).find(({ name }) => name === 'importo')
  if (!isRef(root) || first?.num === null || first === undefined || second?.num === null || second === undefined)
    throw new Error('not the document of these tests')
  return {
    view,
    root: root.num,
    tree: nodes[0] ?? 0,
    first: first.num,
    second: second.num,
    page: first.value,
    field: field?.num ?? 0,
    free: view.size,
  }
}
const numberOf = (value: PdfValue | undefined): number => (isRef(value ?? null) ? (value as { num: number }).num : -1)

beforeAll(async () => {
  base = await plainPdf()
  signed = signedPdf(base, anna)
})

async function changesOf(pdf: Buffer): Promise<CambiamentoDopoFirma[]> {
  const { signatures } = await verifyPdf(memorySource(pdf))
  const [first] = signatures
  expect(first?.firma).toMatchObject({ integrity: 'valid', coversWholeDocument: false })
  return first?.firma.changesAfterSigning ?? []
}

/** A base in which the first page draws an image over its text, and a whole other document lies hidden. */
function preparedForShadow(pdf: Buffer): { pdf: Buffer; overlay: number; hiddenRoot: number; hiddenAt: number } {
  const { view, root, tree, first, second, page, free } = partsOf(pdf)
  const [overlay, hiddenTree, hiddenPage] = [free, free + 1, free + 2]
  const resources = withEntries(view.get(page, 'Resources'), { XObject: `<</Coperta ${overlay} 0 R>>` })
  const objects = {
    [overlay]: streamText('1 g 0 0 300 300 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 300]'),
    [first]: withEntries(page, { Resources: resources }),
    [hiddenTree]: `<</Type /Pages /Count 1 /Kids [${hiddenPage} 0 R]>>`,
    [hiddenPage]: `<</Type /Page /Parent ${hiddenTree} 0 R /MediaBox [0 0 300 300] /Contents ${overlay} 0 R>>`,
    [tree]: withEntries(view.object(tree), { Kids: `[${first} 0 R ${second} 0 R]` }),
  }
  const withHidden = updated(pdf, { objects })
  // A second catalog under the first one's number, which no cross-reference leads to.
  const hiddenRoot = withEntries(view.object(root), { Pages: `${hiddenTree} 0 R` })
  const marked = updated(withHidden, { objects: { [free + 3]: `(marca ${root} 0 obj ${hiddenRoot} endobj)` } })
  return { pdf: marked, overlay, hiddenRoot: root, hiddenAt: marked.lastIndexOf(`${root} 0 obj <<`) }
}

const cases: [name: string, update: (parts: Parts) => Update, expected: CambiamentoDopoFirma[]][] = [
  [
    'a page that is added',
    ({ view, tree, first, second, free }) => ({
      objects: {
        [free]: `<</Type /Page /Parent ${tree} 0 R /MediaBox [0 0 300 300]>>`,
        [tree]: withEntries(view.object(tree), { Kids: `[${first} 0 R ${second} 0 R ${free} 0 R]`, Count: '3' }),
      },
    }),
    ['pages_added'],
  ],
  [
    'a page that is removed',
    ({ view, tree, first }) => ({
      objects: { [tree]: withEntries(view.object(tree), { Kids: `[${first} 0 R]`, Count: '1' }) },
    }),
    ['pages_removed'],
  ],
  [
    'pages in another order',
    ({ view, tree, first, second }) => ({
      objects: { [tree]: withEntries(view.object(tree), { Kids: `[${second} 0 R ${first} 0 R]` }) },
    }),
    ['page_content_changed'],
  ],
  [
    'a content stream that is replaced',
    ({ view, page }) => {
      const contents = view.get(page, 'Contents')
      const listed = entriesOf(page).get('Contents')
      const target = Array.isArray(contents) ? contents[0] : listed
      return { objects: { [numberOf(target)]: streamText('BT ET') } }
    },
    ['page_content_changed'],
  ],
  [
    'a page that draws another content stream',
    ({ first, page, free }) => ({
      objects: { [free]: streamText('BT ET'), [first]: withEntries(page, { Contents: `${free} 0 R` }) },
    }),
    ['page_content_changed'],
  ],
  [
    'a page that is cropped',
    ({ second, view }) => ({ objects: { [second]: withEntries(view.object(second), { CropBox: '[0 0 300 150]' }) } }),
    ['page_content_changed'],
  ],
  [
    'a page that is hung on another node, and turned by it',
    ({ second, view, free }) => ({
      objects: {
        [free]: `<</Type /Pages /Kids [${second} 0 R] /Count 1 /Rotate 180>>`,
        [second]: withEntries(view.object(second), { Parent: `${free} 0 R` }),
      },
    }),
    ['page_content_changed'],
  ],
  [
    'an annotation over a page',
    ({ second, view, free }) => ({
      objects: {
        [free]: '<</Type /Annot /Subtype /FreeText /Rect [0 0 300 300] /Contents (1.000.000)>>',
        [second]: withEntries(view.object(second), { Annots: `[${free} 0 R]` }),
      },
    }),
    ['annotations_changed'],
  ],
  [
    'an annotation written into the page',
    ({ second, view }) => ({
      objects: { [second]: withEntries(view.object(second), { Annots: '[<</Subtype /Text /Rect [0 0 9 9]>>]' }) },
    }),
    ['annotations_changed'],
  ],
  [
    'an empty signature field with an appearance of its own',
    ({ second, view, free }) => ({
      objects: {
        [free]: `<</Subtype /Widget /FT /Sig /T (Vuoto) /Rect [0 0 300 300] /AP <</N ${free + 1} 0 R>>>>`,
        [free + 1]: streamText('1 g 0 0 300 300 re f', '/Subtype /Form /BBox [0 0 300 300]'),
        [second]: withEntries(view.object(second), { Annots: `[${free} 0 R]` }),
      },
    }),
    ['annotations_changed'],
  ],
  [
    'a form that is filled in',
    ({ view, field }) => ({ objects: { [field]: withEntries(view.object(field), { V: '(1.000.000)' }) } }),
    ['form_filled'],
  ],
  [
    'a field that is moved over the text',
    ({ view, field }) => ({ objects: { [field]: withEntries(view.object(field), { Ff: '1', T: '(altro)' }) } }),
    ['annotations_changed'],
  ],
  [
    'a font that is defined anew (shadow: replace)',
    ({ view, page }) => {
      const [font] = [...entriesOf(view.get(view.get(page, 'Resources'), 'Font')).values()]
      return { objects: { [numberOf(font)]: '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>' } }
    },
    ['shadow_content'],
  ],
  [
    'layers that are shown or hidden',
    ({ view, root }) => ({
      objects: { [root]: withEntries(view.object(root), { OCProperties: '<</OCGs [] /D <<>>>>' }) },
    }),
    ['shadow_content'],
  ],
  [
    'an action at opening',
    ({ view, root }) => ({
      objects: { [root]: withEntries(view.object(root), { OpenAction: '<</S /JavaScript /JS (x)>>' }) },
    }),
    ['other_changes'],
  ],
  [
    'what describes the document alone',
    ({ view, root, free }) => ({
      objects: {
        [free]: streamText('<x/>', '/Type /Metadata /Subtype /XML'),
        [root]: withEntries(view.object(root), { Metadata: `${free} 0 R` }),
      },
    }),
    [],
  ],
  ['objects written again as they were', ({ view, root }) => ({ objects: { [root]: pdfText(view.object(root)) } }), []],
]

test.each(cases)('%s after a signature is told', async (_, update, expected) => {
  expect(await changesOf(updated(signed, update(partsOf(signed))))).toEqual(expected)
})

test('the same is told of a document in object streams, and where a countersignature follows', async () => {
  const compressed = signedPdf(await plainPdf({ objectStreams: true }), anna)
  const { view, field } = partsOf(compressed)
  const filled = updated(compressed, { objects: { [field]: withEntries(view.object(field), { V: '(9)' }) } })
  expect(await changesOf(filled)).toEqual(['form_filled'])
  expect(await changesOf(signedPdf(filled, bruno, { field: 'Firma2' }))).toEqual(['form_filled'])
})

test('shadow attacks are told: hide, replace a catalog, and an object that was not there', async () => {
  const prepared = preparedForShadow(base)
  const victim = signedPdf(prepared.pdf, anna)
  expect(await changesOf(updated(victim, { freed: [prepared.overlay] }))).toEqual(['shadow_content'])
  const replaced = updated(victim, { repointed: { [prepared.hiddenRoot]: prepared.hiddenAt } })
  const changes = await changesOf(replaced)
  expect(changes).toContain('shadow_content')
  expect(changes).toContain('pages_removed')

  const { page, first, view } = partsOf(base)
  const resources = withEntries(view.get(page, 'Resources'), { XObject: `<</Assente 500 0 R>>` })
  const dangling = signedPdf(updated(base, { objects: { [first]: withEntries(page, { Resources: resources }) } }), anna)
  const filled = updated(dangling, {
    objects: { 500: streamText('1 g 0 0 300 300 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 300]') },
  })
  expect(await changesOf(filled)).toEqual(['shadow_content'])
})

test('what stands behind a reference to a reference is watched as well', async () => {
  const { view, tree, first, second, free } = partsOf(base)
  const objects = {
    [free]: `${second} 0 R`,
    [tree]: withEntries(view.object(tree), { Kids: `[${first} 0 R ${free} 0 R]` }),
  }
  const indirect = signedPdf(updated(base, { objects }), anna)
  const turned = { [second]: withEntries(view.object(second), { Rotate: '180' }) }
  expect(await changesOf(updated(indirect, { objects: turned }))).not.toEqual([])
})

test('what a certification allows is no change: filling in at level 2, nothing at level 1', async () => {
  const fill = (pdf: Buffer): Buffer => {
    const { view, field } = partsOf(pdf)
    return updated(pdf, { objects: { [field]: withEntries(view.object(field), { V: '(9)' }) } })
  }
  const level2 = signedPdf(base, anna, { certify: 2 })
  const level1 = signedPdf(base, anna, { certify: 1 })
  expect(await changesOf(fill(level2))).toEqual([])
  expect(await changesOf(fill(level1))).toEqual(['form_filled'])
  expect(await changesOf(signedPdf(level2, bruno, { field: 'Firma2' }))).toEqual([])
  expect(await changesOf(signedPdf(level1, bruno, { field: 'Firma2' }))).toEqual(['other_changes'])
  const locked = signedPdf(base, anna, { certify: 2, lock: '/Action /Include /Fields [(importo)]' })
  const other = signedPdf(base, anna, { certify: 2, lock: '/Action /Include /Fields [(luogo)]' })
  expect(await changesOf(fill(locked))).toEqual(['form_filled'])
  expect(await changesOf(fill(other))).toEqual([])
})

test('a countersignature that covers the page is an overlay', async () => {
  const small = signedPdf(signed, bruno, { field: 'Firma2', rectangle: '[200 20 280 60]' })
  const large = signedPdf(signed, bruno, { field: 'Firma2', rectangle: '[0 0 300 300]' })
  expect(await changesOf(small)).toEqual([])
  expect(await changesOf(large)).toEqual(['annotations_changed'])
})

/** A signature whose field has one widget for each rectangle, on the page of that number. */
function signedInPieces(pdf: Buffer, rectangles: readonly (readonly [page: 0 | 1, rectangle: string])[]): Buffer {
  const { view, free, first, second } = partsOf(pdf)
  const pages = [first, second] as const
  const widget = (at: number): number => free + 10 + at
  const objects: Record<number, string> = {}
  for (const [at, [page, rectangle]] of rectangles.entries())
    objects[widget(at)] =
      `<</Type /Annot /Subtype /Widget /Parent ${free + 1} 0 R /F 132 /Rect ${rectangle} /P ${pages[page]} 0 R>>`
  for (const [index, num] of pages.entries()) {
    const own = rectangles.flatMap(([page], at) => (page === index ? [`${widget(at)} 0 R`] : []))
    const had = view.get(view.object(num), 'Annots')
    const annots = `[${[...(Array.isArray(had) ? had.map(pdfText) : []), ...own].join(' ')}]`
    objects[num] = withEntries(view.object(num), { Annots: annots })
  }
  const kids = rectangles.map((_, at) => `${widget(at)} 0 R`).join(' ')
  objects[free + 1] = `<</FT /Sig /T (Firma2) /Kids [${kids}]>>`
  const form = view.catalog.get('AcroForm')
  const listed = view.get(form, 'Fields')
  const fields = `[${Array.isArray(listed) ? listed.map(pdfText).join(' ') : ''} ${free + 1} 0 R]`
  if (isRef(form ?? null)) objects[numberOf(form)] = withEntries(view.resolve(form), { Fields: fields })
  return signedPdf(updated(pdf, { objects }), bruno, { existing: free + 1 })
}

test('the widgets of one countersignature cover a page together, but not one page and another', async () => {
  const quarter = '[0 0 150 150]'
  expect(await changesOf(signedInPieces(signed, [[0, quarter]]))).toEqual([])
  const both = [
    [0, quarter],
    [1, quarter],
  ] as const
  expect(await changesOf(signedInPieces(signed, both))).toEqual([])
  const twice = [
    [0, quarter],
    [0, '[150 0 300 150]'],
  ] as const
  expect(await changesOf(signedInPieces(signed, twice))).toEqual(['annotations_changed'])
})

test('a countersignature covers a page by what is shown of it', async () => {
  const { view, first } = partsOf(base)
  const cropped = (box: string): Buffer =>
    signedPdf(
      updated(base, {
        objects: { [first]: withEntries(view.object(first), { MediaBox: '[0 0 3000 3000]', CropBox: box }) },
      }),
      anna,
    )
  const sign = (pdf: Buffer): Buffer => signedPdf(pdf, bruno, { field: 'Firma2', rectangle: '[0 0 300 300]' })
  expect(await changesOf(sign(cropped('[0 0 3000 3000]')))).toEqual([])
  expect(await changesOf(sign(cropped('[0 0 300 300]')))).toEqual(['annotations_changed'])
  // Where the crop and the medium do not meet nothing is shown, and readers do not agree on it.
  expect(await changesOf(sign(cropped('[4000 4000 5000 5000]')))).toEqual(['annotations_changed'])
})

test.each([
  ['[200 20 280 60]', []],
  ['[0 0 300 300]', ['annotations_changed']],
])(
  'a field that waited in %s for its signature may show it there, but not over the page',
  async (rectangle, expected) => {
    const { view, first, page, free } = partsOf(base)
    const annotations = view.get(page, 'Annots')
    const annots = `[${Array.isArray(annotations) ? annotations.map(pdfText).join(' ') : ''} ${free + 1} 0 R]`
    const form = view.catalog.get('AcroForm')
    const fields = view.get(form, 'Fields')
    const listed = `[${Array.isArray(fields) ? fields.map(pdfText).join(' ') : ''} ${free + 1} 0 R]`
    const prepared = updated(base, {
      objects: {
        [free + 1]: `<</Type /Annot /Subtype /Widget /FT /Sig /T (Attesa) /F 132 /Rect ${rectangle} /P ${first} 0 R>>`,
        [first]: withEntries(page, { Annots: annots }),
        [numberOf(form)]: withEntries(view.resolve(form), { Fields: listed }),
      },
    })
    const countersigned = signedPdf(signedPdf(prepared, anna), bruno, { existing: free + 1 })
    expect(await changesOf(countersigned)).toEqual(expected)
  },
)

test('a form that is drawn instead of the pages is no part of a countersignature', async () => {
  const bare = signedPdf(await plainPdf({ form: false }), anna, { inForm: false })
  const { view, root, free } = partsOf(bare)
  const withForm = (entries: string): Buffer =>
    updated(bare, {
      objects: {
        [root]: withEntries(view.object(root), { AcroForm: `${free} 0 R` }),
        [free]: `<</Fields [] ${entries}>>`,
      },
    })
  expect(await changesOf(withForm('/DA (/F1 9 Tf)'))).toEqual([])
  expect(await changesOf(withForm('/XFA [(template) (<template/>)]'))).toEqual(['form_filled'])
})

test('a field is called by its name where fields are nested', () => {
  const { view } = partsOf(signed)
  const names = fieldsOf(view, pagesOf(view)).map(({ name, value }) => [name, textOf(view.get(value, 'T'))])
  expect(names.map(([name]) => name)).toEqual(expect.arrayContaining(['importo', 'luogo', 'Firma1']))
})
