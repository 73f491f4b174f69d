import { computed, onScopeDispose, ref, shallowReactive, watch, type Ref } from 'vue'
import { cleanCodiceFiscale, isFormallyValid } from '../../src-main/contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import { checkDocumentoDays } from '../../src-main/contract/rules/documento-identita.ts'
import { call } from '../bridge/bridge.ts'
import type { FormProfile } from './casella-form.ts'
import { isEmptyRiga, type Riga, type RigaFacts, type RigaProblem, rigaProblems } from './righe-caselle.ts'
import { romeToday } from './rome-today.ts'

const DELAY_MS = 400
const AT_ONCE = 4

export interface CheckedRiga {
  n: number
  riga: Riga
  facts: RigaFacts
  problems: RigaProblem[]
  state: 'empty' | 'asking' | 'wrong' | 'valid' | 'unchecked'
}

/** Asks of each row who has its codice fiscale and whether its name is free, a few at a time; each question once. */
export function useRighe(rows: Ref<Riga[]>, dominioId: Ref<string | null>, profile: Ref<FormProfile | null>) {
  const holders = shallowReactive(new Map<string, NonNullable<RigaFacts['holder']>>())
  const names = shallowReactive(new Map<string, NonNullable<RigaFacts['name']>>())
  const asked = new Set<string>()
  const waiting: (() => Promise<void>)[] = []
  let running = 0
  let isOver = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = ref(0)

  const codeOf = (riga: Riga): string =>
    isFormallyValid(riga.codiceFiscale) ? cleanCodiceFiscale(riga.codiceFiscale) : ''
  const nameKey = (riga: Riga): string =>
    `${dominioId.value ?? ''}/${cleanDenominazione(riga.denominazione)}/${codeOf(riga)}`

  async function askHolder(code: string): Promise<void> {
    const needs = profile.value
    try {
      const [row] = (await call('titolari.findByCodiceFiscale', { codiceFiscale: code })).rows
      if (row === undefined || needs === null) {
        holders.set(code, 'unknown')
        return
      }
      const { titolare } = await call('titolari.get', { id: row.id })
      const documento = titolare.documentoIdentita ?? null
      const isValid = documento !== null && checkDocumentoDays(documento, romeToday(Date.now())) === 'valid'
      const lacksCellulare = needs.cellulareRequired && titolare.cellulare === null
      const lacksDocumento = needs.documentoIdentita === 'required' && !isValid
      holders.set(code, { id: row.id, lacks: lacksDocumento ? 'documento' : lacksCellulare ? 'cellulare' : null })
    } catch {
      asked.delete(`cf ${code}`)
    }
  }
  async function askName(key: string, question: Parameters<typeof call<'caselle.checkName'>>[1]): Promise<void> {
    try {
      names.set(key, (await call('caselle.checkName', question)).outcome)
    } catch {
      names.set(key, 'unchecked')
    }
  }
  function pump(): void {
    while (!isOver && running < AT_ONCE) {
      const next = waiting.shift()
      if (next === undefined) break
      running += 1
      void next().finally(() => {
        running -= 1
        open.value = waiting.length + running
        pump()
      })
    }
    open.value = waiting.length + running
  }
  function once(key: string, ask: () => Promise<void>): void {
    if (asked.has(key)) return
    asked.add(key)
    waiting.push(ask)
  }
  function look(): void {
    const id = dominioId.value
    for (const riga of rows.value) {
      if (isEmptyRiga(riga)) continue
      const code = codeOf(riga)
      if (code !== '' && profile.value?.holder === 'registry') once(`cf ${code}`, () => askHolder(code))
      if (id === null || checkDenominazione(riga.denominazione) !== 'valid') continue
      const key = nameKey(riga)
      const denominazione = cleanDenominazione(riga.denominazione)
      once(`nome ${key}`, () =>
        askName(key, { denominazione, dominioId: id, codiceFiscale: code === '' ? null : code }),
      )
    }
    pump()
  }
  watch(
    [rows, dominioId, profile],
    () => {
      clearTimeout(timer)
      timer = setTimeout(look, DELAY_MS)
    },
    { deep: true },
  )
  onScopeDispose(() => {
    isOver = true
    clearTimeout(timer)
  })

  const checked = computed<CheckedRiga[]>(() => {
    const seen = new Set<string>()
    return rows.value.map((riga, n) => {
      const name = cleanDenominazione(riga.denominazione).toLowerCase()
      const isTwice = name !== '' && seen.has(name)
      seen.add(name)
      const needsHolder = profile.value?.holder === 'registry'
      const facts: RigaFacts = {
        holder: needsHolder ? (holders.get(codeOf(riga)) ?? null) : 'unknown',
        name: names.get(nameKey(riga)) ?? null,
        isTwice,
      }
      if (profile.value === null || isEmptyRiga(riga)) return { n, riga, facts, problems: [], state: 'empty' }
      const problems = rigaProblems(riga, facts, profile.value)
      const isAsking = facts.name === null || facts.holder === null
      const state =
        problems.length > 0 ? 'wrong' : isAsking ? 'asking' : facts.name === 'unchecked' ? 'unchecked' : 'valid'
      return { n, riga, facts, problems, state }
    })
  })
  return { checked, open }
}
