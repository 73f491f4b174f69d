import { describe, expect, it } from 'vitest'
import { offersOf, type Azione, type OfferFacts } from './azione-casella.ts'

const facts = (more: Partial<Omit<OfferFacts, 'values'>> & Partial<OfferFacts['values']> = {}): OfferFacts => {
  const {
    ciclo = 'attiva',
    attivata = '2025-01-10T08:00:00Z',
    sospesa = false,
    richiesta = 'nessuna',
    comunicazioniEmail = 'a@ente.example',
    ...rest
  } = more
  return {
    stato: 'attiva',
    deletedBy: null,
    documenti: [],
    richieste: [],
    capabilities: { activation: 'online_signature', credentials: 'link', logMesi: null },
    ...rest,
    values: {
      attivata,
      ciclo,
      sospesa,
      richiesta,
      comunicazioniEmail: 'comunicazioniEmail' in more ? (more.comunicazioniEmail ?? null) : comunicazioniEmail,
    },
  }
}
const names = (given: OfferFacts): Azione[] => offersOf(given).map(({ azione }) => azione)
const obstacle = (given: OfferFacts, azione: Azione) => offersOf(given).find((each) => each.azione === azione)?.obstacle

const data = { activation: 'provider_after_upload', credentials: 'activation_data', logMesi: null } as const
const paper = { activation: 'wizard_form', credentials: 'paper_form', logMesi: null } as const
const always = ['rinnovo', 'subentro', 'cessazione', 'elimina']

describe('the actions of a casella', () => {
  it('are those of the profile (D81)', () => {
    expect(names(facts())).toEqual(['reset_link', ...always])
    expect(names(facts({ capabilities: data }))).toEqual(['paper_form', 'activation_data', ...always])
    expect(names(facts({ capabilities: paper }))).toEqual(['paper_form', ...always])
    expect(names(facts({ capabilities: null }))).toEqual(always)
    expect(names(facts({ ciclo: 'in_attesa_firma', stato: 'in_attesa_firma' }))).toEqual(['contract_resend', ...always])
  })

  it('an extract of the logs is asked beside any other request, of a deleted casella too, and not of one never active (D119)', () => {
    const capabilities = { activation: 'online_signature', credentials: 'link', logMesi: 30 } as const
    const asked = (more: Parameters<typeof facts>[0]) => obstacle(facts({ capabilities, ...more }), 'estratto_log')
    expect(asked({})).toBeNull()
    expect(asked({ richiesta: 'cessazione' })).toBeNull()
    expect(asked({ stato: 'eliminata', ciclo: 'eliminata' })).toBeNull()
    expect(asked({ attivata: null })).toBe('mai_attiva')
    expect(asked({ deletedBy: 'op' })).toBe('eliminazione_in_coda')
    expect(obstacle(facts(), 'estratto_log')).toBeUndefined()
  })

  it('the link goes only to a communications e-mail, of a casella that is neither suspended nor expired (D75)', () => {
    expect(obstacle(facts(), 'reset_link')).toBeNull()
    expect(obstacle(facts({ comunicazioniEmail: null }), 'reset_link')).toBe('email')
    expect(obstacle(facts({ sospesa: true }), 'reset_link')).toBe('sospesa')
    expect(obstacle(facts({ ciclo: 'scaduta' }), 'reset_link')).toBe('stato')
    const first = { activation: 'holder_sets_password', credentials: 'link', logMesi: null } as const
    expect(obstacle(facts({ ciclo: 'in_attesa_gestore', capabilities: first }), 'reset_link')).toBeNull()
  })

  it('is not asked twice while one waits here, and again after a refusal', () => {
    const row = { kind: 'reset_link', state: 'in_coda' } as const
    expect(obstacle(facts({ richieste: [{ ...row, operationState: 'pending' }] }), 'reset_link')).toBe('in_corso')
    expect(obstacle(facts({ richieste: [{ ...row, operationState: 'rejected' }] }), 'reset_link')).toBeNull()
  })

  it('activation data follow a signed request that has been uploaded (D83)', () => {
    const given = (stato: OfferFacts['documenti'][number]['stato'], deletedBy: string | null = null) =>
      obstacle(
        facts({ capabilities: data, documenti: [{ tipo: 'nuove_credenziali', stato, deletedBy }] }),
        'activation_data',
      )
    expect(obstacle(facts({ capabilities: data }), 'activation_data')).toBe('documento')
    expect(given('ricevuto')).toBeNull()
    expect(given('in_coda')).toBeNull()
    expect(given('accettato')).toBe('documento')
    expect(given('ricevuto', 'op')).toBe('documento')
    const richieste = [{ kind: 'activation_data', state: 'waiting_provider', operationState: null } as const]
    expect(obstacle(facts({ capabilities: data, richieste }), 'activation_data')).toBe('in_corso')
  })

  it('one request at a time, and only a renewal for an expired casella (D72)', () => {
    expect(obstacle(facts({ richiesta: 'rinnovo' }), 'cessazione')).toBe('richiesta_aperta')
    const queued = { kind: 'rinnovo', state: 'in_coda', operationState: 'pending' } as const
    expect(obstacle(facts({ richieste: [queued] }), 'subentro')).toBe('richiesta_aperta')
    const asked = { kind: 'rinnovo', state: 'waiting_provider', operationState: null } as const
    expect(obstacle(facts({ richieste: [asked] }), 'subentro')).toBe('richiesta_aperta')
    expect(obstacle(facts({ richieste: [{ ...asked, state: 'done' }] }), 'subentro')).toBeNull()
    expect(obstacle(facts({ ciclo: 'scaduta' }), 'rinnovo')).toBeNull()
    expect(obstacle(facts({ ciclo: 'scaduta' }), 'subentro')).toBe('stato')
  })

  it('nothing is asked of what is deleted, about to be, or not there yet (D68)', () => {
    for (const given of [
      facts({ deletedBy: 'op' }),
      facts({ stato: 'da_inviare' }),
      facts({ stato: 'eliminata', ciclo: 'eliminata' }),
    ])
      for (const { obstacle: found } of offersOf(given)) expect(found).not.toBeNull()
  })
})
