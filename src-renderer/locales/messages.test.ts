import { describe, expect, it } from 'vitest'
import { Attention, StatoCasella } from '../../src-main/contract/casella.ts'
import { CustodyDifference, ShutCustody } from '../../src-main/contract/custody.ts'
import { errorCodes } from '../../src-main/contract/error.ts'
import {
  ConfrontoTitolare,
  Contraddizione,
  Duplicato,
  FiltroRighe,
  Mancanza,
  MotivoCasella,
  MotivoTipo,
  StatoLotto,
  StatoRiga,
  TitoloFirmatario,
} from '../../src-main/contract/lotto.ts'
import {
  AvvisoFirma,
  CambiamentoDopoFirma,
  Fiducia,
  Giudizio,
  Integrita,
  MotivoFirma,
  StatoFiducia,
} from '../../src-main/contract/verifica.ts'
import { AuthoritiesProblem, FunzioneVietabile } from '../../src-main/contract/policy.ts'
import { OperationState, OperationType } from '../../src-main/contract/operation.ts'
import { DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'
import { Ruolo } from '../../src-main/provider-contract/session.ts'
import { TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'
import { CommandError } from '../bridge/bridge.ts'
import { errorWords, reasonWords } from './error-words.ts'
import { i18n } from './i18n.ts'
import { it as words, type Messages } from './messages.ts'

const { te, t } = { te: (key: string) => i18n.global.te(key), t: (key: string) => i18n.global.t(key) }

const reasons = [
  'offline',
  'provider_unavailable',
  'timeout',
  'no_answer',
  'proxy_answer',
  'crash',
  'rate_limited',
  'version_mismatch',
  'rule_violated',
  'name_unavailable',
  'not_found',
  'forbidden',
  'read_only',
  'document_refused',
  'checksum_mismatch',
  'too_large',
  'file_missing',
  'waits_for_lane',
  'dependency_failed',
  'session_expired',
  'foreign_operator',
  'deleted_by_provider',
  'absorbed_changed',
  'already_deleted',
  'restored_backup',
  'invalid_request',
  'cancelled_by_operator',
  'given_up',
  'held',
  'taken_over',
  'declared_arrived',
  'declared_not_arrived',
]

function leaves(messages: Messages, prefix = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : leaves(value, `${prefix}${key}.`),
  )
}

describe('the words of the interface', () => {
  it.each([...errorCodes, 'host_unreachable'])('say what happened, what was kept and what to do for %s', (code) => {
    for (const part of ['what', 'kept', 'todo']) expect(te(`errors.${code}.${part}`), `${code}.${part}`).toBe(true)
  })

  it.each(reasons)('tell why an operation stands where it stands: %s', (code) => {
    expect(reasonWords({ code, params: {} })).toBe(t(`errors.reasons.${code}`))
    expect(te(`errors.reasons.${code}`)).toBe(true)
  })

  it('quote the code of a reason that is not known', () => {
    expect(reasonWords({ code: 'from_the_future', params: {} })).toContain('from_the_future')
  })

  it('exist for every state and kind that the contract has', () => {
    const keys = [
      ...StatoCasella.options.map((each) => `common.stato.${each}`),
      ...OperationState.options.map((each) => `common.operazione.${each}`),
      ...OperationType.options.map((each) => `common.tipoOperazione.${each.replace('.', '_')}`),
      ...Attention.options.map((each) => `caselle.attenzione.${each}`),
      ...DocumentoTipo.options.flatMap((each) => [`common.documentoTipo.${each}`, `lotti.tipoBreve.${each}`]),
      ...TitolareTipologia.options.map((each) => `common.titolareTipologia.${each}`),
      ...Ruolo.options.map((each) => `common.ruolo.${each}`),
      ...Giudizio.options.flatMap((each) =>
        ['titolo', 'breve', 'perche', 'fare'].map((part) => `firme.giudizio.${each}.${part}`),
      ),
      ...ShutCustody.options.flatMap((each) => [
        `accesso.bloccato.portachiavi.${each}`,
        `accesso.form.passphraseCause.${each}`,
      ]),
      ...AuthoritiesProblem.options.map((each) => `policy.autoritaProblema.${each}`),
      ...FunzioneVietabile.options.map((each) => `policy.funzioni.${each}`),
      ...CustodyDifference.options.map((each) => `accesso.bloccato.altrove.${each}`),
      ...Integrita.options.map((each) => `firme.integrita.${each}`),
      ...MotivoFirma.options.flatMap((each) => [`firme.motivo.${each}.che`, `firme.motivo.${each}.fare`]),
      ...AvvisoFirma.options.map((each) => `firme.avviso.${each}`),
      ...CambiamentoDopoFirma.options.map((each) => `firme.cambiamento.${each}`),
      ...StatoFiducia.options.map((each) => `firme.fiducia.${each}`),
      ...Fiducia.shape.revocation.options.map((each) => `firme.revoca.${each}`),
      ...ConfrontoTitolare.options.map((each) => `firme.confronto.${each}`),
      ...TitoloFirmatario.options.map((each) => `firme.titolo.${each}`),
      ...StatoRiga.options.map((each) => `lotti.stato.${each}`),
      ...StatoLotto.options.map((each) => `lotti.statoLotto.${each}`),
      ...FiltroRighe.options.map((each) => `lotti.filtro.${each}`),
      ...Mancanza.options.map((each) => `lotti.mancanza.${each}`),
      ...MotivoCasella.options.map((each) => `lotti.motivo.${each}`),
      ...Contraddizione.options.map((each) => `lotti.contraddizione.${each}`),
      ...MotivoTipo.options.map((each) => `lotti.motivoTipo.${each}`),
      ...Duplicato.shape.dove.options.map((each) => `lotti.duplicato.${each}`),
    ]
    expect(keys.filter((key) => !te(key))).toEqual([])
  })

  it('stay factual: no exclamation marks and nothing empty', () => {
    const wrong = leaves(words).filter(([, text]) => text.trim() === '' || text.includes('!'))
    expect(wrong).toEqual([])
  })

  it('read a defect of the program as an internal error', () => {
    expect(errorWords(new TypeError('x')).code).toBe('internal')
    expect(errorWords(new CommandError('disk_full', 'no space', {})).code).toBe('disk_full')
  })
})
