import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Rule } from 'eslint'
import { boundaries, type ImportTarget } from './boundaries.ts'

const root = join(import.meta.dirname, '..')
const fromRoot = (path: string): string => relative(root, path).split(sep).join('/')

function targetOf(file: string, specifier: string): ImportTarget {
  if (specifier.startsWith('.')) return { kind: 'file', path: fromRoot(resolve(dirname(file), specifier)) }
  if (isBuiltin(specifier)) return { kind: 'node', name: specifier }
  const parts = specifier.split('/')
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }
}

/** What the nodes that name a module have in common. */
interface ImportLike {
  type: string
  source?: { value?: unknown } | null
  importKind?: string
  exportKind?: string
}

/** Reports every import, static, dynamic or of a type, that crosses one of the boundaries. */
export const boundariesRule: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { crossed: '{{name}}: {{specifier}} is out of bounds here' } },
  create(context) {
    const from = fromRoot(context.physicalFilename)
    const check = (node: unknown): void => {
      const { source, importKind, exportKind, type } = node as ImportLike
      if (typeof source?.value !== 'string') return
      const typeOnly = importKind === 'type' || exportKind === 'type' || type === 'TSImportType'
      const target = targetOf(context.physicalFilename, source.value)
      for (const boundary of boundaries) {
        if (boundary.crossed(from, target, typeOnly))
          context.report({
            node: node as Rule.Node,
            messageId: 'crossed',
            data: { name: boundary.name, specifier: source.value },
          })
      }
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }
  },
}
