export interface ListColumn {
  key: string
  title: string
  /** A grid track: `120px`, `minmax(160px, 2fr)`. */
  width: string
  sortable?: boolean
  align?: 'start' | 'end'
}

export interface ListSort {
  key: string
  descending: boolean
}

/** What a ListWindow lets its screen do. */
export interface ListHandle {
  /** Reads again what is shown, without moving anything. */
  reload: () => Promise<void>
  focus: () => void
  /** The row after (1) or before (-1) the active one becomes active. */
  step: (by: 1 | -1) => Promise<void>
}
