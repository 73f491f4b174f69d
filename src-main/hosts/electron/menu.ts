import type { MenuItemConstructorOptions } from 'electron'

/** The window's menu: what the system's own commands need, in Italian. */
export const menuTemplate: MenuItemConstructorOptions[] = [
  { label: 'File', submenu: [{ role: 'quit', label: 'Esci' }] },
  {
    label: 'Modifica',
    submenu: [
      { role: 'undo', label: 'Annulla' },
      { role: 'redo', label: 'Ripeti' },
      { type: 'separator' },
      { role: 'cut', label: 'Taglia' },
      { role: 'copy', label: 'Copia' },
      { role: 'paste', label: 'Incolla' },
      { role: 'selectAll', label: 'Seleziona tutto' },
    ],
  },
  {
    label: 'Visualizza',
    submenu: [
      { role: 'reload', label: 'Ricarica' },
      { type: 'separator' },
      { role: 'resetZoom', label: 'Dimensione normale' },
      { role: 'zoomIn', label: 'Ingrandisci' },
      { role: 'zoomOut', label: 'Riduci' },
      { role: 'togglefullscreen', label: 'Schermo intero' },
    ],
  },
]
