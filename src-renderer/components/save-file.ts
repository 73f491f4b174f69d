import type { ExportedFile } from '../../src-main/contract/archive.ts'

/** Hands a file to the person as a download: the one way that both hosts have. */
export function saveFile({ nomeFile, mime, base64 }: ExportedFile): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  saveBlob(new Blob([bytes], { type: mime }), nomeFile)
}

export function saveBlob(blob: Blob, nomeFile: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = nomeFile
  link.click()
  // The download has taken hold of it by the next turn.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  })
}
