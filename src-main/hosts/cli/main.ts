// The command line: the same core without screens, over its channels only.
import { join } from 'node:path'
import { startCore } from '../../core.ts'
import { refreshInThread } from '../../trust/refresh-thread.ts'
import { applicationFiles } from '../node/application-files.ts'
import { machineRules } from '../node/authorities-file.ts'
import { builtEnvironment } from '../node/built-environment.ts'
import { dataDirOf } from '../node/data-dir.ts'
import { builtKeyringCustody } from '../node/keyring-custody.ts'
import { closeOnSignals } from '../node/shutdown.ts'
import { cliErrorOf } from './cli-error.ts'
import { cliHelp } from './cli-help.ts'
import { parseCommandLine, type Command } from './command-line.ts'
import { exitCodes } from './exit-code.ts'
import { runCommand } from './run-command.ts'
import { verifyFiles } from './verify-files.ts'

async function run(command: Command): Promise<number> {
  const { options } = command
  const files = applicationFiles(join(import.meta.dirname, '..', '..'))
  try {
    const core = await startCore({
      // What is written here is a command's output alone: no console is told.
      ...builtEnvironment(files, dataDirOf(options.dataDir), () => undefined),
      host: 'cli',
      custody: builtKeyringCustody(files.main),
      graceMs: 0,
      proposedProviderUrl: options.providerUrl,
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
