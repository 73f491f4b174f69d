import { isLocalId } from '../../src-main/contract/local-id.ts'
const zone = 'Europe/Rome'
const day = new Intl.DateTimeFormat('it-IT', { timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric' })
const time = new Intl.DateTimeFormat('it-IT', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
// `always`: Italian groups only from five digits by default, a table wants 1.234 as well.
const integer = new Intl.NumberFormat('it-IT', { maximumFractionDigits: 0, useGrouping: 'always' })
const decimal = new Intl.NumberFormat('it-IT', { maximumFractionDigits: 1, useGrouping: 'always' })

const month = new Intl.DateTimeFormat('it-IT', { timeZone: 'UTC', month: 'long', year: 'numeric' })

/** `YYYY-MM` as `Novembre 2026`. */
export function formatMonth(mese: string): string {
  const words = month.format(new Date(`${mese}-01T00:00:00Z`))
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Absent dates exist in the registry (D44). */
const ABSENT = '–'

/** An instant or a day (`YYYY-MM-DD`) as gg/mm/aaaa in Europe/Rome. */
export function formatDate(iso: string | null): string {
  if (iso === null) return ABSENT
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso)
  // A day without a time belongs to no zone.
  if (plain !== null) return `${plain[3] ?? ''}/${plain[2] ?? ''}/${plain[1] ?? ''}`
  return day.format(new Date(iso))
}

const longDay = new Intl.DateTimeFormat('it-IT', {
  timeZone: zone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
/** An instant in milliseconds since the epoch as `giovedì 26 novembre 2026` in Europe/Rome (D13). */
export function formatLongDay(at: number): string {
  return longDay.format(new Date(at))
}

/** An instant as HH:MM in Europe/Rome. */
export function formatTime(iso: string | null): string {
  return iso === null ? ABSENT : time.format(new Date(iso))
}

/** An instant as gg/mm/aaaa HH:MM in Europe/Rome. */
export function formatDateTime(iso: string | null): string {
  return iso === null ? ABSENT : `${formatDate(iso)} ${formatTime(iso)}`
}

/** The time alone when the instant falls on the day of `now` (ms since the epoch), otherwise date and time. */
export function formatRecent(iso: string | null, now: number): string {
  if (iso === null) return ABSENT
  return formatDate(iso) === day.format(now) ? formatTime(iso) : formatDateTime(iso)
}

export function formatNumber(value: number): string {
  return integer.format(value)
}

const percent = new Intl.NumberFormat('it-IT', { style: 'percent', maximumFractionDigits: 1 })

/** A part of one as a percentage. */
export function formatPercent(part: number): string {
  return percent.format(part)
}

const long = new Intl.DateTimeFormat('it-IT', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** A day (`YYYY-MM-DD`) in full (D13): `giovedì 26 novembre 2026`. */
export function formatLongDate(day: string): string {
  return long.format(new Date(`${day}T00:00:00Z`))
}

/** Seconds, in tenths. */
export function formatSeconds(seconds: number): string {
  return decimal.format(seconds)
}

/** Megabytes, as quotas are counted (D69); in GB from 1024 MB. */
export function formatMb(mb: number): string {
  return mb < 1024 ? `${integer.format(mb)} MB` : `${decimal.format(mb / 1024)} GB`
}

/** Megabytes to the last one, for what a person reads or changes: `2 GB`, `1.638 MB`. */
export function formatMbExact(mb: number): string {
  return mb >= 1024 && mb % 1024 === 0 ? `${integer.format(mb / 1024)} GB` : `${integer.format(mb)} MB`
}

/** The size of a file. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${integer.format(bytes)} B`
  if (bytes < 1024 ** 2) return `${decimal.format(bytes / 1024)} KB`
  if (bytes < 1024 ** 3) return `${decimal.format(bytes / 1024 ** 2)} MB`
  return `${decimal.format(bytes / 1024 ** 3)} GB`
}

/** Whole seconds from `now` (ms since the epoch) to an instant, never below zero. */
export function secondsUntil(iso: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000))
}

/** An id as the provider gave it; what exists only here has none yet. */
export function formatId(id: string): string {
  return isLocalId(id) ? ABSENT : id
}
