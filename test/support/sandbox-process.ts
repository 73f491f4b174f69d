import { startProgram, type ChildProgram } from './child-program.ts'

export interface SandboxProcess {
  program: ChildProgram
  url: string
  port: number
  stop(): Promise<number | null>
}

export interface SandboxProcessOptions {
  data: string
  caselle?: number
  profile?: 'basilicata' | 'toscana' | 'poste' | 'ordine'
  seed?: number
  /** 0: any free port. */
  port?: number
}

/** Starts `npm run sandbox` as a program of its own, and waits until it listens. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const { data, caselle = 200, profile = 'toscana', seed = 1, port = 0 } = options
  const program = startProgram('scripts/sandbox.ts', [
    ...['--data', data, '--caselle', String(caselle)],
    ...['--profile', profile, '--seed', String(seed), '--port', String(port)],
  ])
  const [, url = '', heard = '0'] = await program.line(/^Gestore di prova: (http:\/\/127\.0\.0\.1:(\d+))/m)
  return { program, url, port: Number(heard), stop: () => program.stop() }
}
