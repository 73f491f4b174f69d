import { XMLParser } from 'fast-xml-parser'

/** An element as the parser leaves it: children by local name, attributes under `@`, its own text under `#text`. */
export type XmlNode = Readonly<Record<string, unknown>>

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // No document type gets here: what is left are the five entities of XML itself.
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 50_000_000 },
})

/** Parses canonical XML, without a document type. Throws what the parser throws. */
export function parseXml(text: string): XmlNode {
  return parser.parse(text) as XmlNode
}

function asNode(value: unknown): XmlNode | null {
  if (typeof value === 'string') return { '#text': value }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

/** Every child of this name, in order. */
export function all(node: XmlNode | null, name: string): XmlNode[] {
  const value = node?.[name]
  const values = Array.isArray(value) ? (value as unknown[]) : [value]
  return values.map(asNode).filter((one) => one !== null)
}

/** The first descendant along these names; null where there is none. */
export function at(node: XmlNode | null, ...path: string[]): XmlNode | null {
  let found = node
  for (const name of path) found = all(found, name)[0] ?? null
  return found
}

/** The text along these names, its ends trimmed; null where there is no such element, or nothing in it. */
export function text(node: XmlNode | null, ...path: string[]): string | null {
  const value = at(node, ...path)?.['#text']
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

export function attribute(node: XmlNode | null, name: string): string | null {
  const value = node?.[`@${name}`]
  return typeof value === 'string' ? value : null
}
