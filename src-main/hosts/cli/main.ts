// The command line: the same core without screens, over its channels only.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { startCore } from '../../core.ts'
import { fileLog } from '../../diagnostics/log.ts'
import { refreshInThread } from '../../trust/refresh-thread.ts'
import { systemClock } from '../../environment.ts'
import { applicationFiles } from '../node/application-files.ts'
import { machineRules } from '../node/authorities-file.ts'
import { copyCheckIn } from '../node/copy-check.ts'
import { documentThreads } from '../node/document-threads.ts'
import { indexThread } from '../node/index-thread.ts'
import { defaultDataDir } from '../node/data-dir.ts'
import { startEmbeddedSandbox } from '../node/embedded-sandbox.ts'
import { keyringCustody, KEYRING_LIMIT_MS, keyringOf } from '../node/keyring-custody.ts'
import { closeOnSignals } from '../node/shutdown.ts'
import { cliErrorOf } from './cli-error.ts'
import { cliHelp } from './cli-help.ts'
import { parseCommandLine, type Command } from './command-line.ts'
import { exitCodes } from './exit-code.ts'
import { runCommand } from './run-command.ts'
import { verifyFiles } from './verify-files.ts'

function dataDirOf(given: string | null): string {
  return given === null
    ? defaultDataDir(process.platform, process.env, homedir())
    : resolve(process.env['INIT_CWD'] ?? process.cwd(), given)
}

async function run(command: Command): Promise<number> {
  const { options } = command
  const files = applicationFiles(join(import.meta.dirname, '..', '..'))
  const dataDir = dataDirOf(options.dataDir)
  try {
    const core = await startCore({
      dataDir,
      host: 'cli',
      version: files.version,
      clock: systemClock,
      custody: keyringCustody(keyringOf(join(files.main, 'keyring-process.js'), KEYRING_LIMIT_MS)),
      log: fileLog(dataDir),
      startSandbox: (folder) => startEmbeddedSandbox(files.main, folder),
      checkCopy: copyCheckIn(join(files.main, 'copy-check-worker.js')),
      documentThreads: documentThreads(files.main),
      indexThread: indexThread(files.main),
      proxies: process.env,
      refreshTrust: refreshInThread(join(files.main, 'trust-refresh-worker.js'), process.env),
      graceMs: 0,
      proposedProviderUrl: options.providerUrl,
      ...machineRules(),
    })
    closeOnSignals(core.close)
    try {
      const { exitCode, data, text } = await runCommand(core, command)
      if (options.json) process.stdout.write(JSON.stringify(data) + '\n')
      else if (text !== null) process.stdout.write(text + '\n')
      return exitCode
    } finally {
      await core.close()
    }
  } catch (cause) {
    const error = cliErrorOf(cause)
    if (options.json) process.stdout.write(JSON.stringify({ error: error.code }) + '\n')
    process.stderr.write(error.message + '\n')
    return error.exitCode
  }
}

const parsed = parseCommandLine(process.argv.slice(2))
switch (parsed.kind) {
  case 'help':
    process.stdout.write(cliHelp(parsed.name))
    break
  case 'wrong':
    process.stderr.write(parsed.message + '\n')
    process.exitCode = exitCodes.usage
    break
  case 'verify':
    process.exitCode = await verifyFiles(parsed.command, join(import.meta.dirname, 'verification-worker.js'), {
      dataDir: dataDirOf(parsed.command.dataDir),
      refresh: refreshInThread(join(import.meta.dirname, 'trust-refresh-worker.js'), process.env),
      authorities: machineRules().authorities,
    })
    process.stdout.end(() => process.exit())
    break
  case 'command':
    process.exitCode = await run(parsed.command)
    // A pipe takes what it is given in its own time: the process ends when it has.
    process.stdout.end(() => process.exit())
}
