import { describe, expect, it } from 'vitest'
import { pagingOf, writtenPage } from './list-paging.ts'

describe('a list that is shown page by page', () => {
  it('ends with a page that may be short, and has one page even when it is empty', () => {
    expect(pagingOf(0, 0)).toEqual({ page: 0, pages: 1, start: 0, count: 0 })
    expect(pagingOf(1, 70)).toEqual({ page: 1, pages: 2, start: 50, count: 20 })
    expect(pagingOf(19_999, 1_000_000)).toEqual({ page: 19_999, pages: 20_000, start: 999_950, count: 50 })
  })

  it('goes to its last page when it has become shorter than the one shown', () => {
    expect(pagingOf(9, 120)).toEqual({ page: 2, pages: 3, start: 100, count: 20 })
  })

  it('takes a written page as the person sees it, and nothing else', () => {
    expect(writtenPage('1', 3)).toBe(0)
    expect(writtenPage(' 20.000 ', 20_000)).toBe(19_999)
    for (const text of ['0', '4', '-1', '1,5', 'due', '', '99999999999']) expect(writtenPage(text, 3)).toBeNull()
  })
})
