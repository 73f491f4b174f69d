import { posix, win32 } from 'node:path'
import { deepLinkPath, isDeepLink } from './deep-link.ts'

/** What a start of the program, or a second one of the program that runs, was meant to open. */
export interface Launch {
  /** A path of the page's router; null for none. */
  open: string | null
  /** Documents to be verified, by their absolute paths, each once. */
  files: readonly string[]
  /** The program's own flags. */
  options: readonly string[]
}

const MOST_CHARACTERS = 32_000
/** Of documents that wait to be verified; what is opened beyond is passed over. */
export const MOST_DOCUMENTS = 50

/**
 * The absolute path of a document that the system handed over; null for anything else. Only by its name: what it holds is
 * looked at by the core. `folder`: where the other start was made.
 */
export function documentPath(argument: string, folder: string, platform: NodeJS.Platform): string | null {
  const path = platform === 'win32' ? win32 : posix
  if (argument === '' || argument.length > MOST_CHARACTERS || argument.startsWith('-')) return null
  if (/\p{Cc}/u.test(argument) || !/\.(p7m|pdf)$/i.test(argument)) return null
  // An address is no path; of one letter before the colon, it is a drive.
  if (/^[a-z][a-z0-9+.-]+:/i.test(argument)) return null
  // Devices and the raw namespace of Windows; a second colon names a stream.
  if (platform === 'win32' && (/^[\\/]{2}[.?]/.test(argument) || argument.replace(/^[a-z]:/i, '').includes(':')))
    return null
  return path.isAbsolute(argument) ? path.normalize(argument) : path.resolve(folder, argument)
}

/**
 * Reads the arguments of a start, without the program's own name. A start by an address carries nothing else: whoever wrote
 * the address could have added flags to it.
 */
export function readLaunch(args: readonly string[], folder: string, platform: NodeJS.Platform): Launch {
  const link = args.find(isDeepLink)
  if (link !== undefined) return { open: deepLinkPath(link), files: [], options: [] }
  const options: string[] = []
  const files = new Set<string>()
  for (const [at, argument] of args.entries()) {
    const before = args[at - 1] ?? ''
    // The value of a flag is not a document, whatever its name. Chromium adds switches of its own, which are not ours.
    if (WITH_VALUE.test(before) || OWN_FLAG.test(argument)) options.push(argument)
    else if (files.size < MOST_DOCUMENTS) {
      const file = documentPath(argument, folder, platform)
      if (file !== null) files.add(file)
    }
  }
  return { open: files.size === 0 ? null : VERIFY_PATH, files: [...files], options }
}

const WITH_VALUE = /^--(data|provider|port)$/
const OWN_FLAG = /^--((data|provider|port)(=.*)?|browser|no-open|help)$/s

/** The screen that asks for the file which the system wants verified. */
export const VERIFY_PATH = '/documenti/verifica?aperto=1'
