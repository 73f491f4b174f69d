import type { RouteLocationRaw } from 'vue-router'
import type { StatoCasella } from '../../src-main/contract/casella.ts'
import type { Cruscotto } from '../../src-main/contract/report.ts'
import { scadenzeAddress } from '../scadenze/scadenze-query.ts'
import { type CaselleQuery, emptyQuery, queryOf } from '../caselle/caselle-query.ts'

/** What waits for a person: words under `cruscotto.daSeguire`, how many, and the list behind the figure. */
export interface DaSeguire {
  key:
    | 'firma'
    | 'gestore'
    | 'respinti'
    | 'inScadenza'
    | 'scadute'
    | 'identita'
    | 'piene'
    | 'conflitti'
    | 'incerte'
    | 'rifiutate'
    | 'daRivedere'
    | 'bozze'
    | 'lotti'
  n: number
  to: RouteLocationRaw
  /** Nothing goes on until a person has acted. */
  urgent: boolean
}

export function caselleWhere(filter: Partial<CaselleQuery>): RouteLocationRaw {
  return { name: 'caselle', query: queryOf({ ...emptyQuery, ...filter }) }
}

/** Pure. */
export function daSeguire({
  gruppi,
  inScadenza,
  scadute,
  identitaScadute,
  decisioni,
  bozze,
  lotti,
}: Cruscotto): DaSeguire[] {
  const inStato = (stato: StatoCasella): number =>
    gruppi.filter((each) => each.stato === stato).reduce((sum, { caselle }) => sum + caselle, 0)
  const piene = gruppi
    .filter(({ stato }) => stato !== 'eliminata')
    .reduce((sum, { oltreSoglia }) => sum + oltreSoglia, 0)
  const coda = { path: '/coda', query: { vista: 'needs_you' } }
  return [
    { key: 'conflitti', n: decisioni.conflitti, to: coda, urgent: true },
    { key: 'incerte', n: decisioni.incerte, to: coda, urgent: true },
    { key: 'rifiutate', n: decisioni.rifiutate, to: coda, urgent: true },
    { key: 'daRivedere', n: decisioni.daRivedere, to: coda, urgent: true },
    { key: 'lotti', n: lotti.righe, to: '/documenti/lotti', urgent: true },
    { key: 'bozze', n: bozze, to: { path: '/coda', query: { vista: 'bozze' } }, urgent: false },
    { key: 'respinti', n: inStato('documenti_errati'), to: caselleWhere({ stato: 'documenti_errati' }), urgent: true },
    { key: 'firma', n: inStato('in_attesa_firma'), to: caselleWhere({ stato: 'in_attesa_firma' }), urgent: false },
    {
      key: 'gestore',
      n: inStato('in_attesa_gestore'),
      to: caselleWhere({ stato: 'in_attesa_gestore' }),
      urgent: false,
    },
    { key: 'inScadenza', n: inScadenza, to: caselleWhere({ scadenza: '30', sort: 'scadenza' }), urgent: false },
    { key: 'scadute', n: scadute, to: caselleWhere({ scadenza: 'passata', sort: 'scadenza' }), urgent: false },
    {
      key: 'identita',
      n: identitaScadute,
      to: {
        path: '/scadenze',
        query: scadenzeAddress({ period: 'identita_scadute', che: 'caselle', dominioId: null }),
      },
      urgent: false,
    },
    { key: 'piene', n: piene, to: caselleWhere({ piene: 'soglia', sort: 'usatoMb', descending: true }), urgent: false },
  ]
}
