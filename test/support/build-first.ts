import { ensureBuilt } from '../../scripts/ensure-built.ts'

/** For the suites that run the built programs. */
export default function buildFirst(): void {
  if (!ensureBuilt()) throw new Error('the build failed')
}
