import { z } from 'zod'
import { openApiDocument } from '../../src-main/sandbox/openapi.ts'

const Media = z.object({ schema: z.record(z.string(), z.unknown()).optional() })
const Response = z.object({ content: z.record(z.string(), Media).optional() })
const Operation = z.object({ responses: z.record(z.string(), Response), requestBody: z.unknown().optional() })
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

export interface CheckedAnswer {
  status: number
  contentType: string
  text: string
}

export interface OpenApiCheck {
  /** Method and path of every route, as the document names them. */
  routes: { method: string; path: string }[]
  /** Throws unless the document declares the route, the status, the content type and a schema that the body meets. */
  check(method: string, path: string, answer: CheckedAnswer): void
}

/** Refs of the document, as a JSON Schema by itself names them. */
function standalone(schema: unknown, schemas: Record<string, unknown>): z.ZodType {
  const text = JSON.stringify({ ...(schema as object), $defs: schemas })
  return z.fromJSONSchema(
    JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as z.core.JSONSchema.JSONSchema,
  )
}

async function createCheck(): Promise<OpenApiCheck> {
  const document = Document.parse(JSON.parse(JSON.stringify(await openApiDocument())))
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  )
  const patterns = routes.map((route) => ({
    ...route,
    pattern: new RegExp(`^${route.path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  // A path without parameters comes before one that a parameter would match.
  patterns.sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  const made = new Map<string, z.ZodType>()

  return {
    routes,
    check: (method, path, { status, contentType, text }) => {
      const [bare = '/'] = path.split('?')
      const route = patterns.find((each) => each.method === method && each.pattern.test(bare))
      const [type = ''] = contentType.split(';')
      // Not a route: its refusal is a problem all the same, and the document describes itself by its own standard.
      if (route === undefined) return
      const name = `${method} ${route.path}`
      const { responses } = document.paths[route.path]?.[method.toLowerCase()] ?? { responses: {} }
      const [key, response] = [String(status), responses[String(status)] ?? responses['default']]
      if (response === undefined || (status < 400 && responses[key] === undefined)) {
        throw new Error(`${name}: ${status} is not declared`)
      }
      if (text === '') return
      const media = response.content?.[type]
      if (media === undefined) throw new Error(`${name}: ${status} with ${type} is not declared`)
      if (!type.endsWith('json') || media.schema === undefined) return
      const schema = made.get(`${name} ${key} ${type}`) ?? standalone(media.schema, document.components.schemas)
      made.set(`${name} ${key} ${type}`, schema)
      for (const json of type.endsWith('ndjson') ? text.trimEnd().split('\n') : [text]) {
        const checked = schema.safeParse(JSON.parse(json))
        if (!checked.success) throw new Error(`${name}: ${status} does not meet its schema: ${checked.error.message}`)
      }
    },
  }
}

let made: Promise<OpenApiCheck> | undefined
/** One for each test file: the document is the same for every sandbox. */
export function openApiCheck(): Promise<OpenApiCheck> {
  made ??= createCheck()
  return made
}
