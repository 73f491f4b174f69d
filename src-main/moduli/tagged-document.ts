import { deflateSync } from 'node:zlib'
import { PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream, type PDFRef, PDFString } from 'pdf-lib'
import { formFonts, type Face, type FormFonts } from './form-fonts.ts'
import { objectStream } from './object-stream.ts'

/** Points; places are counted from the upper left corner. */
export interface PageSize {
  width: number
  height: number
}
/** A4. */
export const PAGE: PageSize = { width: 595.28, height: 841.89 }
export const LANDSCAPE: PageSize = { width: PAGE.height, height: PAGE.width }

export type Rgb = readonly [number, number, number]
export type StructureType =
  'Document' | 'Sect' | 'H1' | 'H2' | 'P' | 'L' | 'LI' | 'Lbl' | 'LBody' | 'Figure' | 'Table' | 'TR' | 'TH' | 'TD'

/** A node of the structure tree, in reading order (ISO 32000-1, 14.7). */
export interface Element {
  readonly ref: PDFRef
  readonly type: StructureType
  readonly parent: PDFRef
  readonly kids: (Element | { page: PDFRef; mcid: number })[]
  readonly attributes: Record<string, string | Record<string, string | number | readonly number[]>>
}

/** A page that is being drawn. */
export interface Page {
  readonly ref: PDFRef
  readonly content: string[]
  /** The element of each piece of marked content, by its number. */
  readonly marked: PDFRef[]
}

/** A PDF with structure, language and title for screen readers (PDF 1.7, tagged), written while it grows. */
export interface TaggedDocument {
  readonly fonts: FormFonts
  page(): Page
  element(type: StructureType, parent: Element | null, attributes?: Element['attributes']): Element
  /** What is drawn belongs to an element, or (null) to none: decoration that is not read out. */
  draw(page: Page, owner: Element | null, operators: string): void
  text(text: string, at: { x: number; y: number; face: Face; size: number; colour: Rgb }): string
  /** Nothing more is drawn on these pages nor added to this element; both are written. No bookmark where it is null. */
  close(root: Element, pages: readonly Page[], bookmark: string | null): void
  take(): Uint8Array<ArrayBuffer>
  end(): Promise<void>
}

const number = (value: number): string => String(Math.round(value * 100) / 100)
export const fill = (colour: Rgb): string => `${colour.map(number).join(' ')} rg`
export const stroke = (colour: Rgb): string => `${colour.map(number).join(' ')} RG`
/** A filled rectangle; `y` is its upper edge. */
export const box = (x: number, y: number, width: number, height: number, colour: Rgb, size = PAGE): string =>
  `${fill(colour)} ${number(x)} ${number(size.height - y - height)} ${number(width)} ${number(height)} re f`
export const frame = (x: number, y: number, width: number, height: number, colour: Rgb, line = 0.7): string =>
  `${stroke(colour)} ${number(line)} w ${number(x)} ${number(PAGE.height - y - height)} ${number(width)} ${number(height)} re S`
export const rule = (x: number, y: number, width: number, colour: Rgb, line = 0.7, size = PAGE): string =>
  `${stroke(colour)} ${number(line)} w ${number(x)} ${number(size.height - y)} m ${number(x + width)} ${number(size.height - y)} l S`

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function xmp(title: string, made: Date): string {
  const at = made.toISOString()
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xml(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>it-IT</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>${at}</xmp:CreateDate><xmp:ModifyDate>${at}</xmp:ModifyDate>
<xmp:CreatorTool>Sportello LRA</xmp:CreatorTool><pdf:Producer>Sportello LRA</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
}

export async function taggedDocument(title: string, made: Date, size = PAGE): Promise<TaggedDocument> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const { context, catalog } = document
  const fonts = await formFonts(document)
  const stream = objectStream(context)
  const name = PDFName.of
  const words = (text: string): PDFHexString => PDFHexString.fromText(text)

  document.setTitle(title)
  document.setLanguage('it-IT')
  document.setProducer('Sportello LRA')
  document.setCreator('Sportello LRA')
  document.setCreationDate(made)
  document.setModificationDate(made)
  catalog.set(name('MarkInfo'), context.obj({ Marked: true }))
  catalog.set(name('ViewerPreferences'), context.obj({ DisplayDocTitle: true }))
  const metadata = context.stream(new TextEncoder().encode(xmp(title, made)), { Type: 'Metadata', Subtype: 'XML' })
  catalog.set(name('Metadata'), context.register(metadata))

  const pages = catalog.lookup(name('Pages'), PDFDict)
  const pagesRef = catalog.get(name('Pages'))
  const pageRefs: PDFRef[] = []
  const treeRef = context.nextRef()
  const fontsRef = context.nextRef()
  const rootKids: PDFRef[] = []
  const parentTree: PDFRef[] = []
  const bookmarks: { title: string; page: PDFRef }[] = []

  function write(element: Element): void {
    const dictionary = context.obj({ Type: 'StructElem', S: element.type, P: element.parent })
    for (const [key, value] of Object.entries(element.attributes))
      dictionary.set(
        name(key),
        typeof value === 'string' ? words(value) : context.obj(value as Record<string, string | number | number[]>),
      )
    const kids = element.kids.map((kid) =>
      'mcid' in kid ? context.obj({ Type: 'MCR', Pg: kid.page, MCID: kid.mcid }) : kid.ref,
    )
    dictionary.set(name('K'), context.obj(kids))
    stream.write(element.ref, dictionary)
    for (const kid of element.kids) if ('type' in kid) write(kid)
  }

  const root: Element = { ref: context.nextRef(), type: 'Document', parent: treeRef, kids: [], attributes: {} }

  return {
    fonts,
    page: () => ({ ref: context.nextRef(), content: [], marked: [] }),
    element: (type, parent, attributes = {}) => {
      const element: Element = { ref: context.nextRef(), type, parent: (parent ?? root).ref, kids: [], attributes }
      if (parent === null) rootKids.push(element.ref)
      else parent.kids.push(element)
      return element
    },
    draw: (page, owner, operators) => {
      if (owner === null) {
        page.content.push(`/Artifact BMC\n${operators}\nEMC`)
        return
      }
      const mcid = page.marked.push(owner.ref) - 1
      owner.kids.push({ page: page.ref, mcid })
      page.content.push(`/${owner.type} <</MCID ${mcid}>> BDC\n${operators}\nEMC`)
    },
    text: (text, { x, y, face, size: points, colour }) => {
      const parts = fonts.runs(text, face).map(({ font, hex }) => `/${font} ${number(points)} Tf <${hex}> Tj`)
      return `${fill(colour)} BT 1 0 0 1 ${number(x)} ${number(size.height - y)} Tm ${parts.join(' ')} ET`
    },
    close: (element, drawn, bookmark) => {
      const [first] = drawn
      if (first !== undefined && bookmark !== null) bookmarks.push({ title: bookmark, page: first.ref })
      for (const page of drawn) {
        const content = context.nextRef()
        const bytes = deflateSync(page.content.join('\n'))
        stream.write(content, PDFRawStream.of(context.obj({ Filter: 'FlateDecode', Length: bytes.length }), bytes))
        const parents = context.nextRef()
        stream.write(parents, context.obj(page.marked))
        const dictionary = context.obj({
          Type: 'Page',
          MediaBox: [0, 0, size.width, size.height],
          Resources: { Font: fontsRef },
          Contents: content,
          StructParents: parentTree.push(parents) - 1,
          Tabs: 'S',
        })
        if (pagesRef !== undefined) dictionary.set(name('Parent'), pagesRef)
        stream.write(page.ref, dictionary)
        pageRefs.push(page.ref)
      }
      write(element)
    },
    take: () => stream.take(),
    end: async () => {
      pages.set(name('Kids'), context.obj(pageRefs))
      pages.set(name('Count'), context.obj(pageRefs.length))
      const numbers = context.register(context.obj({ Nums: parentTree.flatMap((ref, at) => [context.obj(at), ref]) }))
      context.assign(
        root.ref,
        context.obj({ Type: 'StructElem', S: 'Document', P: treeRef, K: rootKids, Lang: PDFString.of('it-IT') }),
      )
      context.assign(
        treeRef,
        context.obj({
          Type: 'StructTreeRoot',
          K: [root.ref],
          ParentTree: numbers,
          ParentTreeNextKey: parentTree.length,
        }),
      )
      catalog.set(name('StructTreeRoot'), treeRef)
      if (bookmarks.length > 1) {
        const outline = context.nextRef()
        const items = bookmarks.map(() => context.nextRef())
        bookmarks.forEach((bookmark, at) => {
          const item = context.obj({
            Title: words(bookmark.title),
            Parent: outline,
            Dest: [bookmark.page, 'XYZ', null, null, null],
          })
          const [before, after] = [items[at - 1], items[at + 1]]
          if (before !== undefined) item.set(name('Prev'), before)
          if (after !== undefined) item.set(name('Next'), after)
          stream.write(items[at] ?? outline, item)
        })
        const [first, last] = [items[0], items.at(-1)]
        if (first !== undefined && last !== undefined)
          stream.write(outline, context.obj({ Type: 'Outlines', First: first, Last: last, Count: items.length }))
        catalog.set(name('Outlines'), outline)
      }
      const named = context.obj({})
      for (const [called, ref] of fonts.used()) named.set(name(called), ref)
      context.assign(fontsRef, named)
      await document.flush()
      stream.end()
    },
  }
}
