import type { MenuItemConstructorOptions } from 'electron'
import finestra from '../../../src-renderer/locales/it/finestra.json' with { type: 'json' }

const words = finestra.menu

export interface MenuActions {
  print(): void
  zoom(direction: 'in' | 'out' | 'reset'): void
}

/** The window's menu: what the system's own commands need, in Italian. */
export function menuTemplate(actions: MenuActions): MenuItemConstructorOptions[] {
  const zoom = (direction: 'in' | 'out' | 'reset') => () => {
    actions.zoom(direction)
  }
  return [
    {
      label: words.file,
      submenu: [
        {
          label: words.stampa,
          accelerator: 'CommandOrControl+P',
          click: () => {
            actions.print()
          },
        },
        { type: 'separator' },
        { role: 'quit', label: words.esci },
      ],
    },
    {
      label: words.modifica,
      submenu: [
        { role: 'undo', label: words.annulla },
        { role: 'redo', label: words.ripeti },
        { type: 'separator' },
        { role: 'cut', label: words.taglia },
        { role: 'copy', label: words.copia },
        { role: 'paste', label: words.incolla },
        { role: 'selectAll', label: words.tutto },
      ],
    },
    {
      label: words.visualizza,
      submenu: [
        { role: 'reload', label: words.ricarica },
        { type: 'separator' },
        { label: words.normale, accelerator: 'CommandOrControl+0', click: zoom('reset') },
        { label: words.ingrandisci, accelerator: 'CommandOrControl+Plus', click: zoom('in') },
        // The plus of most keyboards stands over another sign, and on the number pad.
        { label: words.ingrandisci, accelerator: 'CommandOrControl+=', visible: false, click: zoom('in') },
        { label: words.ingrandisci, accelerator: 'CommandOrControl+numadd', visible: false, click: zoom('in') },
        { label: words.riduci, accelerator: 'CommandOrControl+-', click: zoom('out') },
        { label: words.riduci, accelerator: 'CommandOrControl+numsub', visible: false, click: zoom('out') },
        { role: 'togglefullscreen', label: words.schermo },
      ],
    },
  ]
}
