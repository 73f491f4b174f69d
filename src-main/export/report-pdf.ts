import type { ReportContent } from './report-content.ts'

export function reportPdf(content: ReportContent): Promise<Uint8Array> {
  return Promise.reject(new Error(content.title))
}
