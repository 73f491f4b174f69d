import type { Configuration } from 'electron-builder'

const given = (env: NodeJS.ProcessEnv, name: string): string | null => {
  const value = env[name] ?? ''
  return value === '' ? null : value
}

/**
 * What the environment of whoever distributes adds to electron-builder.yml. Throws where it contradicts itself.
 *
 * - `SPORTELLO_LRA_UPDATE_URL`: the folder of the server from which copies update themselves.
 * - `publicKey`: of the Ed25519 key that signs the descriptions of versions; without it copies do not update themselves.
 * - `CSC_LINK` or `WIN_CSC_LINK` (with `CSC_KEY_PASSWORD` or `WIN_CSC_KEY_PASSWORD`), read by electron-builder itself: the
 *   certificate for signing code. Where it is given, a file that could not be signed ends the build.
 * - `SPORTELLO_LRA_PUBLISHER`: the name in that certificate, which updates have to carry as well.
 */
export function distributionOf(env: NodeJS.ProcessEnv, publicKey: string | null): Configuration {
  const url = given(env, 'SPORTELLO_LRA_UPDATE_URL')
  const publisher = given(env, 'SPORTELLO_LRA_PUBLISHER')
  const signed = given(env, 'CSC_LINK') !== null || given(env, 'WIN_CSC_LINK') !== null
  if (url !== null && publicKey === null)
    throw new Error('SPORTELLO_LRA_UPDATE_URL without SPORTELLO_LRA_UPDATE_KEY: no copy would accept an update')
  if (url !== null && !/^https:\/\/[^?#\s]+$/.test(url)) throw new Error('SPORTELLO_LRA_UPDATE_URL is no https address')
  if (publisher !== null && !signed) throw new Error('SPORTELLO_LRA_PUBLISHER without a certificate')
  return {
    forceCodeSigning: signed,
    ...(publicKey === null
      ? {}
      : {
          extraMetadata: { aggiornamenti: { url, publicKey } },
          // Writes the descriptions of versions. Copies look where their package, or their policy, says.
          publish: { provider: 'generic', url: url ?? 'https://aggiornamenti.invalid' },
          generateUpdatesFilesForAllChannels: true,
        }),
    ...(publisher === null ? {} : { win: { signtoolOptions: { publisherName: publisher } } }),
  }
}
