// Bytes behind the end of what was signed to which the signed bytes lead all the same: whoever prepared the document has
// only to append them, and no object stands elsewhere than it did.
import { expect, test } from 'vitest'
import type { CambiamentoDopoFirma } from '../../src-main/contract/verifica.ts'
import { pdfBudget } from '../../src-main/signatures/pdf-budget.ts'
import { isRef, isStream, type PdfValue } from '../../src-main/signatures/pdf-object.ts'
import { pagesOf } from '../../src-main/signatures/pdf-tree.ts'
import { verifyPdf } from '../../src-main/signatures/pdf-verify.ts'
import { openPdf, type PdfView } from '../../src-main/signatures/pdf-view.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { pdfText, plainPdf, signedPdf, streamText, updated, viewOf, withEntries } from './signed-pdf.ts'
import { makeSigner } from './small-cms.ts'

const anna = makeSigner('Anna Prova')
const bruno = makeSigner('Bruno Prova', { serial: 2 })
const base = await plainPdf()
const compressed = await plainPdf({ objectStreams: true })
/** Where the bytes that follow are to stand. */
const far = 60_000
const drawn = 'BT /F1 40 Tf 10 10 Td (Altro) Tj ET'

const startOf = (pdf: Buffer): string => /startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString('latin1'))?.[1] ?? '0'

/** The document with the content of its first page made of what it had and of another object. */
function leadingTo(pdf: Buffer, num: number, update: Parameters<typeof updated>[1]): Buffer {
  const view = viewOf(pdf)
  const [page] = pagesOf(view).pages
  if (page?.num == null) throw new Error('no page')
  const had = view.get(page.value, 'Contents')
  const contents = `[${Array.isArray(had) ? had.map(pdfText).join(' ') : ''} ${num} 0 R]`
  const objects = { [page.num]: withEntries(page.value, { Contents: contents }), ...update.objects }
  return updated(pdf, { ...update, objects })
}

/** Appends text, blanks up to a place, and more text; the cross-reference is the one that was signed. */
const filledTo = (signed: Buffer, place: number, text: string, first = ''): Buffer =>
  Buffer.concat([
    signed,
    Buffer.from(first),
    Buffer.alloc(place - signed.length - first.length, '\n'),
    Buffer.from(`${text}\nstartxref\n${startOf(signed)}\n%%EOF\n`, 'latin1'),
  ])

interface Prepared {
  /** What is to be signed. */
  victim: Buffer
  attack(signed: Buffer): Buffer
}

function notThereYet(): Prepared {
  const num = viewOf(base).size + 5
  return {
    victim: leadingTo(base, num, { repointed: { [num]: far } }),
    attack: (signed) => filledTo(signed, far, `${num} 0 obj\n${streamText(drawn)}\nendobj`),
  }
}

function longerThanTheFile(length: (free: number) => { text: string; objects: Record<number, string> }): Prepared {
  const num = viewOf(base).size + 5
  const { text, objects } = length(num + 1)
  const stream = `<</Length ${text}>>\nstream\nBT ET\n\nendstream`
  const victim = leadingTo(base, num, { objects: { [num]: stream, ...objects } })
  const end = victim.indexOf('stream\nBT ET') + 'stream\n'.length + far
  return {
    victim,
    attack: (signed) => filledTo(signed, end, '\nendstream\nendobj', `\n${drawn}\n`),
  }
}

function withoutItsEnd(): Prepared {
  const num = viewOf(base).size + 5
  return {
    victim: leadingTo(base, num, { objects: { [num]: '<</Length 5>>\nstream\nBT ET' } }),
    attack: (signed) => filledTo(signed, signed.length + 10, `${drawn}\nendstream\nendobj`),
  }
}

function openString(): Prepared {
  const num = viewOf(base).size + 5
  return {
    victim: leadingTo(base, num, { objects: { [num]: '<</Nota (' } }),
    attack: (signed) =>
      filledTo(signed, signed.length + 10, `) /Length ${drawn.length}>>\nstream\n${drawn}\nendstream\nendobj`),
  }
}

function objectStream(): Prepared {
  const view = viewOf(compressed)
  const [holder, num] = [view.size + 5, view.size + 6]
  const head = `${num} ${far} `
  const stream = `<</Type /ObjStm /N 1 /First ${head.length} /Length ${far + 5000}>>\nstream\n${head}\nendstream`
  const victim = leadingTo(compressed, num, { objects: { [holder]: stream }, repointed: { [num]: holder } })
  // The row that has it in the file, where it stands in the stream.
  const rows = victim.lastIndexOf('>>\nstream\n') + '>>\nstream\n'.length
  const row = victim.indexOf(Buffer.from([1, 0, 0, 0, holder, 0]), rows)
  victim[row] = 2
  const at = victim.indexOf(`stream\n${head}`) + 'stream\n'.length
  const text = '[(un altro contenuto)] '
  return {
    victim,
    attack: (signed) =>
      filledTo(signed, at + head.length + far, text.padEnd(5000 - head.length, ' ') + '\nendstream\nendobj'),
  }
}

const attacks: [string, () => Prepared][] = [
  ['an object that was not there yet', notThereYet],
  ['a stream that is longer than the file was', () => longerThanTheFile(() => ({ text: String(far), objects: {} }))],
  [
    'a stream whose length stands elsewhere and is too long',
    () => longerThanTheFile((free) => ({ text: `${free} 0 R`, objects: { [free]: String(far) } })),
  ],
  ['a stream whose length is spelt otherwise', () => longerThanTheFile(() => ({ text: `+${far}.0`, objects: {} }))],
  ['a stream that had no end', withoutItsEnd],
  ['an object of which a part was in a string that was open', openString],
  ['an object in a stream that is longer than the file was', objectStream],
]

test.each(attacks)('%s is a change of the page when it comes to be there', async (_, prepare) => {
  const { victim, attack } = prepare()
  const signed = signedPdf(victim, anna)
  const attacked = attack(signed)
  for (const [pdf, changes] of [
    [signed, []],
    [attacked, ['page_content_changed']],
    [signedPdf(attacked, bruno, { field: 'Firma2' }), ['page_content_changed']],
  ] as const) {
    const { signatures } = await verifyPdf(memorySource(pdf))
    expect(signatures[0]?.firma).toMatchObject({ integrity: 'valid', coversWholeDocument: pdf === signed })
    expect(signatures[0]?.firma.changesAfterSigning.filter((change) => change !== 'shadow_content')).toEqual(changes)
  }
})

test('a cross-reference of which a part was not signed makes nothing sure', async () => {
  const view = viewOf(compressed)
  const root = pdfText(view.trailer.entries.get('Root') ?? null)
  const own = `<</Type /XRef /W [1 4 1] /Index [0 1] /Size ${view.size} /Root ${root} /Prev ${startOf(compressed)}`
  const section = `${view.size + 1} 0 obj\n${own} /Length ${far}>>\nstream\n\0\0\0\0\0\0\nendstream\nendobj\n`
  const victim = Buffer.concat([
    compressed,
    Buffer.from(`${section}startxref\n${compressed.length}\n%%EOF\n`, 'latin1'),
  ])
  const signed = signedPdf(victim, anna)
  const start = victim.lastIndexOf('>>\nstream\n') + '>>\nstream\n'.length
  const { signatures } = await verifyPdf(memorySource(filledTo(signed, start + far, '\nendstream\nendobj')))
  expect(signatures[0]?.firma.changesAfterSigning).toContain('other_changes')
})

/** What leads to an object that is not there yet, and what that is then. */
const leads: [string, CambiamentoDopoFirma, (num: number, view: PdfView) => [Record<number, string>, string]][] = [
  [
    'the list of annotations of a page',
    'annotations_changed',
    (num, view) => [
      { [second(view)]: withEntries(view.object(second(view)), { Annots: `${num} 0 R` }) },
      '[<</Type /Annot /Subtype /FreeText /Rect [0 0 300 300] /Contents (Altro)>>]',
    ],
  ],
  [
    'the resources of a page',
    'shadow_content',
    (num, view) => [
      { [second(view)]: withEntries(view.object(second(view)), { Resources: `${num} 0 R` }) },
      '<</Font <<>>>>',
    ],
  ],
  [
    'a page',
    'pages_added',
    (num, view) => {
      const { pages, nodes } = pagesOf(view)
      const [tree = 0] = nodes
      const kids = pages.map((page) => `${String(page.num)} 0 R`).join(' ')
      return [
        { [tree]: withEntries(view.object(tree), { Kids: `[${kids} ${num} 0 R]` }) },
        `<</Type /Page /Parent ${tree} 0 R /MediaBox [0 0 300 300]>>`,
      ]
    },
  ],
  [
    'what is shown and what is hidden',
    'shadow_content',
    (num, view) => [rootWith(view, { OCProperties: `${num} 0 R` }), '<</OCGs [] /D <</BaseState /OFF>>>>'],
  ],
  ['an action', 'other_changes', (num, view) => [rootWith(view, { OpenAction: `${num} 0 R` }), '<</S /JavaScript>>']],
]
const second = (view: PdfView): number => pagesOf(view).pages[1]?.num ?? 0
function rootWith(view: PdfView, entries: Record<string, string>): Record<number, string> {
  const root = view.trailer.entries.get('Root') ?? null
  if (!isRef(root)) throw new Error('no root')
  return { [root.num]: withEntries(view.object(root.num), entries) }
}

test.each(leads)('%s that comes to be there is called what it is: %s', async (_, change, leading) => {
  const view = viewOf(base)
  const num = view.size + 5
  const [objects, text] = leading(num, view)
  const signed = signedPdf(updated(base, { objects, repointed: { [num]: far } }), anna)
  const { signatures } = await verifyPdf(memorySource(filledTo(signed, far, `${num} 0 obj\n${text}\nendobj`)))
  expect(signatures[0]?.firma).toMatchObject({ integrity: 'valid', coversWholeDocument: false })
  expect(signatures[0]?.firma.changesAfterSigning).toContain(change)
})

test('a document that leads behind its end stays valid when it is signed once more', async () => {
  for (const [, prepare] of attacks) {
    const signed = signedPdf(signedPdf(prepare().victim, anna), bruno, { field: 'Firma2' })
    const { signatures } = await verifyPdf(memorySource(signed))
    expect(signatures.map(({ firma }) => firma.integrity)).toEqual(['valid', 'valid'])
  }
})

/** All that a state has, with what its streams hold. */
function spelt(view: PdfView, value: PdfValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => spelt(view, item))
  if (isStream(value)) return [value.start, spelt(view, value.dict), lengthOf(view, value)]
  return value.kind === 'dict' ? [...value.entries].map(([key, item]) => [key, spelt(view, item)]) : { ...value }
}
function lengthOf(view: PdfView, stream: Parameters<PdfView['streamLength']>[0]): number | null {
  try {
    return view.streamLength(stream)
  } catch {
    return null
  }
}
const allOf = (view: PdfView): unknown[] => [
  view.rebuilt,
  ...Array.from({ length: view.size }, (_, num) => spelt(view, view.object(num))),
]

test.each(attacks)('the signed state is the same as if nothing had followed it, with %s', (_, prepare) => {
  const { victim, attack } = prepare()
  const signed = signedPdf(victim, anna)
  const attacked = attack(signed)
  const alone = allOf(viewOf(signed))
  const file = openPdf(memorySource(attacked), pdfBudget())
  const final = file.viewAt(attacked.length)
  const before = allOf(final)
  expect(allOf(file.viewAt(signed.length))).toEqual(alone)
  expect(allOf(final)).toEqual(before)
  expect(before).not.toEqual(alone)
})
