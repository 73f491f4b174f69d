import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { onBeforeRouteLeave, useRoute } from 'vue-router'
import type { BozzaRow } from '../../src-main/contract/bozza.ts'
import { cleanCodiceFiscale, isFormallyValid } from '../../src-main/contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import type { DominioRow } from '../../src-main/contract/titolare.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { useBozza } from '../bozze/bozza-keeper.ts'
import { call } from '../bridge/bridge.ts'
import { useDebouncedAnswer } from '../components/debounced-answer.ts'
import { useToast } from '../components/toast.ts'
import { useStatusStore } from '../shell/status-store.ts'
import { formOfDraft } from './casella-draft.ts'
import { type CasellaForm, emptyForm } from './casella-form.ts'
import { type FormProblem, problemsOf } from './form-problems.ts'
import { knownHolder, type KnownHolder, withHolder } from './known-holder.ts'
import { nameOutcomeOf } from './name-outcome.ts'
import { romeToday } from './rome-today.ts'
import { wizardSteps } from './wizard-steps.ts'

const CHECK_DELAY_MS = 300
export type Leaving = 'keep' | 'drop' | 'stay'

/** What the wizard knows and asks: the form and its draft, the profile, the holder of a code, the name's availability. */
export function useNuovaCasella() {
  const { t } = useI18n()
  const route = useRoute()
  const store = useStatusStore()
  const toast = useToast()
  const bozza = useBozza('casella')
  const capabilities = shallowRef<Capabilities | null>(null)
  const domini = shallowRef<DominioRow[]>([])
  const loadError = shallowRef<unknown>(null)
  const offered = shallowRef<BozzaRow[]>([])
  const form = ref<CasellaForm | null>(null)
  const known = shallowRef<KnownHolder | null>(null)
  const isSent = ref(false)
  let pristine = ''
  /** Where somebody stands is no work to be lost. */
  const written = (of: CasellaForm): string => JSON.stringify({ ...of, passo: '' })

  async function load(): Promise<void> {
    loadError.value = null
    try {
      const [profile, list] = await Promise.all([call('provider.capabilities', {}), call('domini.list', {})])
      domini.value = list.rows.filter((each) => each.attivo)
      // D14: one domain is chosen by itself.
      const only = domini.value.length === 1 ? (domini.value[0]?.id ?? null) : null
      form.value = emptyForm(profile, only)
      pristine = written(form.value)
      capabilities.value = profile
      const asked = route.query['bozza']
      if (typeof asked === 'string') await resume(asked)
      else if (!store.readOnly) offered.value = (await call('drafts.list', { kind: 'casella', limit: 10 })).rows
    } catch (thrown) {
      loadError.value = thrown
    }
  }
  async function resume(id: string): Promise<void> {
    const draft = await call('drafts.get', { id })
    if (form.value === null) return
    form.value = formOfDraft(form.value, draft.data)
    pristine = written(form.value)
    bozza.id.value = id
    offered.value = []
  }

  const codice = computed(() => {
    const typed = form.value?.codiceFiscale ?? ''
    return isFormallyValid(typed) ? cleanCodiceFiscale(typed) : null
  })
  const found = useDebouncedAnswer(
    codice,
    async (codiceFiscale) => (await call('titolari.findByCodiceFiscale', { codiceFiscale })).rows,
    CHECK_DELAY_MS,
  )
  const chosenId = ref<string | null>(null)
  let filling: Promise<void> = Promise.resolve()
  watch(found, (answer) => {
    const rows = answer.state === 'known' ? answer.value : []
    const drafted = form.value?.titolareId ?? null
    chosenId.value = rows.find(({ id }) => id === drafted)?.id ?? rows[0]?.id ?? null
    // An answer that is still awaited takes nobody away.
    if (answer.state !== 'asking') filling = fillIn(chosenId.value)
  })
  watch(chosenId, (id) => {
    if (id !== null && id !== known.value?.id) filling = fillIn(id)
  })
  async function fillIn(id: string | null): Promise<void> {
    let holder: KnownHolder | null = null
    if (id !== null) {
      try {
        holder = knownHolder(await call('titolari.get', { id }))
      } catch {
        holder = null
      }
      if (chosenId.value !== id) return
    }
    known.value = holder
    if (form.value !== null) form.value = withHolder(form.value, holder)
  }

  /** Who has the code is known, or cannot be. */
  async function holderSettled(): Promise<void> {
    if (found.value.state === 'asking') {
      await new Promise<void>((resolve) => {
        const stop = watch(found, ({ state }) => {
          if (state === 'asking') return
          stop()
          resolve()
        })
      })
    }
    await filling
  }

  const dominio = computed(() => domini.value.find(({ id }) => id === form.value?.dominioId) ?? null)
  const denominazione = computed(() => {
    const typed = form.value?.denominazione ?? ''
    return checkDenominazione(typed) === 'valid' ? cleanDenominazione(typed) : null
  })
  const availability = useDebouncedAnswer(
    () =>
      denominazione.value === null || dominio.value === null
        ? null
        : { denominazione: denominazione.value, dominioId: dominio.value.id, codiceFiscale: codice.value },
    (question) => call('caselle.checkName', question),
    CHECK_DELAY_MS,
  )
  const nome = computed(() =>
    nameOutcomeOf(
      availability.value,
      `${denominazione.value ?? ''}@${dominio.value?.nome ?? ''}`,
      codice.value !== null,
    ),
  )

  const steps = computed(() =>
    form.value === null || capabilities.value === null
      ? []
      : wizardSteps({ profile: capabilities.value, form: form.value, known: known.value }),
  )
  const problems = computed<FormProblem[]>(() => {
    if (form.value === null || capabilities.value === null) return []
    const facts = { profile: capabilities.value, known: known.value, today: romeToday(store.now) }
    const own = problemsOf(form.value, steps.value, facts)
    const name = nome.value
    return name?.tone === 'bad'
      ? [{ step: 'casella', field: 'denominazione', code: `denominazione_${name.key}` }, ...own]
      : own
  })

  watch(
    form,
    (now) => {
      if (now === null || written(now) === pristine) return
      offered.value = []
      const name = now.denominazione.trim()
      const title = [name, dominio.value?.nome ?? ''].filter((part) => part !== '').join('@')
      bozza.schedule({ title: name === '' ? `${now.cognome} ${now.nome}`.trim() : title, data: { ...now } })
    },
    { deep: true },
  )

  const isDirty = (): boolean => !isSent.value && form.value !== null && written(form.value) !== pristine
  const leaving = shallowRef<((answer: Leaving) => void) | null>(null)
  onBeforeRouteLeave(async () => {
    if (!isDirty()) return true
    const isKept = await bozza.flush()
    leaving.value?.('stay')
    const answer = await new Promise<Leaving>((resolve) => {
      leaving.value = resolve
    })
    leaving.value = null
    switch (answer) {
      case 'stay':
        return false
      case 'keep':
        if (isKept) toast.show(t('coda.bozze.lasciata'))
        return isKept
      case 'drop': {
        const { value: id } = bozza.id
        bozza.end()
        if (id !== null) await call('drafts.remove', { id })
        return true
      }
    }
  })

  return {
    form,
    capabilities,
    domini,
    dominio,
    known,
    found,
    chosenId,
    nome,
    steps,
    problems,
    bozza,
    offered,
    loadError,
    leaving,
    holderSettled,
    load,
    resume,
    dismiss: (): void => {
      offered.value = []
    },
    sent: (): void => {
      bozza.end()
      isSent.value = true
    },
  }
}
