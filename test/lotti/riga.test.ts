import { describe, expect, test } from 'vitest'
import { Giudizio } from '../../src-main/contract/verifica.ts'
import { confrontoTitolare } from '../../src-main/contract/rules/confronto-titolare.ts'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'
import { documentChecklist } from '../../src-main/documenti/checklist.ts'
import { isProgram } from '../../src-main/signatures/file-kind.ts'
import { guessTipo } from '../../src-main/lotti/guess-tipo.ts'
import { serveConsenso } from '../../src-main/contract/serve-consenso.ts'
import { statoRiga, type RigaFacts } from '../../src-main/lotti/stato-riga.ts'
import { codiciFiscaliIn, indirizziIn, paroleDelNome } from '../../src-main/lotti/text-evidence.ts'
import { DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'

const sure: RigaFacts = {
  isHere: true,
  isRead: true,
  refused: false,
  giudizio: 'valid_trusted',
  protetto: false,
  hasConsenso: false,
  casellaId: 'C1',
  casellaEliminata: false,
  confidenza: 96,
  ambigua: false,
  confermata: false,
  tipo: 'attivazione',
  ammessi: ['attivazione', 'altro'],
  duplicato: false,
  confronto: 'titolare',
  hasTitolo: false,
  scartata: false,
  inviata: false,
}
const stato = (changes: Partial<RigaFacts>, soglia = 85) => statoRiga({ ...sure, ...changes }, soglia)

describe('a file of a lotto', () => {
  test('is ready only when nothing keeps it', () => {
    expect(stato({})).toEqual({ stato: 'pronta', mancanze: [] })
    expect(stato({ isHere: false, isRead: false }).stato).toBe('in_arrivo')
    expect(stato({ isRead: false }).stato).toBe('da_leggere')
  })

  test.each([
    [{ confidenza: 84 }, 'soglia'],
    [{ ambigua: true }, 'ambigua'],
    [{ casellaId: null }, 'casella'],
    [{ tipo: null }, 'tipo'],
    [{ tipo: 'subentro' }, 'tipo_rifiutato'],
    [{ duplicato: true }, 'duplicato'],
    [{ confronto: 'altro' }, 'firmatario'],
    [{ casellaEliminata: true }, 'eliminata'],
  ] as const)('with %o a person has to decide', (changes, mancanza) => {
    expect(stato(changes)).toEqual({ stato: 'da_decidere', mancanze: [mancanza] })
  })

  test('a person settles the casella, a second copy and the signer, never the signature by the way', () => {
    expect(stato({ confidenza: 10, ambigua: true, duplicato: true, confermata: true }).stato).toBe('pronta')
    expect(stato({ confronto: 'altro', hasTitolo: true }).stato).toBe('pronta')
    expect(stato({ giudizio: 'invalid', confermata: true, hasTitolo: true }).stato).toBe('non_valida')
    expect(stato({ giudizio: 'invalid', hasConsenso: true }).stato).toBe('pronta')
    expect(stato({ casellaEliminata: true, confermata: true }).stato).toBe('da_decidere')
  })

  test('what is refused stays so, whatever a person consents to', () => {
    expect(stato({ refused: true, hasConsenso: true, confermata: true }).stato).toBe('non_valida')
  })

  test('only judgements that claim an intact signature go without consent', () => {
    expect(Giudizio.options.filter((each) => serveConsenso(each, false).length === 0)).toEqual([
      'valid_trusted',
      'valid_not_qualified',
      'valid_trust_unknown',
    ])
    expect(serveConsenso('valid_trusted', true)).toEqual(['protetto'])
  })
})

const CF = `RSSMRA80A01H501${checkCharacter('RSSMRA80A01H501')}`

test('codici fiscali are found in boxes and in lower case, and only with their check character', () => {
  const wrong = CF.slice(0, 15) + (CF.endsWith('A') ? 'B' : 'A')
  expect(codiciFiscaliIn(`il sottoscritto, ${CF.toLowerCase()}, nato`)).toEqual(['RSSMRA80A01H501'])
  expect(codiciFiscaliIn(`Codice fiscale: ${Array.from(CF).join(' ')} residente`)).toEqual(['RSSMRA80A01H501'])
  expect(codiciFiscaliIn(`${wrong} X${CF}`)).toEqual([])
  expect(indirizziIn('Scrivere a Mario.Rossi@PEC.example. Grazie')).toEqual(['mario.rossi@pec.example'])
  expect(paroleDelNome('Rossi_Nicolò-attivazione.pdf.p7m')).toEqual(['rossi', 'nicolo', 'attivazione'])
})

test('the signer is compared with the holder by normalised form, and only where there is one', () => {
  const omocodia = 'RSSMRA80A01H50M'
  expect(confrontoTitolare([omocodia + checkCharacter(omocodia)], CF)).toBe('titolare')
  expect(confrontoTitolare(['BNCLGU75B02F205X'], CF)).toBe('altro')
  expect(confrontoTitolare([], CF)).toBe('non_verificabile')
  expect(confrontoTitolare([CF], '')).toBe('non_verificabile')
})

test('the type is told by our form, the name, the title, what is awaited, and never one that the profile does not take', () => {
  const evidence = {
    nomeFile: 'scansione001.pdf',
    testo: null,
    modulo: null,
    mancanti: null,
    ammessi: DocumentoTipo.options,
  }
  expect(guessTipo(evidence)).toBeNull()
  expect(guessTipo({ ...evidence, nomeFile: 'Rossi_cessazione.pdf' })).toEqual({ tipo: 'cessazione', motivo: 'nome' })
  expect(guessTipo({ ...evidence, testo: 'Richiesta di ATTIVAZIONE della casella' })?.motivo).toBe('titolo')
  expect(guessTipo({ ...evidence, modulo: 'subentro', nomeFile: 'cessazione.pdf' })?.tipo).toBe('subentro')
  expect(guessTipo({ ...evidence, mancanti: ['subentro'] })).toEqual({ tipo: 'subentro', motivo: 'unico_mancante' })
  expect(guessTipo({ ...evidence, nomeFile: 'cessazione.pdf', ammessi: ['altro'] })).toBeNull()
})

test('a required document is missing while its casella is awaited for it and only refused ones are there', () => {
  const types = [
    { tipo: 'attivazione', need: 'required' },
    { tipo: 'subentro', need: 'off' },
  ] as const
  const casella = { ciclo: 'in_attesa_gestore', richiesta: 'nessuna' } as const
  const document = { tipo: 'attivazione', caricato: '', deletedBy: null } as const
  const of = (stato: 'respinto' | 'ricevuto' | 'in_coda') =>
    documentChecklist(casella, [...types], [{ ...document, stato }])[0]
  expect(of('respinto')?.manca).toBe(true)
  expect(of('ricevuto')).toMatchObject({ manca: false, presente: 'ricevuto', quanti: 1 })
  expect(of('in_coda')?.manca).toBe(false)
  expect(documentChecklist({ ...casella, ciclo: 'attiva' }, [...types], [])[0]?.manca).toBe(false)
})

test('a program is told by its first bytes', () => {
  expect(isProgram(Buffer.from('4d5a9000', 'hex'))).toBe(true)
  expect(isProgram(Buffer.from('%PDF-1.7'))).toBe(false)
})
