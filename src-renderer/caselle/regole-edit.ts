import { isEmail } from '../../src-main/contract/rules/email.ts'
import type { Regola } from '../../src-main/provider-contract/impostazioni.ts'

/** A rule as it is being written (D115): what an action does not use is kept until the saving. `key` tells rows apart. */
export interface RegolaDraft {
  key: number
  campo: Regola['campo']
  operatore: Regola['operatore']
  valore: string
  tipo: Regola['azione']['tipo']
  cartella: string
  inoltroA: string
}

export type RegolaField = 'valore' | 'cartella' | 'inoltroA'
/** Words under `vita.posta.problemi`. */
export interface RegolaIssue {
  key: number
  field: RegolaField
  code: 'vuoto' | 'email' | 'stessa'
}

const nextKey = (drafts: readonly RegolaDraft[]): number => Math.max(0, ...drafts.map(({ key }) => key)) + 1

export function draftsOf(regole: readonly Regola[]): RegolaDraft[] {
  return regole.map(({ campo, operatore, valore, azione }, at) => ({
    key: at + 1,
    campo,
    operatore,
    valore,
    tipo: azione.tipo,
    cartella: azione.tipo === 'sposta' ? azione.cartella : '',
    inoltroA: azione.tipo === 'inoltra' ? azione.inoltroA : '',
  }))
}

export function withNewRegola(drafts: readonly RegolaDraft[]): RegolaDraft[] {
  const empty = {
    campo: 'mittente',
    operatore: 'contiene',
    valore: '',
    tipo: 'sposta',
    cartella: '',
    inoltroA: '',
  } as const
  return [...drafts, { key: nextKey(drafts), ...empty }]
}

/** The rule one place up (-1) or down (1); at the end of the list nothing moves. */
export function movedRegola(drafts: readonly RegolaDraft[], key: number, by: -1 | 1): RegolaDraft[] {
  const at = drafts.findIndex((draft) => draft.key === key)
  const draft = drafts[at]
  const to = at + by
  if (draft === undefined || to < 0 || to >= drafts.length) return [...drafts]
  const rest = drafts.filter((each) => each !== draft)
  return [...rest.slice(0, to), draft, ...rest.slice(to)]
}

function azioneOf({ tipo, cartella, inoltroA }: RegolaDraft): Regola['azione'] {
  switch (tipo) {
    case 'sposta':
      return { tipo, cartella: cartella.trim() }
    case 'inoltra':
      return { tipo, inoltroA: inoltroA.trim() }
    case 'rifiuta':
      return { tipo }
  }
}

/** The rules as the core takes them: JSON, with the fields in the contract's order. */
export function regoleValue(drafts: readonly RegolaDraft[]): string {
  return JSON.stringify(
    drafts.map((draft): Regola => {
      const { campo, operatore, valore } = draft
      return { campo, operatore, valore: valore.trim(), azione: azioneOf(draft) }
    }),
  )
}

/** `indirizzo`: the casella's own, to which forwarding would go round for ever. */
export function regoleIssues(drafts: readonly RegolaDraft[], indirizzo: string): RegolaIssue[] {
  return drafts.flatMap(({ key, valore, tipo, cartella, inoltroA }): RegolaIssue[] => {
    const issues: RegolaIssue[] = []
    const address = inoltroA.trim()
    if (valore.trim() === '') issues.push({ key, field: 'valore', code: 'vuoto' })
    if (tipo === 'sposta' && cartella.trim() === '') issues.push({ key, field: 'cartella', code: 'vuoto' })
    if (tipo === 'inoltra' && address === '') issues.push({ key, field: 'inoltroA', code: 'vuoto' })
    else if (tipo === 'inoltra' && !isEmail(address)) issues.push({ key, field: 'inoltroA', code: 'email' })
    else if (tipo === 'inoltra' && address.toLowerCase() === indirizzo.toLowerCase())
      issues.push({ key, field: 'inoltroA', code: 'stessa' })
    return issues
  })
}
