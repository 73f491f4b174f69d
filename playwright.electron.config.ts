import { defineConfig } from '@playwright/test'

// The window itself: started by scripts/electron-specs.ts, where there is a runtime.
export default defineConfig({
  testDir: 'test/e2e-electron',
  outputDir: 'test-results/playwright-electron',
  workers: 1,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e-electron.json' }]],
})
