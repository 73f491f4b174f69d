import type { SwaggerTransformObject } from '@fastify/swagger'
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'

interface Parameter {
  name?: string
  required?: boolean
}
interface Operation {
  parameters?: Parameter[]
}
interface Document {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, unknown> }
}

/**
 * The zod schemas as components, without those that no route uses. The headers whose absence has a refusal of its own
 * (428, idempotency_key_required) are optional to the validator and required in the document.
 */
export const transformDocument: SwaggerTransformObject = (document) => {
  const transformed = jsonSchemaTransformObject(document) as Document
  for (const path of Object.values(transformed.paths ?? {})) {
    for (const [method, operation] of Object.entries(path)) {
      for (const parameter of operation.parameters ?? []) {
        const isKey = parameter.name === 'idempotency-key' && method === 'post'
        if (isKey || parameter.name === 'if-match') parameter.required = true
      }
    }
  }
  const schemas = transformed.components?.schemas ?? {}
  const used = usedSchemas(transformed.paths, schemas)
  for (const name of Object.keys(schemas)) if (!used.has(name)) Reflect.deleteProperty(schemas, name)
  return transformed
}

function usedSchemas(paths: unknown, schemas: Record<string, unknown>): Set<string> {
  const used = new Set<string>()
  const follow = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      follow(schemas[name])
    }
  }
  follow(paths)
  return used
}
