import { registerHooks } from 'node:module'
import type { Sabotage } from './sabotages.ts'
import type { StartCore } from './world.ts'

const sources = new URL('../../src-main/', import.meta.url).href
const nameIn = (url: string): string | null => new URL(url).searchParams.get('sabotage')

/** The application with one rule broken: its modules are loaded once more, apart from the whole ones. */
export async function sabotagedCore(sabotage: Sabotage): Promise<StartCore> {
  const done = { applied: false }
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      const parent = context.parentURL
      const isOurs = parent !== undefined && nameIn(parent) === sabotage.name && found.url.startsWith(sources)
      return isOurs ? { ...found, url: `${found.url}?sabotage=${sabotage.name}` } : found
    },
    load: (url, context, next) => {
      const found = next(url, context)
      if (nameIn(url) !== sabotage.name || !url.startsWith(`${sources}${sabotage.file}?`)) return found
      const source = Buffer.from(found.source as Uint8Array).toString('utf8')
      if (!source.includes(sabotage.find)) throw new Error(`${sabotage.name}: ${sabotage.file} has no such place`)
      done.applied = true
      return { ...found, source: source.replace(sabotage.find, () => sabotage.replace) }
    },
  })
  try {
    const { startCore } = (await import(`${sources}core.ts?sabotage=${sabotage.name}`)) as { startCore: StartCore }
    if (!done.applied) throw new Error(`${sabotage.name}: ${sabotage.file} is not part of the core`)
    return startCore
  } finally {
    hooks.deregister()
  }
}
