import { spawn } from 'node:child_process'

/** The program and arguments that open an address in the person's own browser, without a shell. */
export function browserCommand(platform: NodeJS.Platform, url: string): [string, string[]] {
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  if (platform === 'darwin') return ['open', [url]]
  return ['xdg-open', [url]]
}

/** Answers false when no browser could be started: the address is on the standard output in any case. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, args] = browserCommand(process.platform, url)
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsHide: true })
    child.on('error', () => {
      resolve(false)
    })
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
