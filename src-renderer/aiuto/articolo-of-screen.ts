/** The page for a screen, by the beginning of its address; the longest wins. */
const ofScreens: readonly (readonly [path: string, id: string])[] = [
  ['/cruscotto', 'cruscotto'],
  ['/report', 'report'],
  ['/caselle/dominio', 'domini'],
  ['/caselle/nuova', 'nuova-casella'],
  ['/caselle/nuove', 'nuova-casella'],
  ['/caselle/', 'casella'],
  ['/caselle', 'elenco-caselle'],
  ['/titolari/doppioni', 'doppioni'],
  ['/titolari/unione', 'fusione'],
  ['/titolari', 'titolari'],
  ['/scadenze', 'scadenze'],
  ['/domini', 'domini'],
  ['/assistenti', 'assistenti'],
  ['/documenti/carica', 'carica'],
  ['/documenti/lotti', 'lotti'],
  ['/documenti/verifica', 'firme'],
  ['/documenti/gestione', 'documenti-caricati'],
  ['/coda', 'coda'],
  ['/novita', 'novita'],
  ['/supporto/guida', 'tasti'],
  ['/supporto/richieste', 'richieste'],
  ['/supporto/diagnostica', 'diagnostica'],
  ['/supporto/registro', 'registro'],
  ['/supporto/programma', 'tasti'],
  ['/supporto', 'segnalazioni'],
  ['/impostazioni', 'impostazioni'],
]

/** What F1 opens on a screen; null for one that has no page. Pure. */
export function articoloOfScreen(path: string): string | null {
  return ofScreens.find(([start]) => path.startsWith(start))?.[1] ?? null
}
