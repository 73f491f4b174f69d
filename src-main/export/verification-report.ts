import type { ExportedFile } from '../contract/archive.ts'
import type { VerificaDocumento } from '../contract/documenti-channels.ts'
import { avvisiInOrdine, type Firma, type MarcaTemporale } from '../contract/verifica.ts'
import { italianDate, italianMoment } from './italian-date.ts'
import { section, type ReportContent, type ReportSection } from './report-content.ts'
import { filled, firmaWords as words } from './words.ts'

const said = (value: string | null): string => value ?? words.rapporto.ignoto
const moment = (iso: string | null): string => (iso === null ? words.rapporto.ignoto : italianMoment(iso))

function markFacts(marca: MarcaTemporale): string {
  const reason = marca.reason === null ? '' : `. ${words.motivo[marca.reason].che}`
  return `${moment(marca.time)}, ${said(marca.authority)}: ${words.integrita[marca.integrity].toLowerCase()}${reason}`
}

function firmaSection(firma: Firma): ReportSection {
  const { rapporto } = words
  const { certificate, trust } = firma
  const title = filled(firma.kind === 'countersignature' ? rapporto.controfirma : rapporto.firma, { n: firma.id })
  const facts: [string, string][] = [
    [rapporto.firmatario, said(firma.signer)],
    [rapporto.codiceFiscale, said(firma.codiceFiscale)],
  ]
  if (firma.organization !== null) facts.push([rapporto.organizzazione, firma.organization])
  const source = firma.signingTimeSource === null ? '' : `, ${words.data[firma.signingTimeSource]}`
  facts.push(
    [rapporto.dataFirma, `${moment(firma.signingTime)}${source}`],
    [rapporto.integrita, words.integrita[firma.integrity]],
    [rapporto.algoritmo, said(firma.algorithm)],
  )
  if (certificate !== null)
    facts.push(
      [rapporto.certificato, certificate.subject],
      [rapporto.emesso, certificate.issuer],
      [rapporto.validita, `${italianDate(certificate.notBefore)} – ${italianDate(certificate.notAfter)}`],
    )
  const list =
    trust.list === null ? '' : ` (${trust.list.territory}, ${trust.list.sequence}, ${italianDate(trust.list.issued)})`
  facts.push(
    [rapporto.attendibilita, `${words.fiducia[trust.state]}${list}`],
    [rapporto.revoca, words.revoca[trust.revocation]],
  )
  if (firma.changesAfterSigning.length > 0)
    facts.push([rapporto.modifiche, firma.changesAfterSigning.map((each) => words.cambiamento[each]).join(', ')])
  if (firma.timestamp !== null) facts.push([rapporto.marca, markFacts(firma.timestamp)])
  const reason = firma.reason === null ? [] : [`${words.motivo[firma.reason].che} ${words.motivo[firma.reason].fare}`]
  return section(title, { facts, paragraphs: [...reason, ...firma.warnings.map((each) => words.avviso[each])] })
}

/** What is told of one document, in the order in which a person asks; pure. */
export function verificationContent(seen: VerificaDocumento): ReportContent {
  const { rapporto } = words
  const { verifica } = seen
  const judged = words.giudizio[seen.giudizio]
  const { primi, altri } = avvisiInOrdine(verifica.warnings)
  const facts: [string, string][] = [
    [rapporto.file, seen.nomeFile],
    [rapporto.dimensione, new Intl.NumberFormat('it-IT', { useGrouping: 'always' }).format(seen.bytes)],
    [rapporto.impronta, seen.sha256],
    [rapporto.verificato, italianMoment(verifica.verifiedAt)],
    [rapporto.perche, judged.perche],
    [rapporto.fare, judged.fare],
  ]
  if (seen.confronto !== null)
    facts.push([rapporto.titolareCasella, `${said(seen.titolare)}: ${words.confronto[seen.confronto]}`])
  if (verifica.content !== null)
    facts.push([rapporto.contenuto, `${verifica.content.format}, ${verifica.content.bytes}`])
  const marks = verifica.documentTimestamps
  return {
    title: rapporto.titolo,
    intro: [judged.titolo],
    sections: [
      section(rapporto.esito, { facts, paragraphs: [...primi, ...altri].map((each) => words.avviso[each]) }),
      ...verifica.signatures.map(firmaSection),
      ...(verifica.signatures.length === 0 ? [section(rapporto.firme, { paragraphs: [rapporto.nessunaFirma] })] : []),
      ...(marks.length === 0 ? [] : [section(rapporto.marche, { paragraphs: marks.map(markFacts) })]),
    ],
  }
}

/** The report of one document's verification, for the file of whoever has to show it. */
export async function verificationReport(seen: VerificaDocumento, formato: 'pdf' | 'json'): Promise<ExportedFile> {
  const name = `verifica-${seen.nomeFile.replaceAll(/[^a-zA-Z0-9._-]/g, '-')}`
  switch (formato) {
    case 'json':
      return {
        nomeFile: `${name}.json`,
        mime: 'application/json',
        base64: Buffer.from(
          JSON.stringify(
            {
              nomeFile: seen.nomeFile,
              giudizio: seen.giudizio,
              testo: words.giudizio[seen.giudizio].titolo,
              confrontoConTitolare: seen.confronto,
              verifica: seen.verifica,
            },
            null,
            2,
          ),
        ).toString('base64'),
        count: seen.verifica.signatures.length,
      }
    case 'pdf':
      return {
        nomeFile: `${name}.pdf`,
        mime: 'application/pdf',
        base64: Buffer.from(await (await import('./report-pdf.ts')).reportPdf(verificationContent(seen))).toString(
          'base64',
        ),
        count: seen.verifica.signatures.length,
      }
  }
}
