import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished, expect, test } from 'vitest'
import { SignedProvider } from '../../src-main/hosts/electron/signed-provider.ts'
import { UpdateSignatureError, withSignature } from '../../src-main/hosts/electron/update-signature.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const signed = (text: string): string =>
  withSignature(text, (bytes) => sign(null, bytes, privateKey).toString('base64'))

const description = (version: string): string =>
  `version: ${version}\nfiles:\n  - url: sportello-lra-${version}-setup.exe\n    sha512: ${'A'.repeat(86)}==\n    size: 10\npath: sportello-lra-${version}-setup.exe\nsha512: ${'A'.repeat(86)}==\nstagingPercentage: 25\n`

/** A server of files, as a distributor has it. */
async function distribution(files: Readonly<Record<string, string>>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? '').replace(/\?.*$/, '')
    asked.push(name)
    const text = files[name]
    response.writeHead(text === undefined ? 404 : 200).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sportello`, asked }
}

/** electron-updater's own class, over a real server; only Chromium's network is Node's. */
function provider(url: string, channel = 'latest', platform: 'win32' | 'linux' = 'win32'): SignedProvider {
  const executor = {
    request: async (options: { protocol?: string; hostname?: string; port?: number | string; path?: string }) => {
      const { protocol, hostname, port, path } = options
      const answer = await fetch(`${protocol ?? ''}//${hostname ?? ''}:${port ?? ''}${path ?? ''}`)
      if (!answer.ok) throw new Error(`HttpError: ${answer.status}`)
      return answer.text()
    },
  }
  const runtime = { isUseMultipleRangeRequest: false, platform, executor: executor as never }
  return new SignedProvider({ url, channel, publicKey: key }, undefined as never, runtime)
}

test('a signed description is read, with its files and the share of machines', async () => {
  const { url, asked } = await distribution({
    '/sportello/latest.yml': signed(description('1.2.0')),
    '/sportello/beta-linux.yml': signed(description('1.3.0-beta.1')),
  })
  const found = await provider(url).getLatestVersion()
  expect(found).toMatchObject({ version: '1.2.0', stagingPercentage: 25 })
  const [file] = provider(url).resolveFiles(found)
  expect(file?.url.href).toBe(`${url}/sportello-lra-1.2.0-setup.exe`)
  expect(await provider(`${url}/`, 'beta', 'linux').getLatestVersion()).toMatchObject({ version: '1.3.0-beta.1' })
  expect(asked).toEqual(['/sportello/latest.yml', '/sportello/beta-linux.yml'])
})

test('whoever holds the server alone changes nothing', async () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const forged = withSignature(description('9.9.9'), (bytes) => sign(null, bytes, other).toString('base64'))
  for (const text of [
    description('9.9.9'),
    forged,
    signed(description('1.2.0')).replace('1.2.0-setup', '9.9.9-setup'),
    '',
  ]) {
    const { url } = await distribution({ '/sportello/latest.yml': text })
    await expect(provider(url).getLatestVersion()).rejects.toBeInstanceOf(UpdateSignatureError)
  }
})

test('a server without the file is a failure, never an update', async () => {
  const { url } = await distribution({})
  await expect(provider(url).getLatestVersion()).rejects.toThrow(/404/)
})
