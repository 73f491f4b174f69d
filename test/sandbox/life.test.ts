import type { ParsedMail } from 'mailparser'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { NameCheck } from '../../src-main/provider-contract/casella.ts'
import { Operation } from '../../src-main/provider-contract/operation.ts'
import {
  type Trainer,
  addCasella,
  addDocumento,
  addTitolare,
  casellaOf,
  deleteCasella,
  linkIn,
  mailReader,
  openPage,
  operationOf,
  sendForm,
  summaryOf,
  trainerOf,
} from './life-client.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

const PASSWORDS = ['Segreta2026', 'Nuova2026x']

let sandbox: TestSandbox
let client: Client
let trainer: Trainer
let newMails: () => Promise<ParsedMail[]>

async function start(profile: ProfileName): Promise<void> {
  sandbox = await startTestSandbox({ profile, caselle: 30 })
  client = await sandbox.as('demo')
  trainer = await trainerOf(sandbox)
  newMails = mailReader(sandbox)
}
afterEach(async () => {
  await sandbox.tick()
  // D74: no password is kept or sent as it is: not in the mails, not in the store.
  const kept = readdirSync(sandbox.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter(({ parentPath, name }) => holds(readFileSync(join(parentPath, name))))
  await sandbox.remove()
  expect(kept.map(({ name }) => name)).toEqual([])
})
const holds = (bytes: Buffer) => PASSWORDS.some((password) => bytes.includes(password))

/** Time ends the sessions of operators as well. */
const forward = async (days: number, minutes = 0) => {
  await trainer.forward(days, minutes)
  client = await sandbox.as('demo')
}
const post = async (path: string, body: unknown = {}) => read(await client.post(path, body), Operation, 202)
const setPassword = (path: string, password = 'Segreta2026') =>
  sendForm(sandbox, path, { password, ripetuta: password })
const ofCasella = async (indirizzo: string) =>
  (await newMails()).filter(({ text, subject }) => `${subject ?? ''} ${text ?? ''}`.includes(indirizzo))

const EMAIL = 'ada@posta.example'

describe('basilicata', () => {
  test('a casella from the contract to its deletion: signed online, password by link', async () => {
    await start('basilicata')
    const titolare = await addTitolare(client, EMAIL)
    const casella = await addCasella(client, titolare, {
      denominazione: 'ada.firma',
      tipologia: '1 GB',
      comunicazioniEmail: EMAIL,
    })
    expect(casella.ciclo).toBe('in_attesa_firma')
    const [contract] = await newMails()
    expect(contract?.subject).toBe(`Contratto della casella ${casella.indirizzo} da firmare`)

    // The contract again: the first link ends, the operation waits for the holder.
    const resent = await post(`/caselle/${casella.id}/azioni/resend-contract`)
    expect(resent).toMatchObject({ kind: 'contract_resend', state: 'waiting_holder', casellaId: casella.id })
    const [second] = await newMails()
    expect((await openPage(sandbox, linkIn(contract))).status).toBe(410)
    const page = linkIn(second)
    const shown = await openPage(sandbox, page)
    expect(shown.status).toBe(200)
    expect(shown.text).toContain(casella.indirizzo)
    expect(shown.text).toContain(titolare.codiceFiscale)

    expect((await sendForm(sandbox, page, { azione: 'firma', codice: '123456', accetto: 'si' })).status).toBe(422)
    await sendForm(sandbox, page, { azione: 'codice' })
    const [mailed] = await newMails()
    const code = /Codice: (\d{6})/.exec(mailed?.text ?? '')?.[1] ?? ''
    const wrong = code === '000000' ? '111111' : '000000'
    expect((await sendForm(sandbox, page, { azione: 'firma', codice: wrong, accetto: 'si' })).status).toBe(422)
    expect((await sendForm(sandbox, page, { azione: 'firma', codice: code })).status).toBe(422)
    expect((await sendForm(sandbox, page, { azione: 'firma', codice: code, accetto: 'si' })).status).toBe(200)
    expect((await sendForm(sandbox, page, { azione: 'firma', codice: code, accetto: 'si' })).status).toBe(410)

    const active = await casellaOf(client, casella.id)
    expect(active).toMatchObject({ ciclo: 'attiva', contratto: true, scadenza: '2027-03-31', updatedBy: 'titolare' })
    expect((await operationOf(client, resent.id)).state).toBe('done')
    const first = await newMails()
    expect(summaryOf(first)).toEqual([`benvenuto > ${EMAIL}`, `primo_accesso > ${EMAIL}`])
    const welcome = first[0]?.text ?? ''
    for (const part of [casella.indirizzo, 'Webmail: https://', 'porta 995', 'porta 993', 'porta 465', 'SSL']) {
      expect(welcome).toContain(part)
    }
    expect((await setPassword(linkIn(first[1]))).status).toBe(200)
    expect((await setPassword(linkIn(first[1]))).status).toBe(410)

    // D75: the reset link is good for 24 hours and once, its password after some minutes.
    const reset = await post(`/caselle/${casella.id}/azioni/reset-link`)
    const [link] = await newMails()
    await forward(0, 1439)
    expect((await openPage(sandbox, linkIn(link))).status).toBe(200)
    await forward(0, 2)
    expect((await openPage(sandbox, linkIn(link))).status).toBe(410)
    expect(await operationOf(client, reset.id)).toMatchObject({ state: 'rejected', reason: 'link_expired' })
    const again = await post(`/caselle/${casella.id}/azioni/reset-link`)
    const [other] = await newMails()
    expect((await setPassword(linkIn(other), 'corta1')).status).toBe(422)
    expect((await setPassword(linkIn(other), 'senzacifre')).status).toBe(422)
    expect((await setPassword(linkIn(other), 'Nuova2026x')).status).toBe(200)
    expect((await operationOf(client, again.id)).state).toBe('waiting_provider')
    await forward(0, 6)
    expect((await operationOf(client, again.id)).state).toBe('done')
    await newMails()

    // D72: the end of service with its document, and the name that only the same holder may have again (D68).
    const end = await post(`/caselle/${casella.id}/richieste`, { tipo: 'cessazione' })
    await trainer.post(`/console/caselle/${casella.id}/richiesta`, { esito: 'si' })
    expect((await operationOf(client, end.id)).state).toBe('waiting_provider')
    await addDocumento(client, casella.id, 'cessazione')
    await trainer.post(`/console/caselle/${casella.id}/richiesta`, { esito: 'si' })
    expect((await operationOf(client, end.id)).state).toBe('done')
    expect((await casellaOf(client, casella.id)).scadenza).toBe('2026-03-31')
    await forward(19)
    expect((await casellaOf(client, casella.id)).ciclo).not.toBe('eliminata')
    await forward(2)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'eliminata', usatoMb: 0 })
    expect(summaryOf(await ofCasella(casella.indirizzo))).toEqual([`cessazione > ${EMAIL}`, `eliminata > ${EMAIL}`])
    const check = { denominazione: 'ada.firma', dominioId: casella.dominioId }
    const { outcome } = read(await client.post('/caselle/name-check', check), NameCheck)
    expect(outcome).toBe('same_holder_only')
  })

  test('the fifth wrong code ends the code, and a code ends after 15 minutes', async () => {
    await start('basilicata')
    const given = { denominazione: 'ada.codici', tipologia: '1 GB', comunicazioniEmail: EMAIL }
    const casella = await addCasella(client, await addTitolare(client, null), given)
    const [contract] = await newMails()
    const page = linkIn(contract)
    const newCode = async () => {
      await sendForm(sandbox, page, { azione: 'codice' })
      return /Codice: (\d{6})/.exec((await newMails())[0]?.text ?? '')?.[1] ?? ''
    }
    const sign = (codice: string) => sendForm(sandbox, page, { azione: 'firma', codice, accetto: 'si' })
    const code = await newCode()
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    for (let attempt = 0; attempt < 5; attempt += 1) await sign(wrong)
    expect((await sign(code)).status).toBe(422)
    await forward(0, 1)
    const late = await newCode()
    expect(late).toMatch(/^\d{6}$/)
    await forward(0, 16)
    expect((await sign(late)).status).toBe(422)
    expect((await casellaOf(client, casella.id)).ciclo).toBe('in_attesa_firma')
    expect((await sign(await newCode())).status).toBe(200)
  })

  test('a plan that is fixed admits no other space', async () => {
    await start('basilicata')
    const { id: titolareId } = await addTitolare(client, null)
    const casella = { denominazione: 'ada.piano', dominioId: 'D00000001', titolareId, tipologia: '1 GB' }
    const refused = await client.post('/caselle', { ...casella, quotaMb: 2048, comunicazioniEmail: null })
    expect(readProblem(refused, 422).errors).toEqual([{ pointer: '/quotaMb', code: 'quota_fixed' }])
  })
})

describe('toscana', () => {
  test('a casella from the upload to its deletion: activated by the Gestore, password by activation data', async () => {
    await start('toscana')
    const titolare = await addTitolare(client, EMAIL)
    const casella = await addCasella(client, titolare, {
      denominazione: 'ada.moduli',
      tipologia: 'STANDARD',
      comunicazioniEmail: EMAIL,
    })
    expect(casella.ciclo).toBe('in_attesa_gestore')
    const activate = { path: `/console/caselle/${casella.id}/attivazione`, yes: { esito: 'si' } }
    const early = await trainer.post(activate.path, activate.yes)
    expect(early.location).toBe('/console/attivazioni?esito=non_possibile')

    await addDocumento(client, casella.id, 'attivazione')
    await trainer.post(activate.path, { esito: 'no', motivo: 'manca la firma' })
    expect((await casellaOf(client, casella.id)).ciclo).toBe('documenti_errati')
    await addDocumento(client, casella.id, 'attivazione')
    expect((await casellaOf(client, casella.id)).ciclo).toBe('in_attesa_gestore')
    expect((await trainer.get('/console/attivazioni')).text).toContain(casella.indirizzo)
    await trainer.post(activate.path, activate.yes)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'attiva', scadenza: '2027-03-31' })

    const mails = await newMails()
    const summary = summaryOf(mails)
    expect(summary).toContain(`richiesta_ricevuta > ${EMAIL}`)
    expect(summary).toContain(`documenti_respinti > ${EMAIL}`)
    expect(summary.slice(-2)).toEqual([`benvenuto > ${EMAIL}`, `dati_attivazione > ${EMAIL}`])
    expect(mails.at(-2)?.text).toContain('smtps.sicurezzapostale.it, porta 465')

    // Another copy of the data: the first code ends.
    const resent = await post(`/caselle/${casella.id}/azioni/activation-data`)
    const [data] = await newMails()
    const codeIn = (mail: ParsedMail | undefined) => /attivazione: (\S+)$/m.exec(mail?.text ?? '')?.[1] ?? ''
    const enter = (codice: string, indirizzo = casella.indirizzo, password = 'Segreta2026') =>
      sendForm(sandbox, '/attivazione', { indirizzo, codice, password, ripetuta: password })
    const stale = await enter(codeIn(mails.at(-1)))
    const unknown = await enter(codeIn(data), 'nessuno@pec.example')
    expect([stale.status, unknown.status]).toEqual([422, 422])
    expect((await enter(codeIn(data).toLowerCase())).status).toBe(200)
    expect((await enter(codeIn(data))).status).toBe(422)
    expect((await operationOf(client, resent.id)).state).toBe('done')

    // A lost password asks for the document, and for the Gestore's look at it (D83).
    const lost = `/caselle/${casella.id}/azioni/activation-data`
    expect(readProblem(await client.post(lost, {}), 422).errors?.[0]?.code).toBe('documento_required')
    await addDocumento(client, casella.id, 'nuove_credenziali')
    const asked = await post(lost)
    expect(asked.state).toBe('waiting_provider')
    await trainer.post(`/console/caselle/${casella.id}/credenziali`, { esito: 'si' })
    expect((await operationOf(client, asked.id)).state).toBe('waiting_holder')
    const [fresh] = await newMails()
    // D79: none used before.
    expect((await enter(codeIn(fresh))).status).toBe(422)
    expect((await enter(codeIn(fresh), casella.indirizzo, 'Nuova2026x')).status).toBe(200)
    await forward(0, 6)
    expect((await operationOf(client, asked.id)).state).toBe('done')
    readProblem(await client.post(`/caselle/${casella.id}/azioni/reset-link`, {}), 422)

    expect((await deleteCasella(client, casella.id)).ciclo).toBe('eliminata')
    expect(summaryOf(await newMails())).toEqual([`eliminata > ${EMAIL}`])
    readProblem(await client.post(lost, {}), 422)
  })

  test('subentro: another holder, told with the old one, and no password until a new one is set', async () => {
    await start('toscana')
    const [before, after] = [await addTitolare(client, EMAIL), await addTitolare(client, 'bea@posta.example')]
    const given = { denominazione: 'ada.passa', tipologia: 'STANDARD', comunicazioniEmail: EMAIL }
    const casella = await addCasella(client, before, given)
    const own = `/caselle/${casella.id}/richieste`
    const asked = { tipo: 'subentro', titolareId: after.id, comunicazioniEmail: null }
    expect(readProblem(await client.post(own, asked), 422).errors?.[0]?.code).toBe('ciclo_not_suited')
    await addDocumento(client, casella.id, 'attivazione')
    await trainer.post(`/console/caselle/${casella.id}/attivazione`, { esito: 'si' })
    const operation = await post(own, asked)
    expect(readProblem(await client.post(own, { tipo: 'rinnovo' }), 422).errors?.[0]?.code).toBe('richiesta_pending')
    expect((await casellaOf(client, casella.id)).richiesta).toBe('subentro')
    await addDocumento(client, casella.id, 'subentro')
    await newMails()
    await trainer.post(`/console/caselle/${casella.id}/richiesta`, { esito: 'si' })
    expect((await operationOf(client, operation.id)).state).toBe('done')
    expect(await casellaOf(client, casella.id)).toMatchObject({
      titolareId: after.id,
      comunicazioniEmail: 'bea@posta.example',
      passwordScaduta: true,
      richiesta: 'nessuna',
    })
    const mails = await newMails()
    expect(summaryOf(mails)).toEqual([
      'cambio_email > bea@posta.example',
      `cambio_email > ${EMAIL}`,
      `cambio_email > ${casella.indirizzo}`,
      `subentro > ${EMAIL}`,
      'subentro > bea@posta.example',
      'dati_attivazione > bea@posta.example',
    ])
    const codice = /attivazione: (\S+)$/m.exec(mails.at(-1)?.text ?? '')?.[1] ?? ''
    const secret = { password: 'Segreta2026', ripetuta: 'Segreta2026' }
    await sendForm(sandbox, '/attivazione', { indirizzo: casella.indirizzo, codice, ...secret })
    await forward(0, 6)
    expect((await casellaOf(client, casella.id)).passwordScaduta).toBe(false)
  })
})

describe('poste', () => {
  test('a casella from the first password to its deletion: the password activates, notices, expiry, burned name', async () => {
    await start('poste')
    const titolare = await addTitolare(client, EMAIL)
    const casella = await addCasella(client, titolare, {
      denominazione: 'ada.posta',
      tipologia: 'PEC',
      comunicazioniEmail: EMAIL,
      quotaMb: 250,
    })
    expect(casella).toMatchObject({ ciclo: 'in_attesa_gestore', quotaMb: 250, softLimitMb: 200 })
    const [invitation] = await newMails()
    expect(invitation?.headers.get('x-gestore-di-prova')).toBe('primo_accesso')
    // The Gestore cannot do it in the holder's place.
    await trainer.post(`/console/caselle/${casella.id}/attivazione`, { esito: 'si' })
    expect((await casellaOf(client, casella.id)).ciclo).toBe('in_attesa_gestore')
    expect((await setPassword(linkIn(invitation))).status).toBe(200)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'attiva', scadenza: '2027-03-31' })
    expect(summaryOf(await newMails())).toEqual([`benvenuto > ${EMAIL}`])

    // D69: the soft limit, by the space used and by the limit itself.
    await trainer.post(`/console/caselle/${casella.id}`, { azione: 'spazio', usatoMb: '210' })
    expect(summaryOf(await newMails())).toEqual([`soglia_spazio > ${casella.indirizzo}`, `soglia_spazio > ${EMAIL}`])
    // D73: suspended by the Gestore.
    await trainer.post(`/console/caselle/${casella.id}`, { azione: 'sospendi' })
    readProblem(await client.post(`/caselle/${casella.id}/azioni/reset-link`, {}), 422)
    await trainer.post(`/console/caselle/${casella.id}`, { azione: 'riprendi' })
    expect(summaryOf(await newMails())).toEqual([`sospesa > ${EMAIL}`, `sospensione_finita > ${EMAIL}`])
    // D70 and D67.
    const { version } = await casellaOf(client, casella.id)
    const changed = await client.patch(`/caselle/${casella.id}`, `"v${version}"`, {
      comunicazioniEmail: 'nuova@posta.example',
      disabilitata: true,
    })
    expect(changed.status).toBe(200)
    expect(summaryOf(await newMails())).toEqual([
      'cambio_email > nuova@posta.example',
      `cambio_email > ${EMAIL}`,
      `cambio_email > ${casella.indirizzo}`,
      'disabilitata > nuova@posta.example',
    ])

    // D77, D78: 20, 10 and 5 days before, then the expiry, each to the PEC and to the communications e-mail.
    await forward(69)
    expect(await ofCasella(casella.indirizzo)).toEqual([])
    await forward(1)
    expect(summaryOf(await ofCasella(casella.indirizzo))).toEqual([
      `password_in_scadenza > ${casella.indirizzo}`,
      'password_in_scadenza > nuova@posta.example',
    ])
    await forward(15)
    const notices = await ofCasella(casella.indirizzo)
    expect(notices.map(({ subject }) => /fra (\d+) giorni/.exec(subject ?? '')?.[1])).toEqual(['10', '10', '5', '5'])
    await forward(5)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'attiva', passwordScaduta: true })
    expect(summaryOf(await ofCasella(casella.indirizzo))[0]).toBe(`password_scaduta > ${casella.indirizzo}`)
    await forward(30)
    expect(await ofCasella(casella.indirizzo)).toEqual([])
    await post(`/caselle/${casella.id}/azioni/reset-link`)
    const [link] = await newMails()
    await setPassword(linkIn(link), 'Nuova2026x')
    await forward(0, 6)
    expect((await casellaOf(client, casella.id)).passwordScaduta).toBe(false)

    // D37, D72: the end of service, then a renewal.
    await forward(270)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'scaduta', scadenza: '2027-03-31' })
    expect(summaryOf(await ofCasella(casella.indirizzo)).at(-1)).toBe('scaduta > nuova@posta.example')
    const renewal = await post(`/caselle/${casella.id}/richieste`, { tipo: 'rinnovo' })
    expect((await trainer.get('/console/richieste')).text).toContain(casella.indirizzo)
    await trainer.post(`/console/caselle/${casella.id}/richiesta`, { esito: 'si' })
    expect((await operationOf(client, renewal.id)).state).toBe('done')
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'attiva', scadenza: '2028-04-30' })

    await deleteCasella(client, casella.id)
    const check = { denominazione: 'ada.posta', dominioId: casella.dominioId, codiceFiscale: titolare.codiceFiscale }
    expect(read(await client.post('/caselle/name-check', check), NameCheck).outcome).toBe('burned')
  })
})

describe('ordine', () => {
  test('a casella from the form to its deletion: active some days after the papers, new password by form', async () => {
    await start('ordine')
    const titolare = await addTitolare(client, EMAIL)
    const casella = await addCasella(client, titolare, {
      denominazione: 'ada.ordine',
      tipologia: '1 GB',
      comunicazioniEmail: EMAIL,
    })
    const [mail] = await newMails()
    const page = linkIn(mail)
    // D61: consent first, then the form.
    expect((await openPage(sandbox, `${page}?file=modulo`)).text).not.toContain('%PDF')
    expect((await sendForm(sandbox, page, {})).status).toBe(422)
    await sendForm(sandbox, page, { consenso: 'si' })
    for (const file of ['modulo', 'condizioni']) {
      expect((await openPage(sandbox, `${page}?file=${file}`)).text).toMatch(/^%PDF/)
    }
    await addDocumento(client, casella.id, 'attivazione')
    await forward(10)
    expect((await casellaOf(client, casella.id)).ciclo).toBe('in_attesa_gestore')
    await addDocumento(client, casella.id, 'attivazione')
    await forward(2)
    expect((await casellaOf(client, casella.id)).ciclo).toBe('in_attesa_gestore')
    await forward(1)
    expect(await casellaOf(client, casella.id)).toMatchObject({ ciclo: 'attiva', scadenza: '2027-03-31' })
    const mails = await ofCasella(casella.indirizzo)
    expect(summaryOf(mails)).toEqual([`benvenuto > ${EMAIL}`, `primo_accesso > ${EMAIL}`])
    // D65, D76, D118.
    for (const said of [
      casella.indirizzo,
      'imaps.pec.aruba.it, porta 993',
      'smtps',
      'SSL',
      'Hai dimenticato la password',
    ])
      expect(mails[0]?.text).toContain(said)
    await setPassword(linkIn(mails[1]))

    // D80: neither link nor data can be asked for; the form is there to print.
    for (const action of ['reset-link', 'activation-data', 'resend-contract']) {
      const refused = await client.post(`/caselle/${casella.id}/azioni/${action}`, {})
      expect(readProblem(refused, 422).errors?.[0]?.code).toBe('action_not_offered')
    }
    const form = await client.get(`/caselle/${casella.id}/moduli/nuove-credenziali`)
    expect(form.headers.get('content-type')).toBe('application/pdf')
    expect(form.text).toContain(casella.indirizzo)
    await addDocumento(client, casella.id, 'nuove_credenziali')
    await trainer.post(`/console/caselle/${casella.id}/credenziali`, { esito: 'no', motivo: 'firma illeggibile' })
    await addDocumento(client, casella.id, 'nuove_credenziali')
    await newMails()
    await trainer.post(`/console/caselle/${casella.id}/credenziali`, { esito: 'si' })
    const [link] = await newMails()
    expect(link?.headers.get('x-gestore-di-prova')).toBe('reset_password')
    expect((await setPassword(linkIn(link), 'Nuova2026x')).status).toBe(200)

    const deleted = await deleteCasella(client, casella.id)
    expect(deleted).toMatchObject({ ciclo: 'eliminata', usatoMb: 0 })
    const check = { denominazione: 'ada.ordine', dominioId: casella.dominioId, codiceFiscale: titolare.codiceFiscale }
    expect(read(await client.post('/caselle/name-check', check), NameCheck).outcome).toBe('free')
  })
})

test('a request that is refused sends no mail, and one repeated under its key sends one', async () => {
  await start('basilicata')
  const given = { denominazione: 'ada.doppia', tipologia: '1 GB', comunicazioniEmail: null }
  const casella = await addCasella(client, await addTitolare(client, null), given)
  expect(await newMails()).toEqual([])
  const resend = `/caselle/${casella.id}/azioni/resend-contract`
  expect(readProblem(await client.post(resend, {}), 422).errors?.[0]?.code).toBe('email_missing')
  await client.patch(`/caselle/${casella.id}`, '"v1"', { comunicazioniEmail: EMAIL })
  expect(summaryOf(await newMails())).toEqual([`cambio_email > ${EMAIL}`, `cambio_email > ${casella.indirizzo}`])
  const once = await client.post(resend, {}, 'una-sola-volta')
  const again = await client.post(resend, {}, 'una-sola-volta')
  expect(again.text).toBe(once.text)
  expect(summaryOf(await newMails())).toEqual([`contratto > ${EMAIL}`])
  const reader = await sandbox.as('lettura')
  expect(readProblem(await reader.post(resend, {}), 403).code).toBe('read_only')
  const stranger = await sandbox.as('altroEnte')
  expect(readProblem(await stranger.post(resend, {}), 404).code).toBe('not_found')
})
