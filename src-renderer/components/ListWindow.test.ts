import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { i18n } from '../locales/i18n.ts'
import { chooseListMode } from './list-mode.ts'
import ListWindow from './ListWindow.vue'

interface Row {
  id: string
}

const vuetify = createVuetify({ icons: { defaultSet: 'mdi', aliases, sets: { mdi } } })

async function list(total: number) {
  const load = (offset: number, limit: number): Promise<{ total: number; rows: Row[] }> =>
    Promise.resolve({
      total,
      rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => ({ id: `r${offset + i}` })),
    })
  const wrapper = mount(ListWindow, {
    global: { plugins: [vuetify, i18n] },
    props: {
      label: 'Prova',
      columns: [{ key: 'id', title: 'Id', width: '1fr' }],
      load,
      query: 'a',
      rowKey: (row: unknown) => (row as Row).id,
      selectable: true,
    },
    slots: { 'cell-id': (cell: { row: unknown }) => (cell.row as Row).id },
  })
  await flushPromises()
  return wrapper
}
type List = Awaited<ReturnType<typeof list>>

const grid = (wrapper: List) => wrapper.find('[role=grid]')
const active = (wrapper: List) => wrapper.emitted('update:active')?.at(-1)
async function press(wrapper: List, key: string): Promise<void> {
  await grid(wrapper).trigger('keydown', { key })
  await flushPromises()
}
async function turn(wrapper: List, name: string): Promise<void> {
  await wrapper
    .findAll('button')
    .find((button) => button.text() === name)
    ?.trigger('click')
  await flushPromises()
}

describe('a list', () => {
  beforeEach(() => {
    chooseListMode('pages')
  })
  afterEach(() => {
    chooseListMode('scroll')
  })

  it('counts for screen readers only the rows of the page that is shown', async () => {
    const wrapper = await list(1_000_000)
    expect(grid(wrapper).attributes('aria-rowcount')).toBe('51')
    expect(wrapper.text()).toContain('di 20.000')
    expect(wrapper.emitted('total')?.at(-1)).toEqual([1_000_000, true])
  })

  it('turns pages with its buttons, and reaches the last row', async () => {
    const wrapper = await list(120)
    await turn(wrapper, 'Ultima')
    expect(grid(wrapper).attributes('aria-rowcount')).toBe('21')
    await press(wrapper, 'End')
    expect(active(wrapper)).toEqual(['r119'])
    await turn(wrapper, 'Precedente')
    expect(active(wrapper)).toEqual(['r50'])
  })

  it('goes on to the next page, and back, where the arrows leave it', async () => {
    const wrapper = await list(120)
    await press(wrapper, 'End')
    expect(active(wrapper)).toEqual(['r49'])
    await press(wrapper, 'ArrowDown')
    expect(active(wrapper)).toEqual(['r50'])
    await press(wrapper, 'ArrowUp')
    expect(active(wrapper)).toEqual(['r49'])
  })

  it('goes to a page that is written, and leaves alone what is none', async () => {
    const wrapper = await list(1_000)
    await wrapper.find('input').setValue('20')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(active(wrapper)).toEqual(['r950'])
    await wrapper.find('input').setValue('99')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect((wrapper.find('input').element as HTMLInputElement).value).toBe('20')
  })

  it('is one window where nobody has chosen pages', async () => {
    chooseListMode('scroll')
    const wrapper = await list(1_000_000)
    expect(grid(wrapper).attributes('aria-rowcount')).toBe('1000001')
    expect(wrapper.find('nav').exists()).toBe(false)
  })
})
