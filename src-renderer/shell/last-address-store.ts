import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

/** Where each screen of the menu was left, by its path: a list is found again with the search and the filters that it had. */
export const useLastAddressStore = defineStore('last-address', () => {
  const addresses = shallowReactive(new Map<string, string>())
  return {
    of: (screen: string): string => addresses.get(screen) ?? screen,
    remember: (screen: string, address: string): void => {
      addresses.set(screen, address)
    },
    /** Who comes next begins anew. */
    forget: (): void => {
      addresses.clear()
    },
  }
})
