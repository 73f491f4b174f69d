import { mkdirSync, writeFileSync } from 'node:fs'
import prettier from 'prettier'
import { openApiDocument } from '../src-main/sandbox/openapi.ts'

/** Writes resources/openapi.json, the provider contract as the sandbox serves it. */
const root = new URL('../', import.meta.url)
const file = new URL('resources/openapi.json', root)
const options = await prettier.resolveConfig(file)
mkdirSync(new URL('resources/', root), { recursive: true })
writeFileSync(file, await prettier.format(JSON.stringify(await openApiDocument()), { ...options, parser: 'json' }))
