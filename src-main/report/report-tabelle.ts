import { romeDay } from '../caselle/rome-day.ts'
import { CommandError } from '../command-error.ts'
import { NO_ASSISTENTE } from '../contract/casella.ts'
import { semestreOf } from '../contract/costs.ts'
import type { ExportColumn } from '../contract/esportazione.ts'
import type { Lettura, LetturaRequest } from '../contract/report.ts'
import {
  tabellaHaPeriodo,
  periodoNelNome,
  reportDi,
  type ReportSubject,
  type TabellaReport,
} from '../contract/report-tabelle.ts'
import { giorniDi, parsePeriodo, periodoPrima } from '../contract/rules/periodo.ts'
import { type ExportRow, OMITTED } from '../export/export-table.ts'
import type { ExportSource } from '../export/export-commands.ts'
import { italianDate, italianMoment } from '../export/italian-date.ts'
import { filled, reportWords, statisticheWords } from '../export/words.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { RigaCasella } from '../provider-contract/report.ts'
import type { Ruolo } from '../provider-contract/session.ts'
import type { LetturaCommands } from './lettura-commands.ts'
import type { ReportCommands } from './report-commands.ts'
import { slaMesi } from './sla-mesi.ts'
import {
  righeAssistenti,
  righeEnti,
  righeMessaggi,
  righeNelTempo,
  righeSpazio,
  righeStatistiche,
  righeTipologie,
} from './tabelle/tabelle-caselle.ts'
import { nomeSemestre, righeCosti, righeCostiEnti } from './tabelle/tabelle-costi.ts'
import {
  righeAssistenza,
  righeAttivazioni,
  righeAttivazioniMese,
  righeDisponibilita,
  righeDisponibilitaMesi,
  righeRiempimento,
  righeScadenze,
  righeVerifiche,
} from './tabelle/tabelle-servizio.ts'
import { tabellaColumns, tabellaTitles } from './tabelle/tabella-columns.ts'

type Che = LetturaRequest['che']
type DatiDi<K extends Che> = NonNullable<Extract<Lettura, { che: K }>['lettura']['dati']>

/** Pages of the detail that are asked for, at most: as many caselle as a provider may have. */
const MOST_PAGES = 10_000

export interface ReportPorts {
  report: ReportCommands
  letture: LetturaCommands
  /** Throws CommandError `not_signed_in`. */
  capabilities(): Capabilities
  ruolo(): Ruolo | null
  /** Milliseconds since the epoch. */
  now(): number
}

/**
 * A table of a report as its screen shows it, ready to leave as a file. What only the provider knows is read anew where
 * it can be reached, else it is what was kept. Throws CommandError `provider_unreachable` where nothing was kept, or
 * whatever the provider answers.
 */
export async function reportSource(ports: ReportPorts, subject: ReportSubject): Promise<ExportSource> {
  const { tabella } = subject
  const { report, letture, now } = ports
  const oggi = romeDay(now())
  const periodo = parsePeriodo(subject.periodo, oggi)
  const giorni = giorniDi(periodo)
  const semestre = semestreOf(giorni.to)
  let letta: string | null = null
  const seen = (at: string | null): void => {
    if (at !== null && (letta === null || at < letta)) letta = at
  }

  /** Throws CommandError. */
  async function read<K extends Che>(richiesta: Extract<LetturaRequest, { che: K }>): Promise<DatiDi<K>> {
    const { lettura } = await letture.leggi(richiesta, true)
    if (lettura.dati === null) throw new CommandError('provider_unreachable', `${richiesta.che} was never read`)
    seen(lettura.letta)
    // The answer to a question is of its kind.
    return lettura.dati as DatiDi<K>
  }
  const everything = { from: null, to: null }

  async function rows(): Promise<ExportRow[]> {
    switch (tabella) {
      case 'statistiche':
        return righeStatistiche(report.cruscotto(), ports.ruolo() === 'assistente')
      case 'tipologie':
        return righeTipologie(report.dati(), periodo)
      case 'assistenti':
        return righeAssistenti(report.dati(), await read<'assistenti'>({ che: 'assistenti', ...giorni }))
      case 'nelTempo':
        return righeNelTempo(report.dati(), giorni)
      case 'messaggi': {
        const { traffico } = await read<'generali'>({ che: 'generali', ...giorni })
        const before = await read<'generali'>({ che: 'generali', ...giorniDi(periodoPrima(periodo)) })
        return righeMessaggi(traffico, before.traffico)
      }
      case 'messaggiMese': {
        const from = `${Number(giorni.to.slice(0, 4)) - 1}-01-01`
        const { mesi } = await read<'mesi'>({ che: 'mesi', from, to: giorni.to })
        return mesi.map(({ mese, msgIn, msgOut }) => [mese, msgIn, msgOut])
      }
      case 'spazioAssistenti':
        return righeSpazio(await read<'assistenti'>({ che: 'assistenti', ...giorni }))
      case 'costiVoce':
      case 'costiTipologia':
      case 'costiDominio':
      case 'costiSemestri':
      case 'costiPrevisione':
      case 'costiIpotesi':
        return righeCosti(tabella, report.dati(), ports.capabilities(), semestre, subject.quantita)
      case 'costiEnti':
        return righeCostiEnti(await read<'costi'>({ che: 'costi', semestre }))
      case 'disponibilita':
        return righeDisponibilita(await read<'sla'>({ che: 'sla', ...giorni }))
      case 'disponibilitaMesi': {
        const told = await slaMesi(letture, { ...giorni, oggi }, true)
        if (told.letta === null) throw new CommandError('provider_unreachable', 'no month was ever read')
        seen(told.letta)
        return righeDisponibilitaMesi(told.mesi)
      }
      case 'assistenza':
        return righeAssistenza(report.slaLocale(giorni.from, giorni.to), new Date(now()).toISOString())
      case 'attivazioni':
        return righeAttivazioni(report.slaLocale(giorni.from, giorni.to), ports.capabilities().attivazioneGiorni)
      case 'siRiempiono':
        return righeRiempimento(report.previsioni())
      case 'scadenzeMese':
        return righeScadenze(report.previsioni())
      case 'attivazioniMese':
        return righeAttivazioniMese(report.previsioni())
      case 'verifiche':
        return righeVerifiche(
          report.dati(),
          await read<'generali'>({ che: 'generali', ...everything }),
          await read<'assistenti'>({ che: 'assistenti', ...everything }),
          ports.ruolo() === 'aggregatore' ? await read<'enti'>({ che: 'enti', ...everything }) : null,
        )
      case 'enti':
        return righeEnti(await read<'enti'>({ che: 'enti', ...giorni }))
      case 'dettaglio':
        return dettaglio()
    }
  }

  /** D95, D100: page by page, as the provider has them. */
  async function dettaglio(): Promise<ExportRow[]> {
    const { enteId, tipologia } = subject
    const assistenteId = subject.assistenteId === NO_ASSISTENTE ? '' : subject.assistenteId
    const found: RigaCasella[] = []
    let cursor: string | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const told: { righe: RigaCasella[]; cursor: string | null } = await letture.dettaglio({
        enteId,
        assistenteId,
        tipologia,
        ...giorni,
        cursor,
      })
      found.push(...told.righe)
      cursor = told.cursor
      if (cursor === null) break
    }
    seen(new Date(now()).toISOString())
    return found.map((riga) => [
      riga.indirizzo,
      riga.inserita,
      riga.scadenza,
      riga.tipologia,
      riga.attiva,
      riga.cancellata,
      riga.contratto,
      riga.sospesa,
      riga.msgIn,
      riga.msgOut,
      riga.inboxMb,
      riga.archivioMb,
      riga.id,
    ])
  }

  const all = await rows()
  const places = new Map(tabellaColumns[tabella].map(({ key }, at) => [key, at]))
  return {
    title: tabellaTitles[tabella],
    nome: nomeOf(tabella, tabellaHaPeriodo(tabella) ? periodoNelNome(periodo) : oggi),
    note: noteOf(),
    total: all.length,
    csv: null,
    async *rows(columns: readonly ExportColumn[], personal: boolean) {
      yield await Promise.resolve(
        all.map((row) =>
          columns.map((column): ExportRow[number] =>
            column.personal && !personal ? OMITTED : (row[places.get(column.key) ?? -1] ?? null),
          ),
        ),
      )
    },
  }

  /** What the file says of itself: of which days, half-year and contract it is, and when it was read. */
  function noteOf(): string {
    const { tabella: w } = reportWords
    const parts: string[] = []
    const isCosti = reportDi(tabella) === 'costi'
    if (!tabellaHaPeriodo(tabella)) parts.push(filled(w.del, { giorno: italianDate(oggi) }))
    else if (isCosti) parts.push(filled(w.semestre, { nome: nomeSemestre(semestre) }))
    else parts.push(filled(w.periodo, { dal: italianDate(giorni.from), al: italianDate(giorni.to) }))
    const cig = isCosti ? (ports.capabilities().contratto?.cig ?? null) : null
    if (cig !== null) parts.push(filled(w.cig, { cig }))
    if (tabella === 'dettaglio') {
      const { assistenteId, tipologia } = subject
      const assistenti = report.dati().assistenti
      if (assistenteId !== null) {
        const known = assistenti.find(({ id }) => id === assistenteId)?.nome
        parts.push(filled(w.assistente, { nome: known ?? statisticheWords.diretta }))
      }
      if (tipologia !== null) parts.push(filled(w.tipologia, { nome: tipologia }))
    }
    if (letta !== null) parts.push(filled(w.letta, { quando: italianMoment(letta) }))
    return parts.join('. ')
  }
}

/** `costi-per-tipologia-2026-s1`: small letters and figures, as every system takes them. Pure. */
function nomeOf(tabella: TabellaReport, when: string): string {
  const slug = tabellaTitles[tabella]
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `${slug}-${when}`
}
