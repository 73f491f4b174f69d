import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rendererFile } from '../../src-main/hosts/renderer-files.ts'
import { repository } from '../support/child-program.ts'

const folder = join(repository, 'dist', 'renderer')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
const text = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** `name: values` of each directive. */
function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split(';').map((each) => {
      const [name = '', ...values] = each.trim().split(/\s+/)
      return [name, values]
    }),
  )
}

test('the built page has no inline script, handler or style without the nonce, and names no other host', () => {
  const page = text('index.html')
  const scripts = [...page.matchAll(/<script\b([^>]*)>([^<]*)/g)]
  expect(scripts.length).toBeGreaterThan(0)
  for (const [, attributes = '', body = ''] of scripts) {
    expect(attributes).toMatch(/\bsrc="\.?\/assets\/[\w.-]+"/)
    expect(body.trim()).toBe('')
  }
  expect(page).not.toMatch(/\son[a-z]+\s*=/i)
  expect(page).not.toMatch(/javascript:|<base\b|<iframe\b|<object\b|<meta[^>]+http-equiv/i)
  expect([...page.matchAll(/<style\b[^>]*>/g)].every(([tag]) => tag.includes('nonce='))).toBe(true)
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
})

test('every answer with a page carries the policy, under a nonce of its own', async () => {
  const [one, two] = await Promise.all([rendererFile(folder, '/'), rendererFile(folder, '/')])
  const policies = [one, two].map((file) => file?.headers['content-security-policy'] ?? '')
  expect(policies[0]).not.toBe(policies[1])
  const policy = directives(policies[0] ?? '')
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toEqual(["'self'"])
  for (const name of ['object-src', 'frame-src', 'base-uri', 'form-action', 'frame-ancestors'])
    expect([name, policy.get(name)]).toEqual([name, ["'none'"]])
  const values = [...policy].flatMap(([name, each]) => (name === 'style-src-attr' ? [] : each))
  expect(values.filter((value) => /unsafe|\*|^https?:|^wss?:|^\/\//.test(value))).toEqual([])
  const nonce = /'nonce-([^']+)'/.exec(policies[0] ?? '')?.[1] ?? ''
  expect(one?.body.toString()).toContain(nonce)
  expect(one?.body.toString()).not.toContain('__CSP_NONCE__')
})

test('no style and no script of the build loads anything from elsewhere', () => {
  const remote = files.flatMap((name) => {
    if (name.endsWith('.css'))
      return /url\(\s*["']?(https?:)?\/\/|@import\s+["']?(https?:)?\/\//.test(text(name)) ? [name] : []
    if (!/\.m?js$/.test(name)) return []
    return /\b(import|importScripts|new Worker|new SharedWorker|new WebSocket|new EventSource)\s*\(\s*["'`](https?:|wss?:)?\/\/(?!\$\{location\.host\})/.test(
      text(name),
    ) || /\bfrom\s*["'](https?:)?\/\//.test(text(name))
      ? [name]
      : []
  })
  expect(remote).toEqual([])
})

test('each file of the build is of a kind that is served, source maps are not', async () => {
  const served = await Promise.all(
    files
      .filter((name) => /\.\w+$/.test(name))
      .map(async (name) => [name, (await rendererFile(folder, `/${name}`)) !== null]),
  )
  for (const [name, there] of served) expect([name, there]).toEqual([name, !String(name).endsWith('.map')])
})
