import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { expect, test } from './fixtures.ts'
import { activeCasella, alignNow, badge, choose, detail, showCasella } from './screens.ts'

const MIB = 1024 * 1024
const UPLOAD = /^PATCH \/uploads\//
/** The beginning of a DER signedData, which says what the file is; the rest may be anything. */
const P7M_HEAD = Buffer.from('308006092a864886f70d010702a080', 'hex')

test('an upload that is cut goes on where it stopped and arrives whole', async ({ desk, network, other, folder }) => {
  const casella = await activeCasella(other)
  const name = 'richiesta-attivazione.pdf.p7m'
  const bytes = Buffer.concat([P7M_HEAD, randomBytes(20 * MIB - P7M_HEAD.length)])
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  // By its path: handing its bytes to the page takes long on a busy machine.
  const path = join(folder, name)
  writeFileSync(path, bytes)
  network.refuseAfter(8 * MIB, UPLOAD)

  await showCasella(desk, casella.indirizzo)
  await detail(desk).getByRole('tab', { name: 'Documenti' }).click()
  await detail(desk).getByRole('link', { name: 'Carica documentazione' }).click()
  await expect(desk.getByRole('combobox', { name: 'Casella' })).toHaveValue(casella.indirizzo)
  await choose(desk, 'Tipo di documento', 'Richiesta di attivazione (obbligatorio)')
  await desk.getByLabel('File da caricare').setInputFiles(path)
  const row = desk.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('Formato P7M')
  await expect(row).toContainText('20 MB')
  // It is no envelope that can be read: it goes only if somebody says why.
  await desk.getByRole('button', { name: "Accoda l'invio" }).click()
  await expect(desk.getByText('Serve il consenso di una persona.')).toBeVisible()
  await desk.getByRole('button', { name: 'Invia comunque' }).click()
  await desk.getByLabel('Motivo').fill('Prova del caricamento')
  await desk.getByRole('button', { name: "Acconsento all'invio" }).click()
  await desk.getByRole('button', { name: "Accoda l'invio" }).click()

  const progress = desk.getByRole('progressbar', { name: `Invio di ${name}` })
  // What this machine has handed on, and never all of it before the provider has said that it is there.
  await expect(progress).toHaveAttribute('aria-valuenow', /^[1-9]\d?(\.\d+)?$/)
  await expect(badge(desk)).toHaveText(/^Non in linea dalle \d\d:\d\d, 1 in coda$/)
  await network.heal()
  await alignNow(desk)
  await expect(desk.getByText('1 di 1 file ricevuti dal gestore')).toBeVisible()

  const offsets = network
    .heads()
    .filter((head) => UPLOAD.test(head))
    .map((head) => Number(/^upload-offset: (\d+)$/im.exec(head)?.[1]))
  expect(offsets[0]).toBe(0)
  expect(offsets.length).toBeGreaterThan(1)
  for (const offset of offsets.slice(1)) expect(offset).toBeGreaterThan(0)

  const documenti = z.array(Documento).parse(await other.list('/documenti?limit=500'))
  const arrived = documenti.filter((documento) => documento.sha256 === sha256)
  expect(arrived).toMatchObject([{ casellaId: casella.id, nomeFile: name, tipo: 'attivazione', bytes: 20 * MIB }])
  const content = await other.bytes(`/documenti/${arrived[0]?.id ?? ''}/content`)
  expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)

  await showCasella(desk, casella.indirizzo)
  await detail(desk).getByRole('tab', { name: 'Documenti' }).click()
  const listed = detail(desk).getByRole('listitem').filter({ hasText: name })
  await expect(listed).toContainText('Ricevuto')
  await expect(listed).toContainText('Richiesta di attivazione')
})

test('what is no signed document is refused in words, whatever its name says', async ({ desk }) => {
  await desk.getByRole('link', { name: 'Carica documentazione' }).click()
  await desk.getByLabel('File da caricare').setInputFiles([
    { name: 'contratto.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Solo testo.') },
    { name: 'vuoto.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) },
  ])
  const refusal = (name: string) => desk.getByRole('row').filter({ hasText: name }).getByRole('alert')
  await expect(refusal('contratto.pdf')).toHaveText(
    'Il file non è un PDF né un file firmato .p7m. Scegliere un PDF, o il file .p7m prodotto dal programma di firma.',
  )
  await expect(refusal('vuoto.pdf')).toHaveText('Il file è vuoto. Scegliere il file giusto.')
  await expect(desk.getByRole('button', { name: "Accoda l'invio" })).toBeDisabled()
  await expect(desk.getByText('Nessun file pronto')).toBeVisible()
})
