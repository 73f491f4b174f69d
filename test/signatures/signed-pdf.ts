// Makes PDFs, changes them by incremental updates and signs them: also in the ways that no program should.
import { PDFDocument, StandardFonts } from 'pdf-lib'
import { pdfBudget } from '../../src-main/signatures/pdf-budget.ts'
import { dictOf, isRef, type PdfValue } from '../../src-main/signatures/pdf-object.ts'
import { pagesOf } from '../../src-main/signatures/pdf-tree.ts'
import { openPdf, type PdfView } from '../../src-main/signatures/pdf-view.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { signedData, type Signer } from './small-cms.ts'

export const viewOf = (pdf: Uint8Array): PdfView => openPdf(memorySource(pdf), pdfBudget()).viewAt(pdf.length)

/** Two pages of text and a form of two fields. */
export async function plainPdf({ pages = 2, objectStreams = false, form = true } = {}): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (let number = 1; number <= pages; number++)
    document.addPage([300, 300]).drawText(`Pagina ${number} del contratto`, { x: 20, y: 200, size: 12, font })
  if (form) {
    const [first] = document.getPages()
    for (const [name, y] of [
      ['importo', 100],
      ['luogo', 60],
    ] as const) {
      const field = document.getForm().createTextField(name)
      field.setText('vuoto')
      if (first !== undefined) field.addToPage(first, { x: 20, y, width: 100, height: 20, font })
    }
  }
  return Buffer.from(await document.save({ useObjectStreams: objectStreams, addDefaultPage: false }))
}

/** A value as PDF text; streams only as their dictionary. */
export function pdfText(value: PdfValue): string {
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(pdfText).join(' ')}]`
  switch (value.kind) {
    case 'name':
      return `/${value.name}`
    case 'string':
      return `<${Buffer.from(value.bytes).toString('hex')}>`
    case 'ref':
      return `${value.num} ${value.gen} R`
    case 'dict':
      return `<<${[...value.entries].map(([key, item]) => `/${key} ${pdfText(item)}`).join(' ')}>>`
    case 'stream':
      return pdfText(value.dict)
  }
}

/** The text of a dictionary with entries replaced; null takes one away. */
export function withEntries(value: PdfValue, entries: Record<string, string | null>): string {
  const kept = [...(dictOf(value)?.entries ?? [])].filter(([key]) => !(key in entries))
  const own = kept.map(([key, item]) => `/${key} ${pdfText(item)}`)
  const added = Object.entries(entries).flatMap(([key, text]) => (text === null ? [] : [`/${key} ${text}`]))
  return `<<${[...own, ...added].join(' ')}>>`
}
export const streamText = (content: string, entries = ''): string =>
  `<</Length ${content.length} ${entries}>>\nstream\n${content}\nendstream`

export interface Update {
  /** The text of each object. */
  objects?: Record<number, string>
  /** Objects that the new cross-reference calls free. */
  freed?: number[]
  /** Objects that it says to stand elsewhere. */
  repointed?: Record<number, number>
  root?: string
  /** Text of an /Encrypt dictionary; kept from the file by itself. */
  encrypt?: string
}

/** Appends an incremental update, its cross-reference of the kind that the file has. */
export function updated(pdf: Uint8Array, { objects = {}, freed = [], repointed = {}, root, encrypt }: Update): Buffer {
  const view = viewOf(pdf)
  const parts = [Buffer.from(pdf), Buffer.from('\n')]
  let at = pdf.length + 1
  const entries = new Map<number, { kind: 0 | 1; field: number }>()
  const add = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1')
    parts.push(bytes)
    at += bytes.length
  }
  for (const [num, text] of Object.entries(objects)) {
    entries.set(Number(num), { kind: 1, field: at })
    add(`${num} 0 obj\n${text}\nendobj\n`)
  }
  for (const num of freed) entries.set(num, { kind: 0, field: 0 })
  for (const [num, field] of Object.entries(repointed)) entries.set(Number(num), { kind: 1, field })
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(pdf).toString('latin1'))?.[1] ?? '0'
  const rootText = root ?? pdfText(view.trailer.entries.get('Root') ?? null)
  const isTable = !Buffer.from(pdf.subarray(Number(previous), Number(previous) + 8))
    .toString()
    .includes('obj')
  const own = Math.max(view.size, ...[...entries.keys()].map((num) => num + 1))
  const id = view.trailer.entries.get('ID') ?? null
  const locked = encrypt ?? pdfText(view.trailer.entries.get('Encrypt') ?? null)
  const shared = `${locked === 'null' ? '' : `/Encrypt ${locked} `}/Root ${rootText} /Prev ${previous}${id === null ? '' : ` /ID ${pdfText(id)}`}`
  const start = at
  if (isTable) {
    const rows = [...entries].map(
      ([num, { kind, field }]) =>
        `${num} 1\n${String(field).padStart(10, '0')} ${kind === 0 ? '00001 f' : '00000 n'} \n`,
    )
    add(`xref\n${rows.join('')}trailer\n<</Size ${own} ${shared}>>\n`)
  } else {
    entries.set(own, { kind: 1, field: start })
    const rows = [...entries].map(([, { kind, field }]) => {
      const row = Buffer.alloc(6)
      row[0] = kind
      row.writeUInt32BE(field, 1)
      return row
    })
    const index = [...entries.keys()].map((num) => `${num} 1`).join(' ')
    const data = Buffer.concat(rows).toString('latin1')
    add(
      `${own} 0 obj\n${streamText(data, `/Type /XRef /W [1 4 1] /Index [${index}] /Size ${own + 1} ${shared}`)}\nendobj\n`,
    )
  }
  add(`startxref\n${start}\n%%EOF\n`)
  return Buffer.concat(parts)
}

export interface SigningOptions {
  field?: string
  subFilter?: string
  /** DocMDP. */
  certify?: 1 | 2 | 3
  /** FieldMDP: text of its parameters. */
  lock?: string
  inForm?: boolean
  onPage?: boolean
  rectangle?: string
  /** A field that is there already. */
  existing?: number
  /** What goes into the signature dictionary besides. */
  more?: string
  contents?: (signed: Buffer) => Uint8Array
  /** Changes the numbers before they are written and signed. */
  byteRange?: (range: number[]) => number[]
}

const gapDigits = 8_000

/** Signs by an incremental update; the widget stands on the first page. */
export function signedPdf(pdf: Uint8Array, signer: Signer, options: SigningOptions = {}): Buffer {
  const { field = 'Firma1', subFilter = 'ETSI.CAdES.detached', inForm = true, onPage = true } = options
  const view = viewOf(pdf)
  const rootRef = view.trailer.entries.get('Root') ?? null
  const [page] = pagesOf(view).pages
  if (!isRef(rootRef) || page?.num === null || page === undefined) throw new Error('no page')
  const dictNum = view.size
  const fieldNum = options.existing ?? view.size + 1
  const formRef = view.catalog.get('AcroForm') ?? null
  const form = view.resolve(formRef)
  const listed = view.get(form, 'Fields')
  const fields = [...(Array.isArray(listed) ? listed.map(pdfText) : []), `${fieldNum} 0 R`]
  const annotations = view.get(page.value, 'Annots')
  const widgets = [...(Array.isArray(annotations) ? annotations.map(pdfText) : []), `${fieldNum} 0 R`]
  const parameters = (method: string, text: string): string =>
    `<</Type /SigRef /TransformMethod /${method} /TransformParams <</Type /TransformParams /V /1.2 ${text}>>>>`
  const references = [
    ...(options.certify === undefined ? [] : [parameters('DocMDP', `/P ${options.certify}`)]),
    ...(options.lock === undefined ? [] : [parameters('FieldMDP', options.lock)]),
  ]
  const dict =
    `<</Type /${subFilter === 'ETSI.RFC3161' ? 'DocTimeStamp' : 'Sig'} /Filter /Adobe.PPKLite /SubFilter /${subFilter} ` +
    `/ByteRange [0 1111111111 2222222222 3333333333] /Contents <${'0'.repeat(gapDigits)}> ` +
    (references.length === 0 ? '' : `/Reference [${references.join(' ')}] `) +
    `${subFilter === 'ETSI.RFC3161' ? '' : "/M (D:20240506070809+02'00') "}${options.more ?? ''}>>`
  const objects: Record<number, string> = {
    [dictNum]: dict,
    [fieldNum]:
      options.existing === undefined
        ? `<</Type /Annot /Subtype /Widget /FT /Sig /T (${field}) /V ${dictNum} 0 R /F 132 /Rect ${options.rectangle ?? '[0 0 0 0]'} /P ${page.num} 0 R>>`
        : withEntries(view.object(options.existing), { V: `${dictNum} 0 R` }),
  }
  const catalog: Record<string, string> = {}
  if (options.existing === undefined && inForm) {
    const text = withEntries(form, { Fields: `[${fields.join(' ')}]`, SigFlags: '3' })
    if (isRef(formRef)) objects[formRef.num] = text
    else catalog['AcroForm'] = text
  }
  if (options.certify !== undefined) catalog['Perms'] = `<</DocMDP ${dictNum} 0 R>>`
  if (Object.keys(catalog).length > 0) objects[rootRef.num] = withEntries(view.object(rootRef.num), catalog)
  if (options.existing === undefined && onPage)
    objects[page.num] = withEntries(page.value, { Annots: `[${widgets.join(' ')}]` })
  const prepared = updated(pdf, { objects })

  const gap = prepared.lastIndexOf(`<${'0'.repeat(gapDigits)}>`)
  const after = gap + gapDigits + 2
  const range = [0, gap, after, prepared.length - after]
  const written = options.byteRange?.(range) ?? range
  const placeholder = '1111111111 2222222222 3333333333]'
  const text =
    written
      .slice(1)
      .join(' ')
      .padEnd(placeholder.length - 1) + ']'
  prepared.write(text, prepared.lastIndexOf(placeholder), 'latin1')
  const covered = Buffer.concat([prepared.subarray(0, gap), prepared.subarray(after)])
  const contents = options.contents?.(covered) ?? signedData(signer, covered)
  prepared.write(Buffer.from(contents).toString('hex'), gap + 1, 'latin1')
  return prepared
}
