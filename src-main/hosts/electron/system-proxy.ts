/** How long the system may take to say which proxy it uses (a script of the network may have to be fetched), in milliseconds. */
const SYSTEM_PROXY_MS = 3_000

/**
 * The first way that the system names for an address (`PROXY host:port; DIRECT`, as Chromium says it), as an address of
 * a proxy; null for a direct way, and for SOCKS, which the program does not speak. Pure.
 */
export function proxyOfResolution(resolution: string): string | null {
  const [kind = '', place = ''] = (resolution.split(';')[0] ?? '').trim().split(/\s+/)
  if (!/^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/.test(place)) return null
  switch (kind.toUpperCase()) {
    case 'PROXY':
      return `http://${place}`
    case 'HTTPS':
      return `https://${place}`
    default:
      return null
  }
}

/** The system's proxy for an address; null where there is none, or where the system does not say in time. */
export async function systemProxy(
  resolver: { resolveProxy(url: string): Promise<string> },
  url: string,
): Promise<string | null> {
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, SYSTEM_PROXY_MS, 'DIRECT').unref()
  })
  const said = await Promise.race([resolver.resolveProxy(url), late]).catch(() => 'DIRECT')
  return proxyOfResolution(said)
}
