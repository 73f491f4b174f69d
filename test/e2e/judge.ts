import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Whether something still fades or slides in: its colours are not yet those that people read. Spinners turn for ever. */
async function isMoving(): Promise<boolean> {
  // What has just come begins to move in the next frame.
  for (let frames = 0; frames < 2; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  return document
    .getAnimations()
    .some(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
}

async function violates(axe: AxeBuilder): Promise<unknown[]> {
  // There are no frames: the mode for pages without them opens no window of its own, and takes half of the time.
  const { violations } = await axe.setLegacyMode(true).analyze()
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  }))
}

/** No violation, and nothing to scroll sideways at 1366x768. */
export async function judge(page: Page): Promise<void> {
  // What waits for an answer shows a turning circle in the place of its words.
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await expect.poll(() => page.evaluate(isMoving)).toBe(false)
  expect(await violates(new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']))).toEqual([])
  const wider = await page.evaluate(() =>
    [document.documentElement, document.querySelector('#content')].flatMap((element) =>
      element === null || element.scrollWidth <= element.clientWidth ? [] : [element.id || element.tagName],
    ),
  )
  expect(wider).toEqual([])
}

/** The theme that is chosen in another window of the same machine. */
async function chooseElsewhere(page: Page, theme: 'light' | 'dark' | 'contrast'): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem('sportello.theme', chosen)
    dispatchEvent(new StorageEvent('storage', { key: 'sportello.theme' }))
  }, theme)
  await expect(page.locator(`.v-application.v-theme--${theme}`)).toHaveCount(1)
  await expect.poll(() => page.evaluate(isMoving)).toBe(false)
}

/** As `judge` in the light theme, and of the other two what alone differs with them: the contrast. */
export async function judgeInEveryTheme(page: Page): Promise<void> {
  await judge(page)
  for (const theme of ['dark', 'contrast'] as const) {
    await chooseElsewhere(page, theme)
    expect(await violates(new AxeBuilder({ page }).withRules('color-contrast')), theme).toEqual([])
  }
  await chooseElsewhere(page, 'light')
}
