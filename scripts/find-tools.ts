import { spawnSync } from 'node:child_process'
import { installDebianPackages, isDebianRoot } from './debian-packages.ts'

/**
 * Programs by which the tests have signatures, printed forms and exports read by somebody else, each with its Debian
 * package. LibreOffice's spreadsheet, without screens, takes about half a minute to install.
 */
const packages: Readonly<Record<string, string>> = {
  openssl: 'openssl',
  pdfsig: 'poppler-utils',
  qpdf: 'qpdf',
  soffice: 'libreoffice-calc-nogui',
}

function missing(): string[] {
  return Object.keys(packages).filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore', windowsHide: true }).error !== undefined,
  )
}

/** Installs what is missing where that can be done. Answers what still is. */
export function missingTools(): string[] {
  const before = missing()
  if (before.length === 0 || !isDebianRoot()) return before
  installDebianPackages(...before.map((program) => packages[program] ?? program))
  return missing()
}
