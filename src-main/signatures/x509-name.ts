import { isUniversal, oidOf, sequenceOf, setOf, tags, textOf, type DerElement } from './der.ts'

/** One attribute of a distinguished name, in the order of the certificate. */
export interface NameAttribute {
  oid: string
  value: string
}

const labels: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GN',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'E',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}
export const nameOids = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  organization: '2.5.4.10',
  givenName: '2.5.4.42',
  pseudonym: '2.5.4.65',
  organizationIdentifier: '2.5.4.97',
} as const

/** What would break a line or turn a text round does not belong in a name that people read. */
const printable = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()

/** The attributes of a Name (RFC 5280, 4.1.2.4). Values of no known string type are left out. Throws StructureError. */
export function nameOf(element: DerElement): NameAttribute[] {
  return sequenceOf(element).flatMap((relative) =>
    setOf(relative).flatMap((pair) => {
      const [type, value] = sequenceOf(pair)
      const text = value === undefined ? null : textOf(value)
      return !isUniversal(type, tags.oid) || text === null ? [] : [{ oid: oidOf(type), value: printable(text) }]
    }),
  )
}

/** In the order of RFC 4514: what is most particular comes first. */
export function nameText(attributes: readonly NameAttribute[]): string {
  return attributes
    .map(({ oid, value }) => `${labels[oid] ?? oid}=${value.replace(/([,+"\\<>;])/g, '\\$1')}`)
    .reverse()
    .join(', ')
}

export function attributeOf(attributes: readonly NameAttribute[], oid: string): string | null {
  return attributes.find((attribute) => attribute.oid === oid && attribute.value !== '')?.value ?? null
}
