/** A report before it has a shape: what a PDF or another writer lays out. */
export interface ReportContent {
  title: string
  /** Lines under the title. */
  intro: readonly string[]
  sections: readonly ReportSection[]
}

export interface ReportSection {
  title: string
  /** Name and value, one under the other. */
  facts: readonly (readonly [name: string, value: string])[]
  paragraphs: readonly string[]
  table: { columns: readonly { title: string; share: number }[]; rows: readonly (readonly string[])[] } | null
}

export function section(title: string, parts: Partial<Omit<ReportSection, 'title'>>): ReportSection {
  return { title, facts: [], paragraphs: [], table: null, ...parts }
}
