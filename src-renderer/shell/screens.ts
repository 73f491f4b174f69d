import {
  mdiAccountMultipleOutline,
  mdiBadgeAccountOutline,
  mdiBellOutline,
  mdiChartBar,
  mdiCalendarClockOutline,
  mdiCogOutline,
  mdiEmailLockOutline,
  mdiFileCabinet,
  mdiFileMultipleOutline,
  mdiFileSign,
  mdiFileUploadOutline,
  mdiLifebuoy,
  mdiTrayFull,
  mdiViewDashboardOutline,
  mdiWeb,
} from '@mdi/js'

export interface Screen {
  /** Words under `shell.menu`. */
  key:
    | 'cruscotto'
    | 'report'
    | 'titolari'
    | 'caselle'
    | 'scadenze'
    | 'carica'
    | 'lotti'
    | 'verifica'
    | 'gestione'
    | 'domini'
    | 'assistenti'
    | 'novita'
    | 'supporto'
    | 'coda'
    | 'impostazioni'
  path: string
  icon: string
}

export interface ScreenGroup {
  key: 'inizio' | 'anagrafica' | 'documenti' | 'domini' | 'servizio'
  screens: readonly Screen[]
}

/** The menu of the panels (D12), in their groups. */
export const screenGroups: readonly ScreenGroup[] = [
  {
    key: 'inizio',
    screens: [
      { key: 'cruscotto', path: '/cruscotto', icon: mdiViewDashboardOutline },
      { key: 'report', path: '/report', icon: mdiChartBar },
    ],
  },
  {
    key: 'anagrafica',
    screens: [
      { key: 'titolari', path: '/titolari', icon: mdiAccountMultipleOutline },
      { key: 'caselle', path: '/caselle', icon: mdiEmailLockOutline },
      { key: 'scadenze', path: '/scadenze', icon: mdiCalendarClockOutline },
    ],
  },
  {
    key: 'documenti',
    screens: [
      { key: 'carica', path: '/documenti/carica', icon: mdiFileUploadOutline },
      { key: 'lotti', path: '/documenti/lotti', icon: mdiFileMultipleOutline },
      { key: 'verifica', path: '/documenti/verifica', icon: mdiFileSign },
      { key: 'gestione', path: '/documenti/gestione', icon: mdiFileCabinet },
    ],
  },
  {
    key: 'domini',
    screens: [
      { key: 'domini', path: '/domini', icon: mdiWeb },
      { key: 'assistenti', path: '/assistenti', icon: mdiBadgeAccountOutline },
    ],
  },
  {
    key: 'servizio',
    screens: [
      { key: 'novita', path: '/novita', icon: mdiBellOutline },
      { key: 'supporto', path: '/supporto', icon: mdiLifebuoy },
      { key: 'coda', path: '/coda', icon: mdiTrayFull },
      { key: 'impostazioni', path: '/impostazioni', icon: mdiCogOutline },
    ],
  },
]

/** The screen to which an address belongs: `/caselle/123` is of `/caselle`. */
export function screenAt(path: string): Screen | null {
  const all = screenGroups.flatMap((group) => group.screens)
  return all.find((screen) => path === screen.path || path.startsWith(`${screen.path}/`)) ?? null
}
