import { containedPath } from '../contained-path.ts'

export const APP_SCHEME = 'app'
const APP_HOST = 'sportello'
export const APP_PAGE = `${APP_SCHEME}://${APP_HOST}/`

/** The renderer's path that an `app://` address names; null for another host or a path that could leave the folder. */
export function appProtocolPath(address: string): string | null {
  const url = URL.parse(address)
  if (url?.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST || url.username !== '') return null
  const path = url.pathname === '' ? '/' : url.pathname
  return containedPath(path) === null ? null : path
}
