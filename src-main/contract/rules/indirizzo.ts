/** Five figures; leading zeros count (domain.md Q). */
export function isCap(raw: string): boolean {
  return /^[0-9]{5}$/.test(raw.trim())
}

/** The signs of the provinces, those that Sardinia had for a while among them, and `EE` for abroad. */
const PROVINCE: ReadonlySet<string> = new Set(
  (
    'AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EE EN FC FE FG FI FM ' +
    'FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN PO PR PT PU ' +
    'PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VS VT VV'
  ).split(' '),
)

/** Two letters that are the sign of a province, or `EE` for abroad. */
export function isProvincia(raw: string): boolean {
  return PROVINCE.has(raw.trim().toUpperCase())
}
