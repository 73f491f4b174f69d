// MZ of Windows, ELF, the Mach-O variants, a script that names its interpreter.
const programs = ['4d5a', '7f454c46', 'cafebabe', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', '2321']

/** Whether the first bytes are those of something that a computer runs. */
export function isProgram(head: Uint8Array): boolean {
  const hex = Buffer.from(head.subarray(0, 4)).toString('hex')
  return programs.some((start) => hex.startsWith(start))
}

/** How many bytes of a file's end its completeness is told from. */
export const FORMAT_TAIL_BYTES = 2048

/** Whether a PDF has no end (ISO 32000-1, 7.5.5): it was cut while it was copied or downloaded. */
export function isPdfTruncated(tail: Uint8Array): boolean {
  return !Buffer.from(tail).includes('%%EOF')
}
