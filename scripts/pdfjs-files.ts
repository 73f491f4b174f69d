import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Where the page finds what PDF pages are drawn with. */
const FOLDER = 'pdfjs'

function files(root: string): Map<string, string> {
  const found = new Map<string, string>()
  const fonts = join(root, 'standard_fonts')
  for (const name of readdirSync(fonts)) if (/\.(?:pfb|ttf)$/.test(name)) found.set(name, join(fonts, name))
  // The policy of the page lets no WebAssembly run: scans are decoded by these instead.
  for (const name of ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js'])
    found.set(name, join(root, 'wasm', name))
  return found
}

/** The fonts that PDFs need not carry and the decoders of scans, of pdfjs-dist, beside the page. */
export function pdfjsFiles(root: string): Plugin {
  return {
    name: 'pdfjs-files',
    generateBundle() {
      for (const [name, path] of files(root))
        this.emitFile({ type: 'asset', fileName: `${FOLDER}/${name}`, source: readFileSync(path) })
    },
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}`, (request, response, next) => {
        const path = files(root).get((request.url ?? '').slice(1))
        if (path === undefined) next()
        else {
          response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream')
          response.end(readFileSync(path))
        }
      })
    },
  }
}
