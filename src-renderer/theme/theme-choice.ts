export const themeChoices = ['system', 'light', 'dark', 'contrast'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const KEY = 'sportello.theme'

/** The theme chosen on this machine; `system` before any choice. */
export function storedTheme(): ThemeChoice {
  const stored = localStorage.getItem(KEY)
  return themeChoices.find((choice) => choice === stored) ?? 'system'
}

export function storeTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
}
