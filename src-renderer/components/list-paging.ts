/** Rows of one page of a list that is shown page by page. */
export const ROWS_A_PAGE = 50

export interface ListPaging {
  /** From 0. */
  page: number
  pages: number
  /** The first row of the page, counted from 0. */
  start: number
  /** Rows of the page. */
  count: number
}

/** Where a page stands in a list of so many rows; a page beyond the end is the last one. */
export function pagingOf(page: number, total: number): ListPaging {
  const pages = Math.max(1, Math.ceil(total / ROWS_A_PAGE))
  const here = Math.min(Math.max(0, page), pages - 1)
  const start = here * ROWS_A_PAGE
  return { page: here, pages, start, count: Math.max(0, Math.min(ROWS_A_PAGE, total - start)) }
}

/** The page that somebody has written (from 1), as it is counted here; null for what is no page of the list. */
export function writtenPage(text: string, pages: number): number | null {
  const digits = text.replaceAll('.', '').trim()
  if (!/^\d{1,7}$/.test(digits)) return null
  const page = Number(digits) - 1
  return page >= 0 && page < pages ? page : null
}
