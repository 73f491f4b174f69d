import { startProgram, type ChildProgram } from './child-program.ts'

export interface Application {
  program: ChildProgram
  origin: string
  /** The latest address that opens the application: each works once. */
  address(): string
  /** Ctrl+C; fulfils with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: the power fails. */
  kill(): Promise<void>
}

export interface ApplicationOptions {
  /** The data folder. */
  data: string
  /** Address of a provider for the login form. */
  provider?: string
  args?: readonly string[]
  /**
   * Time in which an operation can be undone (ms); short, so that a test does not wait half a minute. Null: as the
   * operator has set it.
   */
  graceMs?: number | null
}

const ADDRESS = /^Sportello LRA: (http:\/\/127\.0\.0\.1:\d+)\/\?token=(\S+)$/gm

/** Starts `npm start -- --browser --no-open` over a data folder, and waits for its address. */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const args = ['--browser', '--no-open', '--data', options.data]
  if (options.provider !== undefined) args.push('--provider', options.provider)
  const { graceMs = 300 } = options
  const program = startProgram(
    'scripts/start.ts',
    [...args, ...(options.args ?? [])],
    graceMs === null ? {} : { SPORTELLO_LRA_GRACE_MS: String(graceMs) },
  )
  const [, origin = ''] = await program.line(new RegExp(ADDRESS.source, 'm'))
  return {
    program,
    origin,
    address: () => {
      const token = [...program.stdout().matchAll(ADDRESS)].at(-1)?.[2] ?? ''
      return `${origin}/?token=${token}`
    },
    stop: () => program.stop(),
    kill: async () => {
      await program.stop('SIGKILL')
    },
  }
}
