import type { CommandHandlers } from './answer-envelope.ts'
import type { DocumentiArchive } from './archive/documenti-archive.ts'
import type { documentiChannels } from './contract/documenti-channels.ts'
import { lottoReport } from './export/lotto-report.ts'
import { verificationReport } from './export/verification-report.ts'

/** What each channel of `documentiChannels` does. */
export function documentiHandlers(
  open: () => { documentale: DocumentiArchive },
): Pick<CommandHandlers, keyof typeof documentiChannels> {
  const documenti = () => open().documentale
  const lotti = () => documenti().lotti
  return {
    'documenti.all': (request) => documenti().elenco(request),
    'documenti.checklist': ({ casellaId }) => ({ voci: documenti().checklist(casellaId) }),
    'documenti.fetch': ({ id }) => documenti().reading.fetch(id),
    'documenti.inspect': ({ depositoId, casellaId }) => documenti().reading.inspect(depositoId, casellaId),
    'documenti.part': ({ depositoId, contenuto, offset, length }) =>
      documenti().reading.part(depositoId, contenuto, offset, length),
    'documenti.verificationReport': async ({ depositoId, casellaId, formato }) =>
      verificationReport(await documenti().reading.inspect(depositoId, casellaId), formato),
    'documenti.copies': () => documenti().copies.state(),
    'documenti.keepCopies': ({ giorni }) => documenti().copies.keep(giorni),
    'documenti.purgeCopies': () => documenti().copies.purge(),
    'lotti.list': () => ({ lotti: lotti().list() }),
    'lotti.get': ({ id }) => lotti().get(id),
    'lotti.create': ({ nome }) => lotti().create(nome),
    'lotti.addFiles': ({ lottoId, files }) => lotti().addFiles(lottoId, files),
    'lotti.arrived': (request) => {
      lotti().arrived(request)
      return {}
    },
    'lotti.rows': (request) => lotti().rows(request),
    'lotti.ids': (request) => ({ ids: lotti().ids(request) }),
    'lotti.row': ({ id }) => lotti().row(id),
    'lotti.decide': ({ lottoId, righe, decisione }) => lotti().decide(lottoId, righe, decisione),
    'lotti.threshold': ({ id, soglia }) => lotti().threshold(id, soglia),
    'lotti.send': ({ id }) => lotti().send(id),
    'lotti.pause': ({ id }) => lotti().pause(id),
    'lotti.retry': ({ id }) => lotti().retry(id),
    'lotti.remove': ({ id }) => {
      lotti().remove(id)
      return {}
    },
    'lotti.report': ({ id, formato }) => lottoReport(lotti().report(id), formato),
  }
}
