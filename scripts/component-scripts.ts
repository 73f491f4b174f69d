import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parse } from 'vue/compiler-sfc'

/** `Row extends Sums, Key`: types of which only the bound is known. Pure. */
function typeParameters(generic: string): string {
  return generic
    .split(',')
    .map((each) => /^\s*(\w+)(?:\s+extends\s+(.+))?\s*$/.exec(each))
    .map((found) => `type ${found?.[1] ?? '_'} = ${found?.[2] ?? 'object'} & { readonly parameter: symbol }; `)
    .join('')
}

/** The scripts of a component in their own lines; the rest is blank. Pure. */
export function scriptsOf(component: string): string {
  const { descriptor } = parse(component, { sourceMap: false })
  const blocks = [descriptor.script, descriptor.scriptSetup].filter((block) => block !== null)
  const lines: string[] = []
  for (const { content, loc, attrs } of blocks.sort((a, b) => a.loc.start.line - b.loc.start.line)) {
    while (lines.length < loc.start.line - 1) lines.push('')
    const [first = '', ...rest] = content.split('\n')
    lines.push((typeof attrs['generic'] === 'string' ? typeParameters(attrs['generic']) : '') + first, ...rest)
  }
  return lines.join('\n')
}

export interface ComponentScripts {
  /** Below the folder. */
  written: string[]
  /** Sources that import a component: they are among what was written, and cannot be read where they are. */
  importing: string[]
}

/**
 * Writes the scripts of all components, and what imports a component, as plain TypeScript below `folder`, with the
 * configuration to read them by: TypeScript's native compiler, and what is built on it, read no .vue.
 */
export function writeComponentScripts(root: string, folder: string): ComponentScripts {
  rmSync(folder, { recursive: true, force: true })
  const source = (path: string): string => readFileSync(join(root, path), 'utf8')
  const importing = globSync('src-renderer/**/*.ts', { cwd: root }).filter((path) =>
    /(from|import\() ?'[^']+\.vue'/.test(source(path)),
  )
  const texts = new Map(importing.map((path) => [path, source(path)]))
  // Not `X.vue.ts`: an import of `X.vue` would find it, and no component in it.
  for (const path of globSync('src-renderer/**/*.vue', { cwd: root }))
    texts.set(path.replace(/\.vue$/, '.script.ts'), scriptsOf(source(path)))
  const up = relative(folder, root).replaceAll('\\', '/')
  for (const [path, text] of [
    ...texts,
    [
      'tsconfig.json',
      JSON.stringify({
        extends: `${up}/tsconfig.eslint.json`,
        // What is imported from beside a script stands in the sources.
        compilerOptions: { rootDirs: [up, '.'] },
        include: ['**/*.ts', `${up}/tools/*.d.ts`, `${up}/src-renderer/env.d.ts`],
      }),
    ] as const,
  ]) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  return { written: [...texts.keys()], importing }
}
