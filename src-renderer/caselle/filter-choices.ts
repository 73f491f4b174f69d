import { computed, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { NO_ASSISTENTE, PieneFilter, ScadenzaFilter, StatoFilter } from '../../src-main/contract/casella.ts'
import type { AssistenteRow, DominioRow } from '../../src-main/contract/titolare.ts'
import { Richiesta } from '../../src-main/provider-contract/casella.ts'
import { call } from '../bridge/bridge.ts'
import { formatDate } from '../locales/format.ts'
import { useChanged } from '../shell/core-events.ts'
import type { CaselleQuery, FilterName } from './caselle-query.ts'

export interface FiltroChoice {
  value: string
  title: string
}

const statoGroups: readonly StatoFilter[] = ['attivate', 'in_attesa', 'password_scaduta', 'password_in_scadenza']

function assistenteName({ codice, nome }: Pick<AssistenteRow, 'codice' | 'nome'>): string {
  return nome === null ? codice : `${codice} ${nome}`
}

/** What the filters of the caselle offer (D31, D32), read from the archive, and what is asked for in words. */
export function useFilterChoices(query: Readonly<Ref<CaselleQuery>>): {
  choices: ComputedRef<
    Record<'dominio' | 'stato' | 'richiesta' | 'scadenza' | 'piene' | 'tipologia' | 'assistente', FiltroChoice[][]>
  >
  /** What a filter asks for; empty for what is only yes or no. */
  wordsOf(name: FilterName): string
  /** The tipologie are read when they are to be seen. */
  readTipologie(): Promise<void>
} {
  const { t } = useI18n()
  const domini = shallowRef<DominioRow[]>([])
  const assistenti = shallowRef<AssistenteRow[]>([])
  const tipologie = shallowRef<string[]>([])

  // Without its choices a filter offers what it had; the list itself says what is wrong.
  async function loadDomini(): Promise<void> {
    const answer = await call('domini.list', {}).catch(() => null)
    if (answer !== null) domini.value = answer.rows
  }
  async function loadAssistenti(): Promise<void> {
    const answer = await call('assistenti.list', {}).catch(() => null)
    if (answer !== null) assistenti.value = answer.rows
  }
  // The rows of the list come first: only they are waited for.
  onMounted(() => {
    void loadDomini()
    void loadAssistenti()
  })
  useChanged(['dominio'], () => {
    void loadDomini()
  })
  useChanged(['assistente'], () => {
    void loadAssistenti()
  })

  /** Whose caselle the list is limited to, where it is. */
  const titolare = ref('')
  watch(
    () => query.value.titolareId,
    async (id) => {
      titolare.value = ''
      if (id === null) return
      const read = await call('titolari.get', { id }).catch(() => null)
      if (read !== null && query.value.titolareId === id)
        titolare.value = `${read.titolare.cognome} ${read.titolare.nome}`
    },
    { immediate: true },
  )

  const statoWord = (stato: StatoFilter): string =>
    statoGroups.includes(stato) ? t(`caselle.filtri.stati.${stato}`) : t(`common.stato.${stato}`)
  /** An address may name what the archive does not have (any more). */
  const withUnknown = (rows: FiltroChoice[], id: string | null): FiltroChoice[] =>
    id === null || rows.some(({ value }) => value === id)
      ? rows
      : [{ value: id, title: t('caselle.filtri.nonTrovato') }, ...rows]

  const choices = computed(() => {
    const { dominioId, assistenteId, tipologia } = query.value
    const choice = <T extends string>(values: readonly T[], title: (value: T) => string): FiltroChoice[] =>
      values.map((value) => ({ value, title: title(value) }))
    const nobody = { value: NO_ASSISTENTE, title: t('caselle.filtri.nessunAssistente') }
    const people = assistenti.value.map((each) => ({ value: each.id, title: assistenteName(each) }))
    const known = tipologia === null || tipologie.value.includes(tipologia)
    return {
      dominio: [
        withUnknown(
          domini.value.map(({ id, nome }) => ({ value: id, title: nome })),
          dominioId,
        ),
      ],
      stato: [
        choice(statoGroups, statoWord),
        choice(
          StatoFilter.options.filter((stato) => !statoGroups.includes(stato)),
          statoWord,
        ),
      ],
      richiesta: [choice(Richiesta.options, (value) => t(`caselle.richieste.${value}`))],
      scadenza: [choice(ScadenzaFilter.options, (value) => t(`caselle.filtri.scadenze.${value}`))],
      piene: [choice(PieneFilter.options, (value) => t(`caselle.filtri.spazi.${value}`))],
      tipologia: [choice(known ? tipologie.value : [tipologia, ...tipologie.value], (value) => value)],
      // Nobody is offered where there is nobody to choose from.
      assistente:
        people.length === 0 && assistenteId === null
          ? []
          : [[nobody], withUnknown(people, assistenteId === NO_ASSISTENTE ? null : assistenteId)],
    }
  })

  function inseritaWords(): string {
    const { inseritaDal: dal, inseritaAl: al } = query.value
    const words = { dal: dal === null ? '' : formatDate(dal), al: al === null ? '' : formatDate(al) }
    if (dal === null) return t('caselle.filtri.fino', words)
    return al === null ? t('caselle.filtri.da', words) : t('caselle.filtri.daA', words)
  }
  function chosen(name: keyof typeof choices.value, value: string | null): string {
    return (
      choices.value[name].flat().find((each) => each.value === value)?.title ??
      (value === null ? '' : t('caselle.filtri.nonTrovato'))
    )
  }
  return {
    choices,
    wordsOf: (name) => {
      const { dominioId, stato, richiesta, scadenza, piene, tipologia, assistenteId } = query.value
      switch (name) {
        case 'dominio':
          return chosen(name, dominioId)
        case 'stato':
          return chosen(name, stato)
        case 'richiesta':
          return chosen(name, richiesta)
        case 'scadenza':
          return chosen(name, scadenza)
        case 'piene':
          return chosen(name, piene)
        case 'tipologia':
          return tipologia ?? ''
        case 'assistente':
          return chosen(name, assistenteId)
        case 'inserita':
          return inseritaWords()
        case 'titolare':
          return titolare.value
        case 'email':
          return query.value.email ?? ''
        case 'inCoda':
          return ''
      }
    },
    readTipologie: async () => {
      const answer = await call('caselle.tipologie', {}).catch(() => null)
      if (answer !== null) tipologie.value = answer.tipologie
    },
  }
}
