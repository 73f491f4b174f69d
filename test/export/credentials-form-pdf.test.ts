import { PDFDocument } from 'pdf-lib'
import { expect, test } from 'vitest'
import { credentialsFormPdf } from '../../src-main/export/credentials-form-pdf.ts'

const form = {
  gestore: 'Gestore di prova',
  ente: 'Comune di Borgolento',
  nome: 'Niccolò',
  cognome: "D'Àngelo",
  codiceFiscale: 'RSSMRA80A01H501U',
  nascita: { comune: 'Roma', provincia: 'RM', data: '01/01/1980' },
  indirizzo: 'ufficio@pec.borgolento.example',
}

test('the request for new credentials is one page, whatever is known or not and however it is written (D80)', async () => {
  const strange = {
    ...form,
    nome: '李 Ștefan 😀',
    cognome: 'X'.repeat(400),
    indirizzo: `${'i'.repeat(300)}@pec.example`,
  }
  const blank = {
    gestore: '',
    ente: '',
    nome: '',
    cognome: '',
    codiceFiscale: '',
    nascita: { comune: '', provincia: '', data: '' },
    indirizzo: '',
  }
  for (const given of [form, strange, blank]) {
    const document = await PDFDocument.load(await credentialsFormPdf(given))
    expect(document.getPageCount()).toBe(1)
    expect(document.getTitle()).toBe('Richiesta di nuove credenziali')
  }
})
