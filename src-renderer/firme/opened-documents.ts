import { ref, type Ref } from 'vue'
import type { Deposito } from '../../src-main/contract/documento.ts'
import { CommandError } from '../bridge/bridge.ts'
import { askDesktop, inDesktop } from '../bridge/desktop.ts'

/** Documents that the system handed over to this program: the page gets their copies, never their paths. */
export interface OpenedDocuments {
  /** How many wait for their turn. */
  waiting: Readonly<Ref<number>>
  /** Something was opened: it is verified, or waits while another one is. */
  opened(): Promise<void>
}

/** `isBusy`: one is being verified. `verify` verifies the copy that it is to ask for, and never rejects. */
export function openedDocuments(
  isBusy: () => boolean,
  verify: (copy: () => Promise<Deposito>) => Promise<void>,
): OpenedDocuments {
  const waiting = ref(0)
  async function count(): Promise<void> {
    if (!inDesktop) return
    try {
      waiting.value = (await askDesktop({ type: 'waitingFiles' })).count
    } catch (thrown) {
      // A core that is being started again: they wait, and are counted the next time.
      if (!(thrown instanceof CommandError)) throw thrown
    }
  }
  return {
    waiting,
    opened: async () => {
      if (!isBusy()) await verify(() => askDesktop({ type: 'takeFile' }))
      await count()
    },
  }
}
