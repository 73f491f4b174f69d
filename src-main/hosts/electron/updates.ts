import { app } from 'electron'
import type { Policy } from '../../contract/policy.ts'
import type { KeptSecret } from '../../contract/custody.ts'
import { PROXY_SECRET } from '../../contract/rete.ts'
import type { SystemCustody } from '../../environment.ts'
import type { StatoAggiornamenti } from '../../contract/shell.ts'
import { proxyLogin } from './proxy-login.ts'
import { noUpdates, updateCourse, type UpdateCourse, type Updater } from './update-course.ts'
import { channelName, offReason, type Distribution } from './update-decisions.ts'

/** electron-updater, loaded only where it is used. `url` and `publicKey` as `offReason` has seen them. */
function electronUpdater(url: string, publicKey: string, channel: string, kept: () => Promise<KeptSecret>): Updater {
  const loaded = (async () => {
    const [{ autoUpdater }, { SignedProvider }] = await Promise.all([
      import('electron-updater'),
      import('./signed-provider.ts'),
    ])
    // What is fetched and installed when is decided in `update-course.ts`.
    autoUpdater.autoDownload = false
    autoUpdater.autoInstallOnAppQuit = false
    autoUpdater.allowDowngrade = false
    autoUpdater.disableWebInstaller = true
    autoUpdater.logger = null
    autoUpdater.setFeedURL({ provider: 'custom', updateProvider: SignedProvider, url, channel, publicKey })
    const login = proxyLogin()
    // Without a listener the request of a proxy that asks would wait for ever.
    autoUpdater.on('login', (asking, callback) => {
      void kept().then((secret) => {
        const answer = login.answer(asking, secret, Date.now())
        // Without arguments it says that there is nothing to say; its type knows only the other case.
        const give: (...credentials: string[]) => void = callback
        give(...(answer === null ? [] : [answer.user, answer.password]))
      })
    })
    // Failures reject what was asked; without a listener they would be thrown as well.
    autoUpdater.on('error', () => undefined)
    return autoUpdater
  })()
  // Who asks first is told.
  loaded.catch(() => undefined)
  return {
    check: async () => {
      const found = await (await loaded).checkForUpdates()
      return found?.isUpdateAvailable === true ? { versione: found.updateInfo.version } : null
    },
    download: async (progress) => {
      const updater = await loaded
      const listener = ({ percent }: { percent: number }): void => {
        progress(percent)
      }
      updater.on('download-progress', listener)
      try {
        await updater.downloadUpdate()
      } finally {
        updater.off('download-progress', listener)
      }
    },
    install: (startAgain) => {
      void loaded.then((updater) => {
        updater.quitAndInstall(true, startAgain)
      })
    },
  }
}

/** Keeps the program up to date, where policy and package say so. */
export function startUpdates(options: {
  policy: Policy
  distribution: Distribution
  custody: Pick<SystemCustody, 'load'>
  told: (state: StatoAggiornamenti) => void
}): UpdateCourse {
  const { policy, distribution, custody, told } = options
  const motivo = offReason(policy, distribution, {
    packaged: app.isPackaged,
    platform: process.platform,
    env: process.env,
  })
  const url = policy.updates.url ?? distribution.url
  if (motivo !== null || url === null || distribution.publicKey === null) return noUpdates(motivo ?? 'senza_indirizzo')
  return updateCourse({
    updater: electronUpdater(url, distribution.publicKey, channelName(policy.updates.channel), () =>
      policy.forbidden.includes('credenzialiProxy') ? Promise.resolve({ kind: 'absent' }) : custody.load(PROXY_SECRET),
    ),
    now: () => Date.now(),
    after: (ms, task) => {
      setTimeout(task, ms).unref()
    },
    told,
    quit: () => {
      app.quit()
    },
  })
}
