import { readonly, ref } from 'vue'

export interface ToastAction {
  label: string
  run: () => void
}

export interface Toast {
  id: number
  text: string
  tone: 'neutral' | 'bad'
  /** Shown as a button, with Ctrl+Z as its key; the toast goes away when it is used. */
  action: ToastAction | null
  /** Beside it, without a key. */
  second: ToastAction | null
}

const SHOWN_MS = 6000
/** What can be undone stays long enough to be read and reached. */
const WITH_ACTION_MS = 12_000
const MOST = 3
const toasts = ref<Toast[]>([])
let last = 0

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

function show(
  text: string,
  options: { tone?: Toast['tone']; action?: Toast['action']; second?: Toast['second']; ms?: number } = {},
): number {
  last += 1
  const id = last
  const toast: Toast = {
    id,
    text,
    tone: options.tone ?? 'neutral',
    action: options.action ?? null,
    second: options.second ?? null,
  }
  toasts.value = [...toasts.value, toast].slice(-MOST)
  setTimeout(
    () => {
      dismiss(id)
    },
    options.ms ?? (toast.action === null ? SHOWN_MS : WITH_ACTION_MS),
  )
  return id
}

/** Short notices at the foot of the window; nothing that has to be read goes only here. */
export function useToast(): { toasts: Readonly<typeof toasts>; show: typeof show; dismiss: typeof dismiss } {
  return { toasts: readonly(toasts) as typeof toasts, show, dismiss }
}
