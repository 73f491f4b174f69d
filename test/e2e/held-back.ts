import type { Page } from '@playwright/test'

/** Holds the next question of this kind back; fulfils, when it has been asked, with what lets it go. */
export async function heldBack(page: Page, channel: string): Promise<{ asked: Promise<void>; release: () => void }> {
  const asked = Promise.withResolvers<undefined>()
  const released = Promise.withResolvers<undefined>()
  let held = false
  await page.route('**/api', async (route) => {
    if (!held && route.request().postData()?.includes(`"${channel}"`) === true) {
      held = true
      asked.resolve(undefined)
      await released.promise
    }
    await route.continue()
  })
  return {
    asked: asked.promise,
    release: () => {
      released.resolve(undefined)
    },
  }
}
