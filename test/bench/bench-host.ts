import { startFlags, startProgram, type ChildProgram } from '../support/child-program.ts'

/** The built browser host, as somebody starts it. `address` opens the application once. */
export async function startHost(data: string, provider: string): Promise<{ program: ChildProgram; address: string }> {
  const args = ['--browser', '--no-open', '--data', data, '--provider', provider]
  const program = startProgram('dist/main/browser-host.js', args, {}, startFlags)
  const [, address = ''] = await program.line(/^Sportello LRA: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/m)
  return { program, address }
}
