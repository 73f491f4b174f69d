import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { contentSecurityPolicy, NONCE_PLACEHOLDER, securityHeaders } from './content-security-policy.ts'
import { containedPath, mediaTypeOf } from './contained-path.ts'

export interface RendererFile {
  body: Buffer<ArrayBuffer>
  headers: Record<string, string>
}

/** Reads a built file of the renderer with the headers that it is served with; null when there is no such file. */
export async function rendererFile(folder: string, requestPath: string): Promise<RendererFile | null> {
  const segments = containedPath(requestPath)
  const name = segments?.at(-1)
  const type = name === undefined ? null : mediaTypeOf(name)
  if (segments === null || type === null) return null
  try {
    const root = await realpath(folder)
    // A link inside the folder could still point elsewhere.
    const path = await realpath(join(root, ...segments))
    if (!path.startsWith(root + sep)) return null
    const content = await readFile(path)
    const nonce = randomBytes(18).toString('base64')
    const page = name === 'index.html'
    return {
      body: page ? Buffer.from(content.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : Buffer.from(content),
      headers: {
        ...securityHeaders,
        'content-type': type,
        'content-security-policy': contentSecurityPolicy(nonce),
        // Built files carry their hash in the name, except the page itself.
        'cache-control': segments[0] === 'assets' ? 'private, max-age=31536000, immutable' : 'no-store',
      },
    }
  } catch {
    return null
  }
}
