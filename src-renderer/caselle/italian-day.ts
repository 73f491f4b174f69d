/** A day written as people write it (`1/2/2024`, `01-02-2024`, `01022024`) as `YYYY-MM-DD`; null when there is no such day. */
export function italianDay(written: string): string | null {
  const parts = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$|^(\d{2})(\d{2})(\d{4})$/.exec(written.trim())
  if (parts === null) return null
  const [day = '', month = '', year = ''] = parts[1] === undefined ? parts.slice(4) : parts.slice(1)
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : null
}
