/**
 * The file below the renderer's folder that a request path names, as its segments; null when the path is malformed or
 * could lead out of the folder. `/` is `index.html`. Decides without touching the disk.
 */
export function containedPath(requestPath: string): readonly string[] | null {
  let decoded
  try {
    decoded = decodeURIComponent(requestPath)
  } catch {
    return null
  }
  if (!decoded.startsWith('/')) return null
  if (decoded === '/') return ['index.html']
  const segments = decoded.slice(1).split('/')
  // One plain name after another: no empty part, no dot file, no drive, stream or escape of any system.
  return segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment)) ? segments : null
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  ttf: 'font/ttf',
  pfb: 'application/octet-stream',
}

/** The media type for a file of the renderer; null when files of that kind are not served (source maps, for one). */
export function mediaTypeOf(name: string): string | null {
  return types[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? null
}
