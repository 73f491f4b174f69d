import { ModuloKind } from '../../src-main/contract/modulo.ts'
import { newFormCode } from '../../src-main/moduli/form-code.ts'
import { type FormFacts, formFacts, type FormValue } from '../../src-main/moduli/form-values.ts'
import { everyForm } from '../../src-main/moduli/forms/every-form.ts'
import type { PrintedForm } from '../../src-main/moduli/render-form.ts'
import { clientServices } from '../../src-main/contract/client-parameters.ts'
import { profiles } from '../../src-main/sandbox/profiles.ts'

export const kinds = ModuloKind.options

/** What the registry knows in these tests. */
export function someFacts(): FormFacts {
  return formFacts({
    casella: {
      indirizzo: 'ufficio.tributi@pec.borgolento.example',
      tipologia: 'STANDARD',
      quotaMb: 1536,
      scadenza: '2027-06-30',
      comunicazioniEmail: 'tributi@borgolento.example',
    },
    titolare: {
      id: 't',
      enteId: 'e',
      updatedAt: '2026-01-01T00:00:00Z',
      updatedBy: 'x',
      tipologia: 'pa_locale',
      nome: 'Niccolò',
      cognome: "D'Àngelo Ștefănescu",
      codiceFiscale: 'RSSMRA80A01H501U',
      email: 'n@example.org',
      telefono: null,
      cellulare: '+393331234567',
      fax: null,
    },
    indirizzo: {
      via: 'Via Garibaldi, 12',
      localita: 'Borgolento',
      provincia: 'PZ',
      cap: '00100',
      email: null,
      cellulare: null,
      telefono: null,
    },
    attivita: { ragioneSociale: 'Comune di Borgolento', formaGiuridica: null, partitaIva: '01234567897', rea: null },
    nascita: { comune: 'Roma', provincia: 'RM', data: '1980-01-01' },
    capabilities: profiles.ordine,
    ente: 'Ente di prova',
    servers: clientServices('ordine'),
  })
}

export function aForm(kind: ModuloKind, changes: Partial<Record<FormValue, string>> = {}): PrintedForm {
  const facts = someFacts()
  return {
    definition: everyForm[kind],
    code: newFormCode(),
    facts: { ...facts, values: { ...facts.values, ...changes } },
  }
}

/** A form of whose casella and holder nothing is known. */
export function blankForm(kind: ModuloKind): PrintedForm {
  const { facts, ...form } = aForm(kind)
  const values = Object.fromEntries(Object.keys(facts.values).map((name) => [name, ''])) as FormFacts['values']
  return { ...form, facts: { ...facts, values } }
}
