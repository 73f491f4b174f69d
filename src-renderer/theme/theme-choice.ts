import { ref } from 'vue'

export const themeChoices = ['system', 'light', 'dark', 'contrast'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const KEY = 'sportello.theme'

function stored(): ThemeChoice {
  const value = localStorage.getItem(KEY)
  return themeChoices.find((choice) => choice === value) ?? 'system'
}

/** The theme chosen on this machine; `system` before any choice. */
export const themeChoice = ref<ThemeChoice>(stored())

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  themeChoice.value = choice
}

// Chosen in another window of the same machine.
addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) themeChoice.value = stored()
})
