/** What Ctrl+K offers besides the rows: words under `shell.azioni`, and where or what. */
export type AppAction = { key: string; kind: 'go'; path: string } | { key: 'allinea' | 'blocca' | 'esci'; kind: 'run' }

export const appActions: readonly AppAction[] = [
  { key: 'nuovaCasella', kind: 'go', path: '/caselle/nuova' },
  { key: 'nuoveCaselle', kind: 'go', path: '/caselle/nuove' },
  { key: 'cambiaDominio', kind: 'go', path: '/caselle/dominio' },
  { key: 'carica', kind: 'go', path: '/documenti/carica' },
  { key: 'lotti', kind: 'go', path: '/documenti/lotti' },
  { key: 'verifica', kind: 'go', path: '/documenti/verifica' },
  { key: 'gestione', kind: 'go', path: '/documenti/gestione' },
  { key: 'cruscotto', kind: 'go', path: '/cruscotto' },
  { key: 'report', kind: 'go', path: '/report' },
  { key: 'caselle', kind: 'go', path: '/caselle' },
  { key: 'titolari', kind: 'go', path: '/titolari' },
  { key: 'domini', kind: 'go', path: '/domini' },
  { key: 'assistenti', kind: 'go', path: '/assistenti' },
  { key: 'coda', kind: 'go', path: '/coda' },
  { key: 'novita', kind: 'go', path: '/novita' },
  { key: 'supporto', kind: 'go', path: '/supporto' },
  { key: 'nuovaSegnalazione', kind: 'go', path: '/supporto?nuova' },
  { key: 'guida', kind: 'go', path: '/supporto/guida' },
  { key: 'impostazioni', kind: 'go', path: '/impostazioni' },
  { key: 'allinea', kind: 'run' },
  { key: 'blocca', kind: 'run' },
  { key: 'esci', kind: 'run' },
]

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Whether each of the words begins some word of the text; accents and case do not count. */
export function matchesWords(text: string, words: string): boolean {
  const have = folded(text).split(/[^a-z0-9]+/)
  return folded(words)
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => have.some((each) => each.startsWith(word)))
}
