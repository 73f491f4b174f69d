import { describe, expect, it } from 'vitest'
import { CasellaDetail, StatoCasella } from '../../src-main/contract/casella.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { i18n } from '../locales/i18n.ts'
import { nextSteps, type StepFacts } from './next-step.ts'

type Profile = NonNullable<StepFacts['capabilities']>
const withDocuments = (need: 'required' | 'optional' | 'off'): Capabilities['documents'] => ({
  types: (['nuove_credenziali', 'subentro', 'cessazione'] as const).map((tipo) => ({ tipo, need })),
  formats: ['pdf'],
  maxFiles: 5,
  maxBytes: 1000,
})
const profiles: Record<'firma' | 'caricamento' | 'password' | 'modulo', Profile> = {
  firma: { activation: 'online_signature', credentials: 'link', documents: withDocuments('required') },
  caricamento: {
    activation: 'provider_after_upload',
    credentials: 'activation_data',
    documents: withDocuments('required'),
  },
  password: { activation: 'holder_sets_password', credentials: 'link', documents: withDocuments('off') },
  modulo: { activation: 'wizard_form', credentials: 'paper_form', documents: withDocuments('optional') },
}

const values: StepFacts['values'] = {
  ciclo: 'attiva',
  passwordScaduta: false,
  richiesta: 'nessuna',
  comunicazioniEmail: 'ufficio@ente.example',
  inserita: '2026-01-02T08:00:00.000Z',
  attivata: '2026-01-05T08:00:00.000Z',
  scadenza: '2027-01-31',
}
const documento = (more: Partial<StepFacts['documenti'][number]>): StepFacts['documenti'][number] => ({
  tipo: 'attivazione',
  stato: 'ricevuto',
  caricato: '2026-01-03T08:00:00.000Z',
  motivo: null,
  deletedBy: null,
  ...more,
})
const ofCiclo = (
  ciclo: StepFacts['values']['ciclo'],
  capabilities: Profile | null,
  more: Partial<StepFacts['values']> & { documenti?: StepFacts['documenti'] } = {},
): StepFacts => {
  const { documenti = [], ...given } = more
  return { stato: ciclo, attention: null, values: { ...values, ciclo, ...given }, documenti, capabilities }
}
const first = (facts: StepFacts) => nextSteps(facts)[0]

describe('before the activation', () => {
  it('the holder signs on line, and the contract can be sent again (D59)', () => {
    expect(first(ofCiclo('in_attesa_firma', profiles.firma))).toMatchObject({
      code: 'firma',
      actor: 'titolare',
      since: values.inserita,
      actions: ['contract_resend'],
    })
    expect(first(ofCiclo('in_attesa_gestore', profiles.firma))).toMatchObject({ code: 'attivazione', actor: 'gestore' })
  })

  it('where the Gestore activates what was uploaded, the office acts until a document has arrived (D60)', () => {
    const facts = (documenti: StepFacts['documenti']) =>
      ofCiclo('in_attesa_gestore', profiles.caricamento, { documenti })
    expect(first(facts([]))).toMatchObject({ code: 'daCaricare', actor: 'ufficio', actions: ['upload'] })
    expect(first(facts([documento({ stato: 'in_coda' })]))).toMatchObject({ actor: 'programma' })
    expect(first(facts([documento({})]))).toMatchObject({
      code: 'inEsame',
      actor: 'gestore',
      since: documento({}).caricato,
    })
    // One that is taken away again, or of another type, is no form.
    expect(first(facts([documento({ deletedBy: 'op' }), documento({ tipo: 'altro' })]))).toMatchObject({
      actor: 'ufficio',
    })
  })

  it('where a form is filled in, the holder or the office sends it and the Gestore takes days (D61 to D63)', () => {
    expect(first(ofCiclo('in_attesa_gestore', profiles.modulo))).toMatchObject({ code: 'modulo', actions: ['upload'] })
    const documenti = [documento({})]
    expect(first(ofCiclo('in_attesa_gestore', profiles.modulo, { documenti }))).toMatchObject({
      code: 'moduloInEsame',
      actor: 'gestore',
    })
  })

  it("where the holder's password activates, nobody uploads anything; without an e-mail the office writes one (D55)", () => {
    expect(first(ofCiclo('in_attesa_gestore', profiles.password))).toMatchObject({
      code: 'primaPassword',
      actor: 'titolare',
      actions: ['reset_link'],
    })
    expect(first(ofCiclo('in_attesa_gestore', profiles.password, { comunicazioniEmail: null }))).toMatchObject({
      actor: 'ufficio',
      actions: ['edit'],
    })
  })

  it('wrong documents are the office’s, with the reasons, until others are loaded', () => {
    const refused = documento({ stato: 'respinto', motivo: 'Manca la firma' })
    expect(first(ofCiclo('documenti_errati', profiles.caricamento, { documenti: [refused] }))).toMatchObject({
      code: 'documentiErrati',
      actor: 'ufficio',
      reasons: ['Manca la firma'],
      actions: ['upload'],
    })
    const documenti = [refused, documento({})]
    expect(first(ofCiclo('documenti_errati', profiles.caricamento, { documenti }))).toMatchObject({ actor: 'gestore' })
  })

  it('an unknown profile offers nothing that it may not have', () => {
    for (const ciclo of ['in_attesa_firma', 'in_attesa_gestore'] as const)
      expect(first(ofCiclo(ciclo, null))?.actions).toEqual([])
    expect(first(ofCiclo('attiva', null, { passwordScaduta: true }))).toMatchObject({
      code: 'passwordScaduta',
      actions: [],
    })
  })
})

describe('an expired password (D77, D78)', () => {
  it.each([
    ['firma', [], 'passwordCollegamento', ['reset_link']],
    ['password', [], 'passwordCollegamento', ['reset_link']],
    ['caricamento', [], 'passwordRichiesta', ['paper_form', 'upload']],
    ['caricamento', [documento({ tipo: 'nuove_credenziali' })], 'passwordDati', ['activation_data']],
    ['modulo', [], 'passwordModulo', ['paper_form', 'upload']],
    ['modulo', [documento({ tipo: 'nuove_credenziali' })], 'passwordModuloInEsame', []],
  ] as const)('is helped as the profile gives credentials: %s %#', (name, documenti, code, actions) => {
    const facts = ofCiclo('attiva', profiles[name], { passwordScaduta: true, documenti })
    expect(nextSteps(facts)).toMatchObject([{ code, actions }])
  })

  it('without a communications e-mail no link can be sent: the office writes one first (D75)', () => {
    const facts = ofCiclo('attiva', profiles.firma, { passwordScaduta: true, comunicazioniEmail: null })
    expect(first(facts)).toMatchObject({ code: 'passwordSenzaEmail', actor: 'ufficio', actions: ['edit'] })
  })
})

describe('after the activation', () => {
  it('an active casella asks nothing of anybody', () => {
    expect(nextSteps(ofCiclo('attiva', profiles.firma))).toMatchObject([
      { code: 'attiva', actor: 'nessuno', since: values.attivata },
    ])
  })

  it('what waits for a decision comes before all else, and nothing is said to be done', () => {
    const active = ofCiclo('attiva', profiles.firma)
    for (const attention of ['conflict', 'uncertain', 'rejected', 'needs_review'] as const)
      expect(nextSteps({ ...active, attention })).toMatchObject([
        { code: 'daDecidere', actor: 'ufficio', actions: ['modifiche'] },
      ])
    expect(nextSteps({ ...active, attention: 'pending' })).toMatchObject([{ code: 'attiva' }])
    const expired = ofCiclo('scaduta', profiles.firma)
    expect(nextSteps({ ...expired, attention: 'conflict' }).map(({ code }) => code)).toEqual(['daDecidere', 'scaduta'])
  })

  it('a request waits for the Gestore, or for the document that the profile wants (D83)', () => {
    const asked = { richiesta: 'subentro' } as const
    expect(first(ofCiclo('attiva', profiles.firma, asked))).toMatchObject({
      code: 'subentroDocumento',
      actor: 'ufficio',
    })
    const documenti = [documento({ tipo: 'subentro' })]
    expect(first(ofCiclo('attiva', profiles.firma, { ...asked, documenti }))).toMatchObject({
      code: 'subentro',
      actor: 'gestore',
    })
    expect(first(ofCiclo('attiva', profiles.modulo, asked))).toMatchObject({ code: 'subentro', actor: 'gestore' })
    expect(first(ofCiclo('attiva', profiles.firma, { richiesta: 'rinnovo' }))).toMatchObject({
      code: 'rinnovo',
      actor: 'gestore',
    })
  })

  it('an expired casella is renewed by the office, once', () => {
    expect(first(ofCiclo('scaduta', profiles.firma))).toMatchObject({
      actor: 'ufficio',
      actions: ['rinnovo'],
      since: '2027-01-31',
    })
    expect(first(ofCiclo('scaduta', profiles.firma, { richiesta: 'rinnovo' }))).toMatchObject({
      actor: 'gestore',
      actions: [],
    })
  })

  it('a disabled one is enabled again by the office, a suspended one by the Gestore (D67, D73)', () => {
    expect(first({ ...ofCiclo('attiva', profiles.firma), stato: 'disabilitata' })).toMatchObject({
      actions: ['riabilita'],
    })
    expect(first({ ...ofCiclo('attiva', profiles.firma), stato: 'sospesa' })).toMatchObject({
      actor: 'gestore',
      actions: [],
    })
    expect(first(ofCiclo('eliminata', profiles.firma))).toMatchObject({ actor: 'nessuno', actions: [] })
  })
})

it('every step of every profile and state has its words', () => {
  const { te } = i18n.global
  const cicli = CasellaDetail.shape.values.shape.ciclo.options
  const keys = new Set<string>()
  for (const capabilities of [null, ...Object.values(profiles)])
    for (const stato of StatoCasella.options)
      for (const ciclo of cicli)
        for (const richiesta of ['nessuna', 'rinnovo', 'cessazione', 'subentro'] as const)
          for (const tipo of ['attivazione', 'nuove_credenziali', 'subentro', 'cessazione'] as const)
            for (const documenti of [[], [documento({ tipo })], [documento({ tipo, stato: 'in_coda' })]])
              for (const comunicazioniEmail of [null, 'a@b.example'])
                for (const passwordScaduta of [false, true]) {
                  const given = { ...values, ciclo, richiesta, comunicazioniEmail, passwordScaduta }
                  const attention = passwordScaduta ? 'conflict' : null
                  const facts: StepFacts = { stato, attention, values: given, documenti, capabilities }
                  for (const { code, actor, actions } of nextSteps(facts))
                    for (const key of [
                      `vita.passo.${code}.dove`,
                      `vita.passo.${code}.poi`,
                      `vita.attore.${actor}`,
                      ...actions.map((action) => `vita.bottone.${action}`),
                    ])
                      keys.add(key)
                }
  expect([...keys].filter((key) => !te(key))).toEqual([])
})
