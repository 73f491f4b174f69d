import { Validator } from '@seriousme/openapi-schema-validator'
import { readFileSync } from 'node:fs'
import prettier from 'prettier'
import { expect, test } from 'vitest'
import { openApiDocument } from '../../src-main/sandbox/openapi.ts'

const file = new URL('../../resources/openapi.json', import.meta.url)

test('resources/openapi.json is what the sandbox serves; npm run openapi writes it again', async () => {
  const options = await prettier.resolveConfig(file)
  const served = await prettier.format(JSON.stringify(await openApiDocument()), { ...options, parser: 'json' })
  expect(readFileSync(file, 'utf8')).toBe(served)
})

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
  expect(validator.version).toBe('3.1')
})
