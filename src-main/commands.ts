import type { CommandHandlers } from './answer-envelope.ts'
import { CommandError } from './command-error.ts'
import { nascitaOf, suggestCap, suggestComuni } from './comuni/comuni-commands.ts'
import type { ChannelResponse } from './contract/channels.ts'
import { copiaDatiFile } from './export/copia-dati-report.ts'
import type { Environment } from './environment.ts'
import { diagnosticaHandlers } from './diagnostics-handlers.ts'
import { documentiHandlers } from './documenti-handlers.ts'
import { dominiHandlers } from './domini-handlers.ts'
import { wantedForms } from './moduli/forms/every-form.ts'
import type { OutwardNetwork } from './provider/outward-network.ts'
import { registroHandlers } from './registro-handlers.ts'
import { reteHandlers } from './rete-handlers.ts'
import type { GuardedWorkplace } from './screen-lock/guarded-workplace.ts'
import type { ScreenLock } from './screen-lock/screen-lock.ts'
import type { TrustKeeper } from './trust/trust-keeper.ts'

const SUGGESTIONS = 12

/** What each channel does. */
export function commandHandlers(
  work: GuardedWorkplace,
  environment: Pick<Environment, 'graceMs' | 'clock' | 'dataDir' | 'policy' | 'network' | 'version'>,
  trust: TrustKeeper,
  lock: ScreenLock,
  outward: OutwardNetwork,
): CommandHandlers {
  const { graceMs, clock, dataDir, policy } = environment
  const { archive, status } = work
  /** Throws CommandError `not_signed_in`. */
  function operator(): string {
    const session = archive().storedSession()
    if (session === null) throw new CommandError('not_signed_in', 'nobody has signed in')
    return session.operatore.id
  }
  const settingsOf = (): ChannelResponse<'settings.get'> => ({
    settings: archive().settings.of(operator()),
    sendFixedMs: graceMs,
  })
  return {
    'app.status': () => status(),
    'app.focused': () => {
      work.hint()
      return {}
    },
    'policy.get': () => policy,
    ...reteHandlers(outward, () => status().provider?.url ?? policy.providerUrl, environment),
    'trust.state': () => trust.state(),
    'trust.refresh': () => {
      void trust.refresh()
      return trust.state()
    },
    'demo.start': () => work.startDemo(),
    'session.login': (body) => work.login(body),
    'session.logout': ({ confirmed }) => work.logout(confirmed),
    'archive.unlock': ({ passphrase }) => work.unlock(passphrase),
    'lock.state': () => lock.state(),
    'lock.setPin': ({ pin, current }) => lock.setPin(pin, current),
    'lock.removePin': ({ current }) => lock.removePin(current),
    'lock.settings': (settings) => lock.settings(settings),
    'lock.now': () => {
      lock.now()
      return status()
    },
    'lock.open': async ({ pin }) => {
      await lock.open(pin)
      return status()
    },
    'lock.openWithKey': ({ lines }) => work.openLockWithKey(lines),
    'lock.active': () => {
      lock.active()
      return {}
    },
    'archive.state': () => work.care.state(),
    'archive.retry': () => work.retry(),
    'archive.copy': () => work.care.copy(),
    'archive.cancelCopy': () => work.care.cancelCopy(),
    'archive.restore': ({ id }) => work.care.restore(id),
    'archive.startAnew': ({ confirmation, unsent }) => work.care.startAnew(confirmation, unsent),
    'archive.exportUnsent': ({ format }) => work.care.exportUnsent(format),
    'archive.printRecoveryKey': () => work.care.printRecoveryKey(),
    'archive.recoverKey': ({ lines, passphrase }) => work.care.recoverKey(lines, passphrase),
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
    'caselle.ids': (request) => ({ ids: archive().caselleList.ids(request) }),
    'caselle.actOnMany': ({ action, target }) => archive().manyCaselle.act(action, target),
    'esporta.columns': ({ list, tabella }) => ({ columns: archive().exports.columns(list, tabella) }),
    'esporta.begin': (request) => archive().exports.begin(request),
    'esporta.part': ({ jobId }) => archive().exports.part(jobId),
    'esporta.stop': async ({ jobId }) => {
      await archive().exports.stop(jobId)
      return {}
    },
    'caselle.tipologie': () => ({ tipologie: archive().caselle.tipologie() }),
    'caselle.get': ({ id }) => archive().casellaCommands.get(id),
    'caselle.update': (request) => archive().casellaCommands.update(request),
    'caselle.create': (request) => archive().casellaCreation.create(request),
    'caselle.createMany': ({ rows, bozzaId }) => archive().casellaCreation.createMany(rows, bozzaId),
    'caselle.checkName': (request) => archive().casellaCommands.checkName(request),
    'caselle.suggest': ({ search }) => ({ rows: archive().caselleList.suggest(search, SUGGESTIONS) }),
    'titolari.list': (request) => archive().titolariList(request),
    'titolari.get': ({ id }) => archive().titolareDetail(id),
    'titolari.duplicates': () => ({ gruppi: archive().doppioni() }),
    'titolari.findByCodiceFiscale': ({ codiceFiscale }) => ({ rows: archive().titolari.findByCodice(codiceFiscale) }),
    'comuni.suggest': ({ nome }) => suggestComuni(nome),
    'comuni.cap': (asked) => suggestCap(asked),
    'comuni.nascita': async ({ codiceFiscale }) => ({
      nascita: await nascitaOf(codiceFiscale, new Date(clock.now()).getFullYear()),
    }),
    ...dominiHandlers(archive, operator),
    'documenti.list': ({ casellaId }) => ({ rows: archive().documentoCommands.list(casellaId) }),
    'documenti.attach': ({ casellaId, tipo, depositoIds, decisioni }) =>
      archive().documentoCommands.attach(casellaId, tipo, depositoIds, decisioni),
    'documenti.discard': ({ id }) => {
      archive().documentoCommands.discard(id)
      return {}
    },
    'scadenze.overview': ({ dominioId }) => archive().scadenze.overview(dominioId),
    'scadenze.list': (request) => archive().scadenze.list(request),
    'scadenze.ics': (request) => archive().scadenze.ics(request),
    'activity.list': (request) => archive().activity.list(request),
    'activity.seen': ({ upTo }) => {
      archive().activity.seen(upTo)
      return {}
    },
    ...registroHandlers(archive),
    ...documentiHandlers(archive),
    'registroOperatori.list': ({ offset, limit }) => archive().atti.list(offset, limit),
    'registroOperatori.export': ({ formato }) => archive().atti.export(formato),
    ...diagnosticaHandlers(work, { dataDir, clock }),
    'titolari.copy': async (request) => {
      const { copia, titolareId } = await archive().copiaDati(request)
      return copiaDatiFile(copia, titolareId, request.scopo, request.formato)
    },
    'accessi.list': ({ offset, limit }) => archive().accessi.list(offset, limit),
    'report.cruscotto': () => archive().report.cruscotto(),
    'report.dati': () => archive().report.dati(),
    'report.lettura': ({ richiesta, chiedi }) => archive().letture.leggi(richiesta, chiedi),
    'report.dettaglio': (request) => archive().letture.dettaglio(request),
    'report.slaLocale': ({ from, to }) => archive().report.slaLocale(from, to),
    'report.slaMesi': (request) => archive().slaMesi(request),
    'report.previsioni': () => archive().report.previsioni(),
    'reportSalvati.list': () => ({ salvati: archive().reportSalvati.list() }),
    'reportSalvati.save': (salvato) => ({ salvati: archive().reportSalvati.save(salvato) }),
    'reportSalvati.remove': ({ id }) => ({ salvati: archive().reportSalvati.remove(id) }),
    'moduli.offered': () => ({ kinds: archive().moduli.offered() }),
    'moduli.wanted': ({ casellaId }) => {
      const { moduli, documentale } = archive()
      return { kinds: wantedForms(moduli.offered(), documentale.checklist(casellaId)) }
    },
    'moduli.print': ({ kind, casellaId }) => archive().moduli.print(kind, casellaId),
    'moduli.list': ({ casellaId }) => ({ rows: archive().moduli.list(casellaId) }),
    'moduli.match': ({ code }) => ({ modulo: archive().moduli.match(code) }),
    'moduli.begin': ({ kind, target, format }) => archive().manyModuli.begin(kind, target, format),
    'moduli.part': ({ jobId }) => archive().manyModuli.part(jobId),
    'outbox.list': ({ view, group, offset, limit }) => archive().outbox.list(view, group, offset, limit),
    'outbox.get': ({ id }) => archive().outbox.get(id),
    'outbox.cancel': ({ id }) => archive().outbox.cancel(id),
    'outbox.retry': ({ id }) => archive().outbox.retry(id),
    'outbox.resolve': ({ id, choice, keepMine, edited }) => archive().outbox.resolve(id, choice, { keepMine, edited }),
    'outbox.groups': ({ view }) => archive().outbox.groups(view),
    'outbox.actOnMany': (request) => archive().outbox.actOnMany(request),
    'outbox.release': ({ ids, except }) => archive().outbox.release(ids, except),
    'outbox.progress': ({ jobId }) => archive().manyCaselle.progress(jobId) ?? archive().outbox.progress(jobId),
    'outbox.stopMany': ({ jobId }) => archive().manyCaselle.stop(jobId) ?? archive().outbox.stopMany(jobId),
    'outbox.undoMany': ({ jobId }) => archive().manyCaselle.undo(jobId) ?? archive().outbox.undoMany(jobId),
    'outbox.evidence': ({ id }) => archive().outbox.evidence(id),
    'outbox.declare': ({ id, outcome }) => archive().outbox.declare(id, outcome),
    'outbox.takeOver': ({ id, expected }) => archive().outbox.takeOver(id, expected),
    'settings.get': settingsOf,
    'settings.set': (settings) => {
      archive().settings.write(operator(), settings)
      return settingsOf()
    },
    'viste.list': () => ({ viste: archive().viste.list() }),
    'viste.save': (vista) => ({ viste: archive().viste.save(vista) }),
    'viste.remove': ({ id }) => ({ viste: archive().viste.remove(id) }),
    'drafts.list': ({ kind, limit }) => ({ rows: archive().bozze.list(kind, limit) }),
    'drafts.save': (bozza) => archive().bozze.save(bozza),
    'drafts.get': ({ id }) => archive().bozze.get(id),
    'drafts.remove': ({ id }) => {
      archive().bozze.remove(id)
      return {}
    },
  }
}
