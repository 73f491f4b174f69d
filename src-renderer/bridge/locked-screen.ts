let waiting: (() => void)[] = []

/** Somebody has unlocked the screen: what waited for it goes on. */
export function screenUnlocked(): void {
  const released = waiting
  waiting = []
  for (const release of released) release()
}

/** Fulfils when the screen is unlocked; `isOpen` is asked once, since that may have happened before this was called. */
export async function screenIsUnlocked(isOpen: () => Promise<boolean>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    waiting.push(resolve)
    isOpen().then((open) => {
      if (open) resolve()
    }, reject)
  })
}
