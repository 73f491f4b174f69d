/** What the panel of a holder lets its screen do. */
export interface TitolarePanelHandle {
  /** Whether what is written may be left; asks when something would be lost. */
  leave: () => Promise<boolean>
  /** Unlocks the fields of the pane in front. */
  edit: () => Promise<void>
  /** Esc. Answers whether there was something to leave. */
  escape: () => boolean
}
