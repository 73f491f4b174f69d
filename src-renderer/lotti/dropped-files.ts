/** A chosen file; `null` where the browser could not open it (no rights, gone since). */
export interface ChosenFile {
  nome: string
  bytes: number
  file: File | null
}

/** What the system keeps in folders and nobody means to send. */
const hidden = (name: string): boolean => name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name)

const chosen = (file: File): ChosenFile => ({ nome: file.name, bytes: file.size, file })

export function chosenFiles(files: Iterable<File>): ChosenFile[] {
  return [...files].filter(({ name }) => !hidden(name)).map(chosen)
}

function fileOf(entry: FileSystemFileEntry): Promise<ChosenFile> {
  return new Promise((resolve) => {
    entry.file(
      (file) => {
        resolve(chosen(file))
      },
      () => {
        resolve({ nome: entry.name, bytes: 1, file: null })
      },
    )
  })
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // A reader answers a hundred at a time, and an empty list at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([])
      })
    })
    if (part.length === 0) return all
    all.push(...part)
  }
}

// Chromium has no objects of these names to ask with `instanceof`.
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

async function below(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (hidden(entry.name)) return []
  if (isFile(entry)) return [await fileOf(entry)]
  if (!isFolder(entry)) return []
  const entries = await entriesOf(entry)
  entries.sort((a, b) => a.name.localeCompare(b.name, 'it'))
  const found: ChosenFile[] = []
  for (const each of entries) found.push(...(await below(each)))
  return found
}

/** All files of a drop, those inside of dropped folders too, in the order of their names. */
export async function droppedFiles(transfer: DataTransfer | null): Promise<ChosenFile[]> {
  if (transfer === null) return []
  // The list is empty after the first wait: entries are taken at once.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry())
  if (entries.every((entry) => entry === null)) return chosenFiles(transfer.files)
  const found: ChosenFile[] = []
  for (const entry of entries) if (entry !== null) found.push(...(await below(entry)))
  return found
}
