import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { BozzaData, BozzaKind } from '../../src-main/contract/bozza.ts'
import { call } from '../bridge/bridge.ts'
import { useUnloadQuestion } from '../components/unload-question.ts'

const DELAY_MS = 800

const standing = new Set<() => Promise<void>>()

/** Saves at once what every form has still to save. */
export async function saveEveryBozza(): Promise<void> {
  await Promise.all([...standing].map((save) => save()))
}

export interface BozzaKeeper {
  /** Null until something has been written. */
  id: Ref<string | null>
  savedAt: Readonly<Ref<string | null>>
  /** What was thrown by the last saving; null when it went well. */
  error: Readonly<ShallowRef<unknown>>
  /** Saves what is written in a moment, however often it is called. */
  schedule(written: { title: string; data: BozzaData }): void
  /** Saves at once what was scheduled; answers whether all of it is on the disk. */
  flush(): Promise<boolean>
  /** Saves no more: the form has been sent. */
  end(): void
  /** What is written from now on is another draft: this one has been sent. */
  begin(): void
  /** Takes away what was kept: nothing of it is written any more. */
  drop(): Promise<void>
}

/** Keeps a form while it is being written, without network too: `id` is the draft that it goes on with, if any. */
export function useBozza(kind: BozzaKind): BozzaKeeper {
  const id = ref<string | null>(null)
  const savedAt = ref<string | null>(null)
  const error = shallowRef<unknown>(null)
  let waiting: { title: string; data: BozzaData } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  let saving: Promise<void> = Promise.resolve()

  async function save(): Promise<void> {
    const written = waiting
    waiting = null
    if (written === null || ended) return
    id.value ??= crypto.randomUUID()
    try {
      const row = await call('drafts.save', { id: id.value, kind, ...written })
      savedAt.value = row.updatedAt
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }
  async function remove(): Promise<void> {
    const { value: gone } = id
    id.value = null
    savedAt.value = null
    if (gone === null) return
    try {
      await call('drafts.remove', { id: gone })
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }
  /** One saving after the other: an older one never replaces a newer one. */
  function saveNow(): Promise<void> {
    clearTimeout(timer)
    saving = saving.then(save)
    return saving
  }
  standing.add(saveNow)
  onScopeDispose(() => {
    standing.delete(saveNow)
    void saveNow()
  })
  // Closing asks only where what is written cannot be kept.
  useUnloadQuestion(() => {
    void saveNow()
    return !ended && error.value !== null
  })
  return {
    id,
    savedAt,
    error,
    schedule: (written) => {
      if (ended) return
      waiting = written
      clearTimeout(timer)
      timer = setTimeout(() => void saveNow(), DELAY_MS)
    },
    flush: async () => {
      await saveNow()
      return error.value === null
    },
    end: () => {
      ended = true
      waiting = null
      clearTimeout(timer)
    },
    begin: () => {
      waiting = null
      clearTimeout(timer)
      id.value = null
      savedAt.value = null
    },
    drop: () => {
      waiting = null
      clearTimeout(timer)
      saving = saving.then(remove)
      return saving
    },
  }
}
