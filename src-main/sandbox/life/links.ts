import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { Casella } from '../../provider-contract/casella.ts'
import type { SandboxContext } from '../context.ts'
import type { LinkKind, LinkRow } from '../store/life-store.ts'
import { endOperation } from './operation-end.ts'

const HOUR_MS = 3_600_000
/** D75: 24 hours for a reset; the first access is given more. */
export const RESET_MS = 24 * HOUR_MS
export const FIRST_ACCESS_MS = 7 * 24 * HOUR_MS
export const LONG_MS = 30 * 24 * HOUR_MS
const CODE_MS = 15 * 60 * 1000
/** Between one code for a casella and the next: nobody's letter box is filled from the page. */
const CODE_PAUSE_MS = 30 * 1000
const WRONG_CODES = 5

const digest = (secret: string) => createHash('sha256').update(secret).digest('hex')
/** Without characters that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

export interface LinkOptions {
  kind: LinkKind
  lifetimeMs: number
  operationId?: string
}

function open(
  context: SandboxContext,
  casella: Casella,
  { kind, lifetimeMs, operationId }: LinkOptions,
  secret: string,
) {
  const { store, clock } = context
  const before = store.life.openLinks(casella.id, kind)
  for (const link of before) closeLink(context, link, 'superseded')
  store.life.saveLink({
    hash: digest(secret),
    kind,
    enteId: casella.enteId,
    casellaId: casella.id,
    operationId: operationId ?? null,
    expires: clock().getTime() + lifetimeMs,
    used: null,
    closed: 0,
    codeHash: null,
    // A new link gives no code sooner.
    codeExpires: before.find(({ codeExpires }) => codeExpires !== null)?.codeExpires ?? null,
    attempts: 0,
  })
}

/** A new link of its kind for the casella; those before it are good for nothing. The token is known to the mail alone. */
export function openLink(context: SandboxContext, casella: Casella, options: LinkOptions): string {
  const token = randomBytes(32).toString('base64url')
  open(context, casella, options, token)
  return token
}

/** The activation data: a code that is typed, good with the address of its casella. */
export function openCode(context: SandboxContext, casella: Casella, options: Omit<LinkOptions, 'kind'>): string {
  const code = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  open(context, casella, { ...options, kind: 'dati' }, `${casella.id} ${code}`)
  return code.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** Undefined for a token that is unknown, used, replaced or expired. */
export function findLink({ store, clock }: SandboxContext, kind: LinkKind, token: string): LinkRow | undefined {
  const link = store.life.link(digest(token))
  return link?.kind === kind && link.closed === 0 && link.expires > clock().getTime() ? link : undefined
}

/** The activation data of a casella, if the code is theirs; a wrong one is counted, and the fifth ends them. */
export function findCode(context: SandboxContext, casellaId: string, typed: string): LinkRow | undefined {
  const { store, clock } = context
  const [link] = store.life.openLinks(casellaId, 'dati')
  if (link === undefined || link.expires <= clock().getTime()) return undefined
  const code = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  if (link.hash === digest(`${casellaId} ${code}`)) return link
  countWrong(context, link)
  return undefined
}

function countWrong(context: SandboxContext, link: LinkRow): void {
  const attempts = link.attempts + 1
  if (attempts < WRONG_CODES) context.store.life.saveLink({ ...link, attempts })
  else if (link.kind === 'dati') closeLink(context, { ...link, attempts }, 'too_many_attempts')
  // Of a contract only the code ends: another one can be asked for.
  else context.store.life.saveLink({ ...link, attempts: 0, codeHash: null })
}

/** Seconds until another one-time code can be had for the casella of a link; 0 when it can. */
export function secondsToNextCode({ clock }: SandboxContext, { codeExpires }: LinkRow): number {
  if (codeExpires === null) return 0
  return Math.max(0, Math.ceil((codeExpires - CODE_MS + CODE_PAUSE_MS - clock().getTime()) / 1000))
}

/** A one-time code of six digits for a link, good for 15 minutes; the one before ends. */
export function giveOneTimeCode({ store, clock }: SandboxContext, link: LinkRow): string {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const codeHash = digest(`${link.hash} ${code}`)
  store.life.saveLink({ ...link, codeHash, codeExpires: clock().getTime() + CODE_MS, attempts: 0 })
  return code
}

/** False, and counted, for a wrong code; the fifth wrong one ends the code. */
export function isOneTimeCode(context: SandboxContext, link: LinkRow, typed: string): boolean {
  const { codeHash, codeExpires } = link
  if (codeHash === null || codeExpires === null || codeExpires <= context.clock().getTime()) return false
  const given = Buffer.from(digest(`${link.hash} ${typed.replaceAll(/\D/g, '')}`))
  if (timingSafeEqual(given, Buffer.from(codeHash))) return true
  countWrong(context, link)
  return false
}

/** Single use (D75). */
export function useLink({ store, clock }: SandboxContext, link: LinkRow): void {
  store.life.saveLink({ ...link, used: clock().getTime(), closed: 1, codeHash: null })
}

/** The operation that waited for the holder is rejected with the reason. */
export function closeLink(context: SandboxContext, link: LinkRow, reason: string): void {
  context.store.life.saveLink({ ...link, closed: 1, codeHash: null })
  if (link.operationId !== null) endOperation(context, link, 'rejected', reason)
}
