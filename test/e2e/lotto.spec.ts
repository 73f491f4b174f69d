import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { sha256Of, signedDocuments } from '../support/signed-documents.ts'
import { expect, test } from './fixtures.ts'
import { heldBack } from './held-back.ts'
import { judge } from './judge.ts'
import { activeCaselle, goTo } from './screens.ts'

const Holder = z.object({ id: z.string(), codiceFiscale: z.string() })

test('thirty files become a table within a moment, are settled by keyboard and arrive with their bytes', async ({
  desk,
  other,
  folder,
}) => {
  const documents = signedDocuments(folder)
  const holders = new Map(
    z
      .array(Holder)
      .parse(await other.list('/titolari?limit=500'))
      .map(({ id, codiceFiscale }) => [id, codiceFiscale]),
  )
  const caselle = (await activeCaselle(other)).flatMap((casella) => {
    const codice = holders.get(casella.titolareId) ?? ''
    return /^[A-Z]{6}/.test(codice) ? [{ ...casella, codice }] : []
  })
  const [odd, ...rest] = caselle
  if (odd === undefined || rest.length < 27) throw new Error('too few caselle')
  const sure = await Promise.all(
    rest.slice(0, 27).map(async ({ indirizzo, codice }) => ({
      name: `attivazione ${indirizzo}.pdf.p7m`,
      buffer: await documents.p7m(indirizzo, codice),
    })),
  )
  const unknown = { name: '001 attivazione scansione.p7m', buffer: await documents.p7m('x', 'PRVDAA80A41H501W') }
  const files = [
    unknown,
    ...sure,
    { name: 'zz attivazione doppia.p7m', buffer: sure[0]?.buffer ?? Buffer.alloc(0) },
    { name: 'programma.pdf', buffer: Buffer.from('4d5a9000', 'hex') },
  ]

  await goTo(desk, 'Invio di molti')
  // A folder is dropped, with one inside of it.
  const dropped = join(folder, 'da inviare')
  mkdirSync(join(dropped, 'altri'), { recursive: true })
  for (const { name, buffer } of files)
    writeFileSync(join(dropped, name === 'programma.pdf' ? 'altri' : '.', name), buffer)
  writeFileSync(join(dropped, '.DS_Store'), 'di sistema')
  const target = await desk.getByText('Trascinare qui file o cartelle').boundingBox()
  const cdp = await desk.context().newCDPSession(desk)
  const data = { items: [], files: [dropped], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', { type, x: target?.x ?? 0, y: target?.y ?? 0, data })
  const grid = desk.getByRole('grid', { name: /^File del lotto/ })
  const view = (name: string) => desk.getByRole('button', { name: new RegExp(`^${name}`) })
  await expect(view('Tutti')).toHaveText(/30$/)
  await expect(view('Pronti')).toHaveText(/27$/)
  await expect(view('Non validi')).toHaveText(/1$/)

  // What has no casella gets one by typing; the file that is there twice is discarded.
  await view('Da decidere').click()
  await grid.focus()
  await expect(desk.getByRole('heading', { name: unknown.name })).toBeVisible()
  await judge(desk)
  await desk.keyboard.press('Enter')
  await expect(desk.getByRole('combobox', { name: 'Cerca una casella' })).toBeFocused()
  await desk.keyboard.type(odd.indirizzo)
  await expect(desk.getByRole('option', { name: odd.indirizzo })).toBeVisible()
  await desk.keyboard.press('Enter')
  await expect(desk.getByText('Il firmatario non è il titolare della casella', { exact: false })).toBeVisible()
  await grid.focus()
  await test.step('a key that comes before the answer to the one before it is for the next file', async () => {
    const decision = await heldBack(desk, 'lotti.decide')
    await desk.keyboard.press('g')
    await decision.asked
    await desk.keyboard.press('d')
    decision.release()
  })
  await expect(view('Pronti')).toHaveText(/28$/)
  await expect(view('Scartati')).toHaveText(/1$/)

  await desk.getByRole('button', { name: 'Invia i pronti (28)' }).click()
  await desk.getByRole('button', { name: 'Invia', exact: true }).click()
  await expect(desk.getByTestId('lotto-sent')).toContainText('28 di 28 ricevuti dal gestore')

  const arrived = z.array(Documento).parse(await other.list('/documenti?limit=500'))
  const hashes = new Map(arrived.map(({ sha256, casellaId }) => [sha256, casellaId]))
  for (const [index, { buffer }] of sure.entries()) expect(hashes.get(sha256Of(buffer))).toBe(rest[index]?.id)
  expect(hashes.get(sha256Of(unknown.buffer))).toBe(odd.id)
})
