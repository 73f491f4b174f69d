import type { CaselleAction, CaselleTarget } from '../../src-main/contract/casella-selection.ts'

/** What the panel of a casella lets its screen do. */
export interface CasellaPanelHandle {
  /** Whether what is written may be left; asks when something would be lost. */
  leave: () => Promise<boolean>
  /** Unlocks the fields, where the casella allows it. */
  edit: () => Promise<void>
}

/** What the tab with the fields lets the panel do. */
export interface CasellaTabHandle {
  readonly dirty: boolean
  begin: () => Promise<void>
  /** Asks about disabling or enabling (D67). */
  askAccess: () => Promise<void>
  /** Leaves the editing; what was written is dropped. */
  stop: () => void
  /** Esc. Answers whether there was something to leave. */
  escape: () => boolean
}

export interface AzioneSelezioneHandle {
  /** Asks whether to do it; `count` is how many the person is told of. */
  ask: (action: CaselleAction, target: CaselleTarget, count: number) => void
}
