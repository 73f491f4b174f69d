/** What an import names: a file of the repository by its path from the root, a module of Node, or a package. */
export type ImportTarget =
  { kind: 'file'; path: string } | { kind: 'node'; name: string } | { kind: 'package'; name: string }

/** Which part of the program may import which. Each boundary answers a message when an import crosses it. */
export interface Boundary {
  name: string
  crossed(from: string, target: ImportTarget, typeOnly: boolean): boolean
}

const screenPackages = [
  'vue',
  'vue-router',
  'vue-i18n',
  'pinia',
  'vuetify',
  'zod',
  '@mdi/js',
  'echarts',
  'vue-echarts',
  'pdfjs-dist',
  'fflate',
  '@fontsource/roboto-mono',
  '@fontsource/titillium-web',
  'vitest',
  '@vue/test-utils',
]
const domains = [
  'caselle',
  'titolari',
  'domini',
  'documenti',
  'lotti',
  'note',
  'richieste',
  'segnalazioni',
  'impostazioni',
  'scadenze',
  'report',
  'moduli',
  'storico',
  'registro-accessi',
  'registro-operatori',
  'copia-dati',
]

const below = (path: string, ...folders: string[]): boolean => folders.some((folder) => path.startsWith(`${folder}/`))
const isFileBelow = (target: ImportTarget, ...folders: string[]): boolean =>
  target.kind === 'file' && below(target.path, ...folders)
const isPackage = (target: ImportTarget, ...names: string[]): boolean =>
  target.kind === 'package' && names.includes(target.name)
const isStore = (path: string): boolean =>
  below(path, 'src-main/db', 'src-main/sandbox/store') || path.endsWith('-store.ts')
const isCore = (path: string): boolean => below(path, 'src-main') && !below(path, 'src-main/hosts', 'src-main/sandbox')

export const boundaries: readonly Boundary[] = [
  {
    name: 'the renderer imports only the contracts, its resources and packages of the screens',
    crossed(from, target) {
      if (!below(from, 'src-renderer')) return false
      switch (target.kind) {
        case 'file':
          return !isFileBelow(target, 'src-renderer', 'src-main/contract', 'src-main/provider-contract', 'resources')
        case 'node':
          return true
        case 'package':
          return !screenPackages.includes(target.name)
      }
    },
  },
  {
    name: 'only the Electron host imports electron',
    // Its types alone are for the tests that stand in for it.
    crossed: (from, target, typeOnly) =>
      isPackage(target, 'electron') && !below(from, 'src-main/hosts/electron') && !(typeOnly && below(from, 'test')),
  },
  {
    name: 'the provider contract imports only zod',
    crossed: (from, target) =>
      below(from, 'src-main/provider-contract') &&
      !isPackage(target, 'zod') &&
      !isFileBelow(target, 'src-main/provider-contract'),
  },
  {
    name: 'the contract imports only zod and the provider contract',
    crossed: (from, target) =>
      below(from, 'src-main/contract') &&
      !isPackage(target, 'zod') &&
      !isFileBelow(target, 'src-main/contract', 'src-main/provider-contract'),
  },
  {
    name: 'the rules of the contract import nothing but each other',
    crossed: (from, target) =>
      below(from, 'src-main/contract/rules') && !isFileBelow(target, 'src-main/contract/rules'),
  },
  {
    name: "a domain never imports another domain's store",
    crossed: (from, target) =>
      domains.some(
        (domain) =>
          below(from, `src-main/${domain}`) &&
          target.kind === 'file' &&
          target.path.endsWith('-store.ts') &&
          domains.some((other) => other !== domain && below(target.path, `src-main/${other}`)),
      ),
  },
  {
    name: 'only the provider client imports axios',
    crossed: (from, target, typeOnly) =>
      isPackage(target, 'axios') &&
      below(from, 'src-main', 'src-renderer') &&
      !below(from, 'src-main/provider', 'src-main/hosts') &&
      !(typeOnly && from === 'src-main/environment.ts'),
  },
  {
    name: 'the sandbox imports only the provider contract and itself',
    crossed: (from, target) =>
      below(from, 'src-main/sandbox') &&
      target.kind === 'file' &&
      !isFileBelow(target, 'src-main/sandbox', 'src-main/provider-contract', 'resources'),
  },
  {
    name: 'the core never imports a host or the sandbox',
    crossed: (from, target) => isCore(from) && isFileBelow(target, 'src-main/hosts', 'src-main/sandbox'),
  },
  {
    name: 'SQL and the database stand in stores only',
    crossed: (from, target, typeOnly) =>
      below(from, 'src-main', 'src-renderer') &&
      !isStore(from) &&
      (isPackage(target, 'better-sqlite3') ||
        (!typeOnly && target.kind === 'file' && target.path === 'src-main/db/sql.ts')),
  },
  {
    name: 'a host knows the core by its contract, its environment, its log and its exports only',
    crossed(from, target) {
      if (!below(from, 'src-main/hosts') || target.kind !== 'file') return false
      if (below(from, 'src-main/hosts/cli') && target.path === 'src-main/sandbox/demo-users.ts') return false
      // Verification needs no core: the command line runs it on its own.
      if (below(from, 'src-main/hosts/cli') && target.path === 'src-main/signatures/verification-pool.ts') return false
      if (below(from, 'src-main/hosts/cli') && target.path === 'src-main/trust/trust-folder.ts') return false
      if (target.path === 'src-main/trust/refresh-thread.ts') return false
      // The words of menus and dialogs stand with all the others.
      if (below(from, 'src-main/hosts/electron') && isFileBelow(target, 'src-renderer/locales')) return false
      return (
        !['src-main/core.ts', 'src-main/waiting-core.ts', 'src-main/environment.ts'].includes(target.path) &&
        !isFileBelow(target, 'src-main/hosts', 'src-main/contract', 'src-main/diagnostics', 'src-main/export')
      )
    },
  },
]
