import { GenericProvider } from 'electron-updater/out/providers/GenericProvider.js'
import { parseUpdateInfo, type ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js'
import type { AppUpdater, UpdateInfo } from 'electron-updater'
import { z } from 'zod'
import { signedPart } from './update-signature.ts'

/** What `setFeedURL` hands to the provider below. */
const SignedFeed = z.object({ url: z.string(), channel: z.string(), publicKey: z.string() })

/**
 * A folder of files on a server, whose description of the newest version has to carry the distributor's signature. The
 * description names the sha512 of each file, which electron-updater compares after the download, and the share of machines
 * whose turn it is (`stagingPercentage`): who holds the server alone can change none of it.
 */
export class SignedProvider extends GenericProvider {
  readonly #feed: z.infer<typeof SignedFeed>
  readonly #base: URL

  constructor(options: unknown, updater: AppUpdater, runtime: ProviderRuntimeOptions) {
    const feed = SignedFeed.parse(options)
    super({ provider: 'generic', url: feed.url, channel: feed.channel }, updater, runtime)
    this.#feed = feed
    this.#base = new URL(feed.url.endsWith('/') ? feed.url : `${feed.url}/`)
  }

  override async getLatestVersion(): Promise<UpdateInfo> {
    const name = `${this.getCustomChannelName(this.#feed.channel)}.yml`
    const address = new URL(name, this.#base)
    // A proxy's copy may be of yesterday.
    address.searchParams.set('t', Date.now().toString(36))
    const text = (await this.httpRequest(address)) ?? ''
    return parseUpdateInfo(signedPart(text, this.#feed.publicKey), name, address)
  }
}
