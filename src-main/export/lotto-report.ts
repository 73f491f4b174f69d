import type { ExportedFile } from '../contract/archive.ts'
import type { Lotto, RigaLottoDetail } from '../contract/lotto.ts'
import { csvLine, CSV_START } from './csv.ts'
import { italianMoment } from './italian-date.ts'
import { section, type ReportContent } from './report-content.ts'
import { documentoTipoWords, errorWhat, filled, firmaWords, lottoWords as words, operazioneWords } from './words.ts'

interface LottoReport {
  lotto: Lotto
  righe: RigaLottoDetail[]
}

/** What became of a row, in words; pure. */
export function esitoRiga(riga: RigaLottoDetail): string {
  if (riga.problema !== null) return errorWhat(riga.problema.code)
  if (riga.stato === 'inviata' && riga.operationState !== null) return operazioneWords[riga.operationState]
  const why = riga.mancanze.map((each) => words.mancanza[each]).join(', ')
  return why === '' || riga.stato === 'scartata' ? words.stato[riga.stato] : `${words.stato[riga.stato]}: ${why}`
}

const tipoOf = ({ tipo }: RigaLottoDetail): string => (tipo === null ? '' : (documentoTipoWords[tipo] ?? tipo))
const firmaOf = ({ giudizio }: RigaLottoDetail): string =>
  giudizio === null ? '' : firmaWords.giudizio[giudizio].breve
const consensoOf = ({ consenso }: RigaLottoDetail): string =>
  consenso === null ? '' : `${consenso.motivo} (${consenso.operatore}, ${italianMoment(consenso.quando)})`

function csv(righe: readonly RigaLottoDetail[]): string {
  const c = words.rapporto.colonna
  const head = [
    c.numero,
    c.file,
    c.byte,
    c.impronta,
    c.tipo,
    c.casella,
    c.titolare,
    c.firma,
    c.firmatari,
    c.confidenza,
    c.sceltaDa,
    c.esito,
    c.consenso,
    c.firmatarioPer,
  ]
  const lines = righe.map((riga) =>
    csvLine([
      riga.posizione,
      riga.nomeFile,
      riga.bytes,
      riga.sha256,
      tipoOf(riga),
      riga.indirizzo,
      riga.titolare,
      firmaOf(riga),
      riga.firmatari.join(', '),
      riga.confidenza,
      riga.confermata ? words.rapporto.persona : riga.casellaId === null ? '' : words.rapporto.programma,
      esitoRiga(riga),
      consensoOf(riga),
      riga.titoloFirmatario === null ? '' : firmaWords.titolo[riga.titoloFirmatario],
    ]),
  )
  return CSV_START + csvLine(head) + lines.join('')
}

/** Pure. */
export function lottoContent({ lotto, righe }: LottoReport): ReportContent {
  const { conteggi } = lotto
  const c = words.rapporto.colonna
  const consents = righe.filter(({ consenso }) => consenso !== null)
  return {
    title: words.rapporto.titolo,
    intro: [
      filled(words.rapporto.intro, {
        nome: lotto.nome,
        operatore: lotto.operatore,
        quando: italianMoment(lotto.creato),
      }),
    ],
    sections: [
      section(words.rapporto.riepilogo, {
        facts: [
          [words.conteggio.totale, String(conteggi.totale)],
          [words.conteggio.arrivate, String(conteggi.arrivate)],
          [words.conteggio.inCorso, String(conteggi.inviate - conteggi.arrivate - conteggi.respinte)],
          [words.conteggio.respinte, String(conteggi.respinte)],
          [words.conteggio.daDecidere, String(conteggi.daDecidere + conteggi.pronte)],
          [words.conteggio.nonValide, String(conteggi.nonValide)],
          [words.conteggio.scartate, String(conteggi.scartate)],
        ],
      }),
      section(words.rapporto.file, {
        table: {
          columns: [
            { title: c.numero, share: 5 },
            { title: c.file, share: 30 },
            { title: c.casella, share: 27 },
            { title: c.tipo, share: 14 },
            { title: c.firma, share: 11 },
            { title: c.esito, share: 13 },
          ],
          rows: righe.map((riga) => [
            String(riga.posizione),
            riga.nomeFile,
            riga.indirizzo ?? '',
            tipoOf(riga),
            firmaOf(riga),
            esitoRiga(riga),
          ]),
        },
      }),
      ...(consents.length === 0
        ? []
        : [
            section(words.rapporto.consensi, {
              table: {
                columns: [
                  { title: c.file, share: 40 },
                  { title: c.firma, share: 20 },
                  { title: c.consenso, share: 40 },
                ],
                rows: consents.map((riga) => [riga.nomeFile, firmaOf(riga), consensoOf(riga)]),
              },
            }),
          ]),
    ],
  }
}

/** What became of each file of a lotto. Holds names and addresses. */
export async function lottoReport(report: LottoReport, formato: 'csv' | 'pdf'): Promise<ExportedFile> {
  const name = `lotto-${report.lotto.nome.replaceAll(/[^a-zA-Z0-9._-]+/g, '-')}`
  const bytes =
    formato === 'csv'
      ? Buffer.from(csv(report.righe), 'utf8')
      : Buffer.from(await (await import('./report-pdf.ts')).reportPdf(lottoContent(report)))
  return {
    nomeFile: `${name}.${formato}`,
    mime: formato === 'csv' ? 'text/csv;charset=utf-8' : 'application/pdf',
    base64: bytes.toString('base64'),
    count: report.righe.length,
  }
}
