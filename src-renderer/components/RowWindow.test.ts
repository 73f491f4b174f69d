import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { i18n } from '../locales/i18n.ts'
import RowWindow from './RowWindow.vue'

interface Row {
  id: string
}

const vuetify = createVuetify({ icons: { defaultSet: 'mdi', aliases, sets: { mdi } } })

async function list(total: number, cell?: (cell: { row: unknown }) => string) {
  const load = (offset: number, limit: number): Promise<{ total: number; rows: Row[] }> =>
    Promise.resolve({
      total,
      rows: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => ({ id: `r${offset + index}` })),
    })
  const wrapper = mount(RowWindow, {
    global: { plugins: [vuetify, i18n] },
    ...(cell === undefined ? {} : { slots: { 'cell-id': cell } }),
    props: {
      label: 'Prova',
      columns: [{ key: 'id', title: 'Id', width: '1fr', sortable: true }],
      load,
      query: 'a',
      rowKey: (row: unknown) => (row as Row).id,
      selectable: true,
    },
  })
  await flushPromises()
  return wrapper
}

async function press(wrapper: Awaited<ReturnType<typeof list>>, key: string, shiftKey = false): Promise<void> {
  await wrapper.find('[role=grid]').trigger('keydown', { key, shiftKey })
  await flushPromises()
}

describe('a list window', () => {
  it('holds a few rows of a million and tells how many there are', async () => {
    const wrapper = await list(1_000_000)
    expect(wrapper.findAll('.row').length).toBeLessThan(60)
    expect(wrapper.find('[role=grid]').attributes('aria-rowcount')).toBe('1000001')
    expect(wrapper.find('.row').attributes('aria-rowindex')).toBe('2')
  })

  it('draws its rows only where one of them changes', async () => {
    let drawn = 0
    const wrapper = await list(50, ({ row }) => {
      drawn += 1
      return (row as Row).id
    })
    expect(wrapper.find('.row .cell').text()).toBe('r0')
    drawn = 0
    // Another parent's turn: the same rows, and a query whose answer is not here yet.
    await wrapper.setProps({ rowKey: (row: unknown) => (row as Row).id, label: 'Altra' })
    await wrapper.setProps({ query: 'b', load: () => new Promise<never>(() => undefined) })
    await flushPromises()
    expect(drawn).toBe(0)
    await wrapper.setProps({ query: 'c', load: () => Promise.resolve({ total: 1, rows: [{ id: 'n' }] }) })
    await flushPromises()
    expect(wrapper.findAll('.row .cell').map((each) => each.text())).toEqual(['n'])
    expect(drawn).toBe(1)
  })

  it('goes on showing rows while it is dragged through, and lets go of them when others do not come', async () => {
    vi.useFakeTimers()
    const asked: { offset: number; answer: () => void }[] = []
    const wrapper = await list(1_000_000)
    const load = (offset: number): Promise<{ total: number; rows: Row[] }> =>
      new Promise((resolve) => {
        const rows = Array.from({ length: 50 }, (_, index) => ({ id: `r${offset + index}` }))
        asked.push({
          offset,
          answer: () => {
            resolve({ total: 1_000_000, rows })
          },
        })
      })
    await wrapper.setProps({ load })
    const drag = async (top: number): Promise<void> => {
      wrapper.find('[role=grid]').element.scrollTop = top
      await wrapper.find('[role=grid]').trigger('scroll')
      await flushPromises()
    }
    const first = (): string | undefined => wrapper.find('.row').attributes('aria-rowindex')
    await drag(1_000_000)
    await drag(2_000_000)
    expect([first(), wrapper.findAll('.row .loading')]).toEqual(['2', []])
    asked[0]?.answer()
    await flushPromises()
    const passed = Number(first()) - 2
    expect(passed).toBeGreaterThanOrEqual((asked[0]?.offset ?? 0) - 8)
    expect(passed).toBeLessThan((asked[0]?.offset ?? 0) + 50)
    vi.advanceTimersByTime(1000)
    await flushPromises()
    expect(Number(first()) - 2).toBeGreaterThan(passed)
    expect(wrapper.findAll('.row .loading').length).toBeGreaterThan(0)
    vi.useRealTimers()
  })

  it('moves the active row with the arrows and names it to assistive technology', async () => {
    const wrapper = await list(50)
    await press(wrapper, 'ArrowDown')
    await press(wrapper, 'ArrowDown')
    expect(wrapper.emitted('update:active')?.at(-1)).toEqual(['r1'])
    const named = wrapper.find('[role=grid]').attributes('aria-activedescendant')
    expect(wrapper.find('.row.active').attributes('id')).toBe(named)
  })

  it('takes the keys that are pressed before the rows of a new query are here for these rows', async () => {
    const answers: (() => void)[] = []
    const ofQuery = (name: string) => (_offset: number, limit: number) =>
      new Promise<{ total: number; rows: Row[] }>((resolve) => {
        answers.push(() => {
          resolve({ total: 50, rows: Array.from({ length: Math.min(50, limit) }, (_, i) => ({ id: `${name}${i}` })) })
        })
      })
    const wrapper = await list(50)
    await press(wrapper, 'ArrowDown')
    await wrapper.setProps({ load: ofQuery('new'), query: 'b' })
    await press(wrapper, 'ArrowDown')
    await press(wrapper, 'ArrowDown')
    await press(wrapper, 'Enter')
    expect(wrapper.emitted('update:active')).toEqual([['r0']])
    expect(wrapper.emitted('open')).toBeUndefined()
    answers.forEach((answer) => {
      answer()
    })
    await flushPromises()
    expect(wrapper.emitted('update:active')?.at(-1)).toEqual(['new1'])
    expect(wrapper.emitted('open')).toEqual([[{ id: 'new1' }]])
  })

  it('says when the rows of a range cannot be named, and goes on with the next keys', async () => {
    const wrapper = await list(1000)
    await wrapper.setProps({ keysFrom: () => Promise.reject(new Error('no keys')) })
    await press(wrapper, 'Home')
    await press(wrapper, 'End', true)
    expect(wrapper.find('.failed').exists()).toBe(true)
    await press(wrapper, 'Home')
    expect(wrapper.emitted('update:active')?.at(-1)).toEqual(['r0'])
  })

  it('opens the active row with Enter and selects it with Space', async () => {
    const wrapper = await list(50)
    await press(wrapper, 'End')
    await press(wrapper, ' ')
    await press(wrapper, 'Enter')
    expect(wrapper.emitted('update:selected')?.at(-1)).toEqual([['r49']])
    expect(wrapper.emitted('open')?.at(-1)).toEqual([{ id: 'r49' }])
  })

  it('selects a range with Shift, also over rows that were not fetched yet', async () => {
    const wrapper = await list(1000)
    await press(wrapper, 'Home')
    await press(wrapper, 'End', true)
    expect(wrapper.emitted('update:selected')?.at(-1)?.[0]).toHaveLength(1000)
  })

  it('selects all rows with Ctrl+A without fetching them, and Space leaves one out', async () => {
    const wrapper = await list(1_000_000)
    await wrapper.find('[role=grid]').trigger('keydown', { key: 'a', ctrlKey: true })
    expect(wrapper.emitted('update:everything')?.at(-1)).toEqual([true])
    expect(wrapper.emitted('update:selected')?.at(-1)).toEqual([[]])
    await wrapper.setProps({ everything: true, selected: [] })
    expect(wrapper.find('.row').attributes('aria-selected')).toBe('true')
    await press(wrapper, 'ArrowDown')
    await press(wrapper, ' ')
    expect(wrapper.emitted('update:selected')?.at(-1)).toEqual([['r0']])
    await wrapper.setProps({ selected: ['r0'] })
    expect(wrapper.find('.row').attributes('aria-selected')).toBe('false')
  })

  it('asks for the keys of a long range instead of its rows', async () => {
    const wrapper = await list(1000)
    const asked: number[][] = []
    await wrapper.setProps({
      keysFrom: (first: number, count: number) => {
        asked.push([first, count])
        return Promise.resolve(Array.from({ length: count }, (_, index) => `r${first + index}`))
      },
    })
    await press(wrapper, 'Home')
    await press(wrapper, 'End', true)
    expect(asked).toEqual([[0, 1000]])
    expect(wrapper.emitted('update:selected')?.at(-1)?.[0]).toHaveLength(1000)
  })

  it('turns the direction when the same column is sorted twice', async () => {
    const wrapper = await list(5)
    await wrapper.find('.head .cell button').trigger('click')
    expect(wrapper.emitted('update:sort')?.at(-1)).toEqual([{ key: 'id', descending: false }])
    await wrapper.setProps({ sort: { key: 'id', descending: false } })
    await wrapper.find('.head .cell button').trigger('click')
    expect(wrapper.emitted('update:sort')?.at(-1)).toEqual([{ key: 'id', descending: true }])
  })
})
