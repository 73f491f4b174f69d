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

/** No violation, and nothing to scroll sideways at 1366x768. */
export async function judge(page: Page): Promise<void> {
  // What waits for an answer shows a turning circle in the place of its words.
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await expect.poll(() => page.evaluate(isMoving)).toBe(false)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
  expect(
    violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]) })),
  ).toEqual([])
  const wider = await page.evaluate(() =>
    [document.documentElement, document.querySelector('#content')].flatMap((element) =>
      element === null || element.scrollWidth <= element.clientWidth ? [] : [element.id || element.tagName],
    ),
  )
  expect(wider).toEqual([])
}
