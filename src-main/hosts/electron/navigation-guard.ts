import { APP_PAGE } from './app-protocol-path.ts'

/** Whether the window may show an address: the application's page itself (its routes stand behind `#`), nothing else. */
export function mayNavigate(address: string): boolean {
  return address === APP_PAGE || address.startsWith(`${APP_PAGE}#`)
}

/** Whether the page may load an address: files of the application, and what the page made itself (an export, a picture). */
export function mayLoad(address: string): boolean {
  return address.startsWith(APP_PAGE) || address.startsWith(`blob:${APP_PAGE}`) || address.startsWith('data:')
}

/** What the page uses of the system: it copies addresses, and tells of answers to segnalazioni. */
const PERMISSIONS: readonly string[] = ['clipboard-sanitized-write', 'notifications']

/** Whether a page may have a permission: one of the few that are used, the application's page itself, not a frame in it. */
export function mayUse(permission: string, address: string, isMainFrame: boolean): boolean {
  return isMainFrame && PERMISSIONS.includes(permission) && mayNavigate(address)
}

/**
 * Whether an address may be opened in the person's browser: https, on the usual port, without credentials, and on the
 * very host of the support page that the provider declares in its capabilities.
 */
export function mayOpenOutside(address: string, supportUrl: string | null): boolean {
  const url = URL.parse(address)
  const support = supportUrl === null ? null : URL.parse(supportUrl)
  return (
    url !== null &&
    support !== null &&
    url.protocol === 'https:' &&
    support.protocol === 'https:' &&
    url.host === support.host &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  )
}

const MAIL_FIELDS = ['subject', 'body']
const MOST_MAIL = 4000

/** Whether an address may open the person's mail program: one recipient or none, a subject and a text, nothing else. */
export function mayWriteMail(address: string): boolean {
  const url = address.length > MOST_MAIL ? null : URL.parse(address)
  if (url?.protocol !== 'mailto:' || url.hash !== '') return false
  const [to, fields] = [decodedOrNull(url.pathname), [...url.searchParams.keys()]]
  return (
    to !== null &&
    (to === '' || /^[^\s@,;:<>"]+@[^\s@,;:<>"]+$/.test(to)) &&
    fields.every((name, at) => MAIL_FIELDS.includes(name) && fields.indexOf(name) === at)
  )
}

function decodedOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
