import http from 'node:http'
import type { Plugin } from 'vite'

const PLAIN = '\0plain-http'
const FORM_DATA = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"
const normal = (id: string): string => id.replaceAll('\\', '/')

/**
 * Node brings a second HTTP client along (fetch, FormData, WebSocket), which it loads when somebody only looks at one of
 * these: 20 ms and 17 MB of every start, for what this program does not use. Two look: an `import` of node:http, which reads
 * each of its properties, WebSocket among them; and axios, which tries what its adapter for fetch could do. The first is
 * read from the module itself instead, the second does without.
 */
export function oneHttpClient(): Plugin {
  const names = Object.entries(Object.getOwnPropertyDescriptors(http)).flatMap(([name, { get }]) =>
    get === undefined ? [name] : [],
  )
  return {
    name: 'one-http-client',
    enforce: 'pre',
    resolveId(source, _importer, { kind }) {
      if (source !== 'node:http' && source !== 'http') return null
      // `require` hands the module itself over.
      return kind === 'require-call' ? { id: 'node:http', external: true } : PLAIN
    },
    load(id) {
      if (id === PLAIN)
        return `const http = process.getBuiltinModule('node:http')\nexport const { ${names.join(', ')} } = http\nexport default http\n`
      if (normal(id).endsWith('/axios/lib/adapters/fetch.js'))
        return 'export const getFetch = () => false\nexport default false\n'
      return null
    },
    transform(code, id) {
      if (!normal(id).endsWith('/axios/lib/utils.js')) return null
      if (!code.includes(FORM_DATA)) this.error('axios asks for FormData in another way: see one-http-client.ts')
      return { code: code.replace(FORM_DATA, 'undefined'), map: null }
    },
  }
}
