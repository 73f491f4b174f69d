import { once } from 'node:events'
import { crc32, createDeflateRaw } from 'node:zlib'
import { Zip, ZipPassThrough, type ZipInputFile } from 'fflate'
import type { ExportColumn, ExportKind } from '../contract/esportazione.ts'
import type { ExportCell, ExportTable } from './export-table.ts'
import { italianDate, italianMoment } from './italian-date.ts'

/**
 * An Excel workbook (ISO/IEC 29500) written while its rows come: typed cells, codes as text, a header that stays in
 * place, filters, and a second sheet that says what the list is. Texts stand in the cells, so that nothing grows with the
 * rows. (hucre's `writeXlsxStream` has no filters, and takes three times as long; its reader reads this in the tests.)
 */

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const NS_R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/package/2006'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
/** Signs of the sheet that are written at once: what is longer lives long in memory. */
const PIECE_SIGNS = 32_768
/** A sign has three bytes at most. */
const PIECE_BYTES = 4 * PIECE_SIGNS
/** A cell holds no more. */
const MOST_SIGNS = 32_767

/** Styles by their place in `styles.xml`. */
const style = { plain: 0, head: 1, text: 2, day: 3, moment: 4, integer: 5, money: 6, decimal: 7 } as const

const styles = `${HEAD}<styleSheet xmlns="${NS}"><numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="166" formatCode="&quot;€&quot;\\ #,##0.00"/><numFmt numFmtId="167" formatCode="#,##0.####"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE6F0FA"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>${[49, 164, 165, 3, 166, 167].map((id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`).join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// What XML 1.0 cannot hold, halves of surrogate pairs among it, would make Excel refuse the whole file.
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const special = /[&<>"]/
const xml = (text: string): string => {
  // A reader of XML makes a line's end of a carriage return.
  const clean = text.replace(unwritable, '').replaceAll(/\r\n?/g, '\n').slice(0, MOST_SIGNS)
  if (!special.test(clean)) return clean
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Column names: A, B, … Z, AA. */
export function columnName(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26))
  return at < 26 ? letter : columnName(Math.floor(at / 26) - 1) + letter
}

const DAY_MS = 86_400_000
/** Days since the beginning of a spreadsheet's time, as Italy's calendar has them; the time of day is a part of one. */
function serial(written: string): number {
  const [, day, month, year, hour = '0', minute = '0'] = /^(\d+)\/(\d+)\/(\d+)(?:, (\d+):(\d+))?$/.exec(written) ?? []
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
  return (at - Date.UTC(1899, 11, 30)) / DAY_MS
}

const textCell = (ref: string, text: string, of: number): string =>
  text === '' ? '' : `<c r="${ref}" s="${of}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`
const numberCell = (ref: string, value: number, of: number): string =>
  Number.isFinite(value) ? `<c r="${ref}" s="${of}"><v>${value}</v></c>` : ''

function cellXml(ref: string, cell: ExportCell, kind: ExportKind): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return textCell(ref, cell ? 'Sì' : 'No', style.plain)
  if (typeof cell === 'number')
    return numberCell(ref, cell, kind === 'money' ? style.money : kind === 'decimal' ? style.decimal : style.integer)
  switch (kind) {
    case 'date':
    case 'moment': {
      const isDay = kind === 'date'
      const days = serial(isDay ? italianDate(cell) : italianMoment(cell))
      // Spreadsheets know no day before 1900, nor what is no date at all.
      return days >= 1 ? numberCell(ref, days, isDay ? style.day : style.moment) : textCell(ref, cell, style.plain)
    }
    case 'code':
      return textCell(ref, cell, style.text)
    case 'text':
    case 'integer':
    case 'decimal':
    case 'bytes':
    case 'money':
    case 'boolean':
      return textCell(ref, cell, style.plain)
  }
}

const widths: Record<ExportKind, number> = {
  text: 28,
  code: 19,
  date: 12,
  moment: 17,
  integer: 13,
  decimal: 13,
  bytes: 14,
  money: 13,
  boolean: 9,
}

const rowXml = (at: number, cells: string): string => `<row r="${at}">${cells}</row>`

function infoSheet(table: ExportTable): string {
  const lines: [string, string][] = [
    ['Elenco', table.title],
    ['Filtro', table.filter === '' ? 'Nessuno' : table.filter],
    ['Righe', table.total.toLocaleString('it-IT')],
    ['Esportato', italianMoment(table.made.toISOString())],
  ]
  const rows = lines.map(([name, value], at) =>
    rowXml(at + 1, textCell(`A${at + 1}`, name, style.head) + textCell(`B${at + 1}`, value, style.plain)),
  )
  return `${HEAD}<worksheet xmlns="${NS}"><cols><col min="1" max="1" width="14" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`
}

function sheetStart(columns: readonly ExportColumn[]): string {
  const cols = columns.map(
    ({ kind, title }, at) =>
      `<col min="${at + 1}" max="${at + 1}" width="${Math.max(widths[kind], title.length + 4)}" customWidth="1"/>`,
  )
  const heads = columns.map(({ title }, at) => textCell(`${columnName(at)}1`, title, style.head))
  return `${HEAD}<worksheet xmlns="${NS}" xmlns:r="${NS_R}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${cols.join('')}</cols><sheetData>${rowXml(1, heads.join(''))}`
}

/** The parts whose size is known, by name. */
function smallParts(table: ExportTable, range: string): [string, string][] {
  const sheet = (at: number, name: string): string => `<sheet name="${name}" sheetId="${at}" r:id="rId${at}"/>`
  const part = (name: string, type: string): string =>
    `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-${type}+xml"/>`
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${type}" Target="${target}"/>`
  const main = 'officedocument.spreadsheetml'
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${OFFICE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('xl/workbook.xml', `${main}.sheet.main`)}${part('xl/worksheets/sheet1.xml', `${main}.worksheet`)}${part('xl/worksheets/sheet2.xml', `${main}.worksheet`)}${part('xl/styles.xml', `${main}.styles`)}${part('docProps/core.xml', 'package.core-properties')}</Types>`,
    ],
    [
      '_rels/.rels',
      `${HEAD}<Relationships xmlns="${OFFICE}/relationships">${relation(1, `${NS_R}/officeDocument`, 'xl/workbook.xml')}${relation(2, `${OFFICE}/relationships/metadata/core-properties`, 'docProps/core.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${NS}" xmlns:r="${NS_R}"><sheets>${sheet(1, 'Elenco')}${sheet(2, 'Informazioni')}</sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Elenco!${range}</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">Elenco!$1:$1</definedName></definedNames></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${HEAD}<Relationships xmlns="${OFFICE}/relationships">${relation(1, `${NS_R}/worksheet`, 'worksheets/sheet1.xml')}${relation(2, `${NS_R}/worksheet`, 'worksheets/sheet2.xml')}${relation(3, `${NS_R}/styles`, 'styles.xml')}</Relationships>`,
    ],
    ['xl/styles.xml', styles],
    ['xl/worksheets/sheet2.xml', infoSheet(table)],
    [
      'docProps/core.xml',
      `${HEAD}<cp:coreProperties xmlns:cp="${OFFICE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xml(table.title)}</dc:title><dc:creator>Sportello LRA</dc:creator><dc:language>it-IT</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">${table.made.toISOString()}</dcterms:created></cp:coreProperties>`,
    ],
  ]
}

export async function* exportXlsx(table: ExportTable): AsyncGenerator<Uint8Array> {
  const { columns } = table
  const names = columns.map((_column, at) => columnName(at))
  const last = names.at(-1) ?? 'A'
  let ready: Uint8Array[] = []
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error
    ready.push(bytes)
  })
  function* taken(): Generator<Uint8Array> {
    const pieces = ready
    ready = []
    yield* pieces
  }

  const sheet: ZipInputFile = {
    filename: 'xl/worksheets/sheet1.xml',
    size: 0,
    crc: 0,
    compression: 8,
    mtime: table.made,
  }
  zip.add(sheet)
  // The threads of zlib do the work: the loop is free meanwhile.
  const deflate = createDeflateRaw({ level: 4 })
  const failures: Error[] = []
  deflate.on('data', (bytes: Buffer<ArrayBuffer>) => sheet.ondata?.(null, bytes, false))
  deflate.on('error', (error) => {
    failures.push(error)
  })
  // One for all pieces: zlib has taken one in before the next is written.
  const scratch = Buffer.allocUnsafe(PIECE_BYTES)
  async function write(text: string): Promise<void> {
    const fits = text.length * 3 <= PIECE_BYTES
    const bytes = fits ? scratch.subarray(0, scratch.write(text)) : Buffer.from(text)
    sheet.size = sheet.size + bytes.length
    sheet.crc = crc32(bytes, sheet.crc)
    await new Promise<void>((resolve, reject) => {
      deflate.write(bytes, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
    const [failure] = failures
    if (failure !== undefined) throw failure
  }
  try {
    await write(sheetStart(columns))
    let at = 1
    for await (const rows of table.parts()) {
      let text = ''
      for (const row of rows) {
        at += 1
        let cells = ''
        for (let column = 0; column < columns.length; column += 1)
          cells += cellXml(`${names[column] ?? ''}${at}`, row[column] ?? null, columns[column]?.kind ?? 'text')
        text += rowXml(at, cells)
        if (text.length < PIECE_SIGNS) continue
        await write(text)
        text = ''
      }
      if (text !== '') await write(text)
      yield* taken()
    }
    await write(
      `</sheetData><autoFilter ref="A1:${last}${at}"/><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;L${xml(table.title.replaceAll('&', '&&'))}&amp;RPagina &amp;P di &amp;N</oddFooter></headerFooter></worksheet>`,
    )
    deflate.end()
    await once(deflate, 'end')
    sheet.ondata?.(null, new Uint8Array(0), true)
    for (const [name, content] of smallParts(table, `$A$1:$${last}$${at}`)) {
      const file = new ZipPassThrough(name)
      file.mtime = table.made
      zip.add(file)
      file.push(Buffer.from(content), true)
    }
    zip.end()
    yield* taken()
  } finally {
    deflate.destroy()
  }
}
