declare module 'proxy-from-env' {
  /** The proxy for an address by the variables of the environment; empty for none. */
  export function getProxyForUrl(url: string): string
}
