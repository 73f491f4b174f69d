import { join } from 'node:path'
import { Linter } from 'eslint'
import ts from 'typescript-eslint'
import { expect, test } from 'vitest'
import config from '../../eslint.config.ts'
import { boundaries } from '../../scripts/boundaries.ts'
import { boundariesRule } from '../../scripts/boundaries-rule.ts'

const root = join(import.meta.dirname, '..', '..')

/** Lints a planted file, without types: the names of the boundaries that it crosses. */
function crossed(path: string, code: string): string[] {
  const messages = new Linter({ cwd: root }).verify(
    code,
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: ts.parser },
        plugins: { sportello: { rules: { boundaries: boundariesRule } } },
        rules: { 'sportello/boundaries': 'error' },
      },
    ],
    { filename: join(root, path) },
  )
  return messages.map(({ message }) => message.split(':', 1)[0] ?? '')
}

const planted: [boundary: string, path: string, code: string][] = [
  ['the renderer imports only', 'src-renderer/caselle/x.ts', "import { startCore } from '../../src-main/core.ts'"],
  ['the renderer imports only', 'src-renderer/caselle/x.ts', "import { readFileSync } from 'node:fs'"],
  ['the renderer imports only', 'src-renderer/caselle/x.ts', "import { readFileSync } from 'fs'"],
  ['the renderer imports only', 'src-renderer/x.ts', "import fastify from 'fastify'"],
  ['the renderer imports only', 'src-renderer/x.ts', "export type { Core } from '../src-main/core.ts'"],
  ['only the Electron host', 'src-main/core.ts', "import { app } from 'electron'"],
  ['only the Electron host', 'src-main/hosts/browser/x.ts', "import type { App } from 'electron'"],
  ['only the Electron host', 'scripts/x.ts', "const electron = await import('electron')"],
  ['the provider contract', 'src-main/provider-contract/x.ts', "import { Status } from '../contract/status.ts'"],
  ['the provider contract', 'src-main/provider-contract/x.ts', "import { join } from 'node:path'"],
  ['the contract imports', 'src-main/contract/x.ts', "import axios from 'axios'"],
  ['the contract imports', 'src-main/contract/x.ts', "import { sql } from '../db/sql.ts'"],
  ['the rules of the contract', 'src-main/contract/rules/x.ts', "import { z } from 'zod'"],
  ['the rules of the contract', 'src-main/contract/rules/x.ts', "import { Status } from '../status.ts'"],
  ['a domain never imports', 'src-main/caselle/x.ts', "import { titolari } from '../titolari/titolare-store.ts'"],
  ['a domain never imports', 'src-main/documenti/x.ts', "import { caselle } from '../caselle/casella-store.ts'"],
  ['only the provider client', 'src-main/sync/x.ts', "import axios from 'axios'"],
  ['only the provider client', 'src-main/environment.ts', "import axios from 'axios'"],
  ['the sandbox imports only', 'src-main/sandbox/routes/x.ts', "import { startCore } from '../../core.ts'"],
  ['the sandbox imports only', 'src-main/sandbox/x.ts', "import { Status } from '../contract/status.ts'"],
  ['the core never imports', 'src-main/sync/x.ts', "import { startSandbox } from '../sandbox/sandbox.ts'"],
  ['the core never imports', 'src-main/core.ts', "const host = await import('./hosts/browser/server.ts')"],
  ['SQL and the database', 'src-main/outbox/dispatch.ts', "import { sql } from '../db/sql.ts'"],
  ['SQL and the database', 'src-main/sandbox/routes/x.ts', "import Database from 'better-sqlite3'"],
  ['a host knows the core', 'src-main/hosts/browser/x.ts', "import { cycle } from '../../sync/cycle.ts'"],
  ['a host knows the core', 'src-main/hosts/cli/x.ts', "import { startSandbox } from '../../sandbox/sandbox.ts'"],
  ['a host knows the core', 'src-main/hosts/electron/x.ts', "let x: import('../../db/database.ts').ArchiveDb"],
]

test.each(planted)('%s: %s may not say %s', (boundary, path, code) => {
  expect(crossed(path, code).filter((name) => name.startsWith(boundary))).toHaveLength(1)
})

test('every boundary has a planted violation', () => {
  const silent = boundaries.filter(({ name }) => !planted.some(([boundary]) => name.startsWith(boundary)))
  expect(silent).toEqual([])
})

test('what the design allows passes', () => {
  const allowed: [string, string][] = [
    ['src-renderer/bridge/x.ts', "import { channels } from '../../src-main/contract/channels.ts'"],
    ['src-renderer/x.ts', "import { VBtn } from 'vuetify/components'"],
    ['src-main/hosts/electron/x.ts', "import { app } from 'electron'"],
    ['src-main/contract/x.ts', "import { Casella } from '../provider-contract/casella.ts'"],
    ['src-main/caselle/casella-store.ts', "import { sql } from '../db/sql.ts'"],
    ['src-main/caselle/x.ts', "import { casellaStore } from './casella-store.ts'"],
    ['src-main/provider/x.ts', "import axios from 'axios'"],
    ['src-main/environment.ts', "import type { AxiosRequestConfig } from 'axios'"],
    ['src-main/hosts/browser/x.ts', "import { startCore } from '../../core.ts'"],
  ]
  for (const [path, code] of allowed) expect([path, crossed(path, code)]).toEqual([path, []])
})

test('the project is linted with the boundaries as errors', () => {
  const settings = config
    .filter(({ name }) => name === 'boundaries')
    .map(({ rules }) => rules?.['sportello/boundaries'])
  expect(settings).toEqual(['error'])
})
