import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { call } from '../bridge/bridge.ts'
import { useUploadProgress } from '../coda/upload-progress.ts'
import type { CasellaRow } from '../../src-main/contract/casella.ts'
import type { Capabilities, DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'
import type { ChosenFile } from '../lotti/dropped-files.ts'
import { CommandError } from '../bridge/bridge.ts'
import { useChanged } from '../shell/core-events.ts'
import { depositChosen } from './deposit-chosen.ts'
import { attachGroups, isReady, sureProposal, type UploadRow } from './upload-row.ts'

export interface UploadRows {
  rows: UploadRow[]
  failure: Ref<unknown>
  busy: Ref<boolean>
  queued: ComputedRef<UploadRow[]>
  add(files: readonly ChosenFile[]): Promise<void>
  remove(row: UploadRow): void
  /** Chooses a casella by its id: what a person takes of the proposals. */
  take(row: UploadRow, casellaId: string): Promise<void>
  /** Queues what is ready; answers how many. */
  send(): Promise<number>
}

/**
 * The files that somebody chose one by one: copied, looked into, given a casella and a type, queued. `common` is what is
 * chosen for all of them. What is not queued is given up with the page.
 */
export function useUploadRows(
  common: { casella: CasellaRow | null; tipo: DocumentoTipo | null },
  capabilities: Ref<Capabilities | null>,
): UploadRows {
  const uploads = useUploadProgress()
  const rows = reactive<UploadRow[]>([])
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)
  const queued = computed(() => rows.filter(({ operationId }) => operationId !== null))
  let lastKey = 0
  let gone = false

  function discard(row: UploadRow): void {
    if (row.deposito === null || row.operationId !== null) return
    // What the deposit forgets by itself later is no loss to whoever is leaving.
    call('documenti.discard', { id: row.deposito.id }).catch(() => undefined)
  }

  async function read({ nome, bytes, file }: ChosenFile): Promise<void> {
    lastKey += 1
    const row = reactive<UploadRow>({
      key: lastKey,
      nomeFile: nome,
      bytes,
      read: 0,
      deposito: null,
      esame: null,
      nonEsaminato: false,
      refused: null,
      casella: common.casella,
      tipo: common.tipo,
      proposta: false,
      consenso: null,
      titoloFirmatario: null,
      operationId: null,
      state: null,
      sent: 0,
    })
    rows.push(row)
    try {
      if (file === null) throw new CommandError('file_unreadable', 'the browser cannot open it', {})
      row.deposito = await depositChosen(file, capabilities.value?.documents.maxBytes ?? null, (sent) => {
        row.read = sent
      })
    } catch (thrown) {
      row.refused = thrown
    }
    if (gone || !rows.some(({ key }) => key === row.key)) discard(row)
    else await inspect(row)
  }

  async function inspect(row: UploadRow): Promise<void> {
    if (row.deposito === null) return
    try {
      const request = { depositoId: row.deposito.id, casellaId: row.casella?.id ?? null }
      const esame = await call('documenti.inspect', request)
      row.esame = esame
      row.tipo ??= esame.tipo
      const sure = sureProposal(esame)
      if (sure !== null && row.casella === null) {
        await take(row, sure.casellaId)
        row.proposta = true
      }
    } catch {
      // What cannot be told is for a person to consent to.
      row.nonEsaminato = row.esame === null
    }
  }

  async function take(row: UploadRow, casellaId: string): Promise<void> {
    row.casella = await call('caselle.get', { id: casellaId })
    row.proposta = false
  }

  function remove(row: UploadRow): void {
    rows.splice(
      rows.findIndex(({ key }) => key === row.key),
      1,
    )
    discard(row)
  }

  async function send(): Promise<number> {
    busy.value = true
    failure.value = null
    let count = 0
    try {
      for (const { request, keys } of attachGroups(rows)) {
        const { operationIds } = await call('documenti.attach', request)
        count += operationIds.length
        for (const [index, key] of keys.entries()) {
          const row = rows.find((each) => each.key === key)
          if (row === undefined) continue
          row.operationId = operationIds[index] ?? null
          row.state = 'pending'
        }
      }
    } catch (thrown) {
      failure.value = thrown
    } finally {
      busy.value = false
    }
    await readStates(null)
    return count
  }

  /** The states of what is queued here; `ids` null: any may have changed. */
  async function readStates(ids: readonly string[] | null): Promise<void> {
    await Promise.all(
      queued.value.map(async (row) => {
        if (row.operationId === null || (ids !== null && !ids.includes(row.operationId))) return
        try {
          const operation = await call('outbox.get', { id: row.operationId })
          row.state = operation.state
          row.sent = Math.max(row.sent, operation.upload?.sent ?? 0)
        } catch (thrown) {
          failure.value = thrown
        }
      }),
    )
  }
  useChanged(['operation'], (ids) => {
    void readStates(ids)
  })
  watch(
    () => queued.value.map(({ operationId }) => uploads.get(operationId ?? '')?.sent ?? 0),
    (sent) => {
      for (const [index, row] of queued.value.entries()) row.sent = Math.max(row.sent, sent[index] ?? 0)
    },
  )
  /** What is still to be chosen follows the choice for all. */
  watch(common, ({ casella, tipo }) => {
    for (const row of rows.filter(isReady)) {
      row.casella ??= casella
      row.tipo ??= tipo
    }
  })
  onBeforeUnmount(() => {
    gone = true
    for (const row of rows) discard(row)
  })

  return {
    rows,
    failure,
    busy,
    queued,
    add: async (files) => {
      failure.value = null
      await Promise.all(files.map(read))
    },
    remove,
    take: async (row, casellaId) => {
      failure.value = null
      try {
        await take(row, casellaId)
      } catch (thrown) {
        failure.value = thrown
      }
    },
    send,
  }
}
