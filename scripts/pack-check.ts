// npm run pack:check: packs the application for Windows and Linux around a stand-in of the Electron runtime, looks at
// what came out, and starts the packed core under Node. Whatever is wrong is a line on the standard error and code 1.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll } from '@electron/asar'
import { Arch, build, Platform } from 'electron-builder'
import { z } from 'zod'
import { ensureBuilt } from './ensure-built.ts'
import { fakeElectron } from './fake-electron-dist.ts'
import {
  contentProblems,
  fuseProblems,
  sizeLines,
  sizeProblems,
  surroundingProblems,
  type PackPlatform,
} from './pack-contents.ts'
import { embeddedHashProblems, filesBelow, fuseWire, integrityProblems, packedFiles } from './packed-archive.ts'

const ANSWER_LIMIT_MS = 60_000
const root = join(import.meta.dirname, '..')
const work = join(root, 'build', 'pack-check')

const targets: readonly { platform: PackPlatform; target: Platform; folder: string; executable: string }[] = [
  { platform: 'linux', target: Platform.LINUX, folder: 'linux-unpacked', executable: 'sportello-lra' },
  { platform: 'win', target: Platform.WINDOWS, folder: 'win-unpacked', executable: 'sportello-lra.exe' },
]

async function packed(platform: PackPlatform, target: Platform, runtime: string): Promise<void> {
  await build({
    projectDir: root,
    targets: target.createTarget('dir', Arch.x64),
    publish: 'never',
    config: { electronDist: join(runtime, platform), directories: { output: work } },
  })
}

/** Starts the packed browser host under this Node, outside the repository, and asks it its status and for the trial. */
async function startProblems(archive: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-pacco-'))
  try {
    const app = join(folder, 'app')
    extractAll(archive, app)
    const child = spawn(
      process.execPath,
      [join(app, 'dist', 'main', 'browser-host.js'), '--no-open', '--data', join(folder, 'dati')],
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SPORTELLO_LRA_ELENCHI: 'off' } },
    )
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        resolve()
      })
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), ANSWER_LIMIT_MS)
    try {
      return await answerProblems(child.stdout, ended)
    } finally {
      clearTimeout(timer)
      child.kill('SIGTERM')
      await ended
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

const Answer = z.object({ ok: z.boolean(), data: z.record(z.string(), z.unknown()).optional() })

async function answerProblems(stdout: NodeJS.ReadableStream, ended: Promise<void>): Promise<string[]> {
  const address = await new Promise<string | null>((resolve) => {
    let text = ''
    stdout.setEncoding('utf8')
    stdout.on('data', (part: string) => {
      text += part
      const found = /^Sportello LRA: (http:\S+)$/m.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => {
      resolve(null)
    })
  })
  if (address === null) return ['the packed core did not start']
  const entrance = await fetch(address, { redirect: 'manual' })
  const cookie = entrance.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  const { origin } = new URL(address)
  const ask = async (channel: string): Promise<z.infer<typeof Answer>> => {
    const response = await fetch(`${origin}/api`, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: JSON.stringify({ v: 1, id: channel, channel, body: {} }),
    })
    return Answer.parse(await response.json())
  }
  const page = await (await fetch(origin, { headers: { cookie } })).text()
  const status = await ask('app.status')
  const trial = await ask('demo.start')
  return [
    ...(page.includes('<html lang="it">') ? [] : ['the packed page is not served']),
    ...(status.data?.['phase'] === 'first_run' ? [] : [`the packed core answered ${JSON.stringify(status)}`]),
    // The sandbox runs in a thread of its own, over the native SQLite of the package.
    ...(trial.ok ? [] : [`the packed sandbox answered ${JSON.stringify(trial)}`]),
  ]
}

async function main(): Promise<void> {
  if (!ensureBuilt()) {
    process.exitCode = 1
    return
  }
  const runtime = fakeElectron(join(root, 'build', 'fake-electron'))
  rmSync(work, { recursive: true, force: true })
  const problems: string[] = []
  const note = (platform: string, found: readonly string[]): void => {
    problems.push(...found.map((line) => `${platform}: ${line}`))
  }
  for (const { platform, target, folder, executable } of targets) {
    await packed(platform, target, runtime)
    const app = join(work, folder)
    const archive = join(app, 'resources', 'app.asar')
    const files = packedFiles(archive)
    note(platform, contentProblems(files, platform))
    note(platform, surroundingProblems(filesBelow(app), filesBelow(join(runtime, platform)), platform))
    note(platform, integrityProblems(archive))
    note(platform, fuseProblems(await fuseWire(join(app, executable))))
    note(platform, sizeProblems(files))
    if (platform === 'win') note(platform, embeddedHashProblems(join(app, executable), archive))
    process.stdout.write(`${platform}: what is packed beside the runtime\n${sizeLines(files).join('\n')}\n`)
  }
  const own = process.platform === 'win32' ? 'win-unpacked' : 'linux-unpacked'
  note('start', await startProblems(join(work, own, 'resources', 'app.asar')))
  for (const line of problems) process.stderr.write(`${line}\n`)
  if (problems.length > 0) process.exitCode = 1
  else process.stdout.write('packed, looked through, started from the archive and answering\n')
}

await main()
