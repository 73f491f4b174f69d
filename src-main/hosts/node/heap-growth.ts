import { setFlagsFromString } from 'node:v8'
import type { HeapGrowth } from '../../environment.ts'

/**
 * So many per cent more than what was alive at the last collection. By itself V8 takes up to 300, by how fast things were
 * made just then: after a start or a copy that is tens of megabytes, which are never given back.
 */
const STEADY_PERCENT = 30
/** V8 decides by itself. */
const LOOSE_PERCENT = 0

const grow = (percent: number): void => {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

/** Keeps the heap of this process small from now on. */
export function steadyHeap(): HeapGrowth {
  grow(STEADY_PERCENT)
  return {
    loosen: () => {
      grow(LOOSE_PERCENT)
      return () => {
        grow(STEADY_PERCENT)
      }
    },
  }
}
