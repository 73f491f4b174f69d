/** A key is answered from the provider's record for seven days; after six a repetition is no longer safe. */
export const KEY_LIFE_MS = 6 * 24 * 3600_000
