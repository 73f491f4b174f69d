import { app, Menu, nativeImage, Tray } from 'electron'
import finestra from '../../../src-renderer/locales/it/finestra.json' with { type: 'json' }
import type { Status } from '../../contract/status.ts'
import { trayWords } from './tray-words.ts'

const ICON_PX = 24

export interface TrayIcon {
  /** `coreLost`: the core's process is being started again. */
  show(status: Status | null, coreLost: boolean): void
  close(): void
}

/** The icon beside the clock: how things stand and what waits, without opening the window. */
export function openTray(iconPath: string, openWindow: () => void): TrayIcon {
  const image = nativeImage.createFromPath(iconPath).resize({ width: ICON_PX, height: ICON_PX })
  const tray = new Tray(image)
  let shown = ''
  tray.on('click', openWindow)

  function show(status: Status | null, coreLost: boolean): void {
    const { tooltip, lines, count } = trayWords(status, coreLost)
    // The menu of some systems closes under the hand when it is set anew.
    if (tooltip === shown) return
    shown = tooltip
    tray.setToolTip(tooltip)
    app.setBadgeCount(count)
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...lines.map((label) => ({ label, enabled: false })),
        { type: 'separator' },
        { label: finestra.tray.apri, click: openWindow },
        { role: 'quit', label: finestra.menu.esci },
      ]),
    )
  }
  show(null, false)
  return {
    show,
    close: () => {
      tray.destroy()
    },
  }
}
