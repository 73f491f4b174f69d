/** For `vi.waitFor`, which gives up after a second by itself: a limit that only a hang reaches, on a busy machine too. */
export const PATIENCE = { timeout: 60_000, interval: 20 }
