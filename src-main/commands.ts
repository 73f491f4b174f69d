import type { CommandHandlers } from './answer-envelope.ts'
import { titolareDetail } from './titolari/titolare-commands.ts'
import type { Workplace } from './workplace.ts'

const SUGGESTIONS = 12

/** What each channel does. */
export function commandHandlers(work: Workplace): CommandHandlers {
  const { archive, status } = work
  return {
    'app.status': () => status(),
    'demo.start': () => work.startDemo(),
    'session.login': (body) => work.login(body),
    'session.logout': ({ confirmed }) => work.logout(confirmed),
    'archive.unlock': ({ passphrase }) => work.unlock(passphrase),
    'provider.capabilities': () => archive().capabilities(),
    'sync.start': () => {
      void archive().sync.run()
      return status()
    },
    'sync.cancel': () => {
      archive().sync.cancel()
      return status()
    },
    'caselle.list': (request) => archive().caselleList.page(request),
    'caselle.get': ({ id }) => archive().casellaCommands.get(id),
    'caselle.update': (request) => archive().casellaCommands.update(request),
    'caselle.create': (request) => archive().casellaCommands.create(request),
    'caselle.checkName': (request) => archive().casellaCommands.checkName(request),
    'caselle.suggest': ({ search }) => ({ rows: archive().caselleList.suggest(search, SUGGESTIONS) }),
    'titolari.list': (request) => archive().titolariList(request),
    'titolari.get': ({ id }) => {
      const { titolari, caselle, operations } = archive()
      return titolareDetail(id, titolari, {
        caselle: (titolareId) => caselle.rowsOfTitolare(titolareId),
        serverIdOf: (localId) => operations.serverIdOf(localId),
      })
    },
    'titolari.findByCodiceFiscale': ({ codiceFiscale }) => ({ rows: archive().titolari.findByCodice(codiceFiscale) }),
    'domini.list': () => {
      const { domini, caselle } = archive()
      const counts = caselle.countsBy('dominio_id')
      return {
        rows: domini
          .domini()
          .map((dominio) => ({ ...dominio, ...(counts.get(dominio.id) ?? { caselle: 0, attive: 0 }) })),
      }
    },
    'assistenti.list': () => {
      const { domini, caselle } = archive()
      const counts = caselle.countsBy('assistente_id')
      return {
        rows: domini
          .assistenti()
          .map((assistente) => ({ ...assistente, ...(counts.get(assistente.id) ?? { caselle: 0, attive: 0 }) })),
      }
    },
    'documenti.list': ({ casellaId }) => ({ rows: archive().documentoCommands.list(casellaId) }),
    'documenti.attach': ({ casellaId, tipo, depositoIds }) =>
      archive().documentoCommands.attach(casellaId, tipo, depositoIds),
    'documenti.discard': ({ id }) => {
      archive().documentoCommands.discard(id)
      return {}
    },
    'outbox.list': ({ view, offset, limit }) => archive().outbox.list(view, offset, limit),
    'outbox.get': ({ id }) => archive().outbox.get(id),
    'outbox.cancel': ({ id }) => archive().outbox.cancel(id),
    'outbox.retry': ({ id }) => archive().outbox.retry(id),
    'outbox.resolve': ({ id, choice, keepMine }) => archive().outbox.resolve(id, choice, keepMine),
  }
}
