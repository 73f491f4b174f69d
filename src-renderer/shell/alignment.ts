import { call } from '../bridge/bridge.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { useStatusStore } from './status-store.ts'

async function ask(channel: 'sync.start' | 'sync.cancel'): Promise<void> {
  try {
    await useStatusStore().take(call(channel, {}))
  } catch (error) {
    useToast().show(errorWords(error).what, { tone: 'bad' })
  }
}

export const startAlignment = (): Promise<void> => ask('sync.start')
export const cancelAlignment = (): Promise<void> => ask('sync.cancel')
