import { screenRoutes } from './screen-routes.ts'

type Screen = () => Promise<unknown>

/** What brings the screen of an address (`#/caselle?search=x`), where that is one without parameters; else null. Pure. */
export function earlyScreen(hash: string): Screen | null {
  const [path = ''] = hash.slice(1).split('?', 1)
  const at = path === '' || path === '/' ? screenRoutes.find((route) => route.path === '/')?.redirect : path
  const route = screenRoutes.find((each) => each.path === at)
  return route !== undefined && 'component' in route ? route.component : null
}
