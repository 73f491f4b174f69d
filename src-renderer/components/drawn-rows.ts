import { mdiCheckboxBlankOutline, mdiCheckboxMarked } from '@mdi/js'
import { defineComponent, h, type PropType, type VNode } from 'vue'
import type { ListColumn } from './list-columns.ts'
import { PathIcon } from './path-icon.ts'

/** A row of a list that is in sight; `row` undefined while it is on its way. */
export interface RowInSight<Row> {
  index: number
  key: string | null
  row: Row | undefined
  /** Extra class. */
  look: string
}

export interface DrawnRow<Row> extends RowInSight<Row> {
  /** Of what stands in the page: a row that leaves it gives its own to one that comes. */
  slot: number
}

export type CellSlots = Partial<Record<`cell-${string}`, (cell: { row: unknown; index: number }) => VNode[]>>

/**
 * `now`, in which each row that is as it was is the same object, and all of them the same array. A row that was there before
 * keeps its slot, others take those that have become free. Pure.
 */
export function drawnRows<Row>(
  before: readonly DrawnRow<Row>[] | undefined,
  now: readonly RowInSight<Row>[],
): readonly DrawnRow<Row>[] {
  const known = new Map((before ?? []).map((each) => [each.index, each]))
  const taken = new Set(now.flatMap(({ index }) => known.get(index)?.slot ?? []))
  let free = 0
  const freeSlot = (): number => {
    while (taken.has(free)) free += 1
    taken.add(free)
    return free
  }
  const rows = now.map((each) => {
    const old = known.get(each.index)
    if (old === undefined) return { ...each, slot: freeSlot() }
    return old.row === each.row && old.key === each.key && old.look === each.look ? old : { ...each, slot: old.slot }
  })
  return rows.length === before?.length && rows.every((each, at) => each === before[at]) ? before : rows
}

/**
 * The rows of a list. Apart from the list around them, which is drawn anew with each key of a search and each word about
 * its length: they are so only where a row changes.
 */
export default defineComponent({
  name: 'DrawnRows',
  props: {
    id: { type: String, required: true },
    rows: { type: Array as PropType<readonly DrawnRow<unknown>[]>, required: true },
    columns: { type: Array as PropType<readonly ListColumn[]>, required: true },
    cells: { type: Object as PropType<CellSlots>, required: true },
    /** Of the grid: columns of CSS. */
    tracks: { type: String, required: true },
    activeIndex: { type: Number, required: true },
    selectable: { type: Boolean, required: true },
    isChosen: { type: Function as PropType<(key: string | null) => boolean>, required: true },
    /** The words of the mark that selects a row. */
    selectWords: { type: String, required: true },
  },
  /** With the row's index, and the event but for `open`. */
  emits: ['rowClick', 'markClick', 'open'],
  setup(props, { emit }) {
    const mark = (index: number, isChosen: boolean): VNode =>
      h(
        'div',
        {
          role: 'gridcell',
          class: 'mark',
          onClick: (event: MouseEvent) => {
            event.stopPropagation()
            emit('markClick', index, event)
          },
          onDblclick: (event: MouseEvent) => {
            event.stopPropagation()
          },
        },
        [
          PathIcon({ icon: isChosen ? mdiCheckboxMarked : mdiCheckboxBlankOutline, size: 18 }),
          h('span', { class: 'visually-hidden' }, props.selectWords),
        ],
      )
    const cell = (column: ListColumn, { row, index }: DrawnRow<unknown>): VNode =>
      h(
        'div',
        { key: column.key, role: 'gridcell', class: ['cell', column.align] },
        row === undefined
          ? [h('span', { class: 'loading', 'aria-hidden': 'true' })]
          : (props.cells[`cell-${column.key}`]?.({ row, index }) ?? []),
      )
    return () =>
      props.rows.map((each) => {
        const { index, slot, key, look } = each
        const isActive = index === props.activeIndex
        const isChosen = props.isChosen(key)
        return h(
          'div',
          {
            key: slot,
            id: `${props.id}-${index}`,
            role: 'row',
            class: ['row', { active: isActive, chosen: isChosen }, look],
            'aria-rowindex': index + 2,
            'aria-selected': props.selectable ? isChosen : isActive,
            style: { gridTemplateColumns: props.tracks },
            onClick: (event: MouseEvent) => {
              emit('rowClick', index, event)
            },
            onDblclick: () => {
              emit('open', index)
            },
          },
          [...(props.selectable ? [mark(index, isChosen)] : []), ...props.columns.map((column) => cell(column, each))],
        )
      })
  },
})
