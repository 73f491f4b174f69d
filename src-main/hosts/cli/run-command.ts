import type { ConnectionState, Phase, Status } from '../../contract/status.ts'
import type { Core } from '../../core.ts'
import { italianMoment } from '../../export/italian-date.ts'
import { givenPath } from '../node/given-path.ts'
import { align } from './align.ts'
import { CliError } from './cli-error.ts'
import type { Command } from './command-line.ts'
import { status, waitUntil } from './core-call.ts'
import { exitCodes } from './exit-code.ts'
import { exportList } from './export-list.ts'
import { signedIn, signIn, unlock } from './sign-in.ts'
import { writeForms } from './write-forms.ts'
import { writeReport } from './write-report.ts'
import { folderExitCode, uploadFolder, type FolderFile } from './upload-folder.ts'
import { upload, type UploadedFile, type UploadOutcome } from './upload.ts'

/** What a command has to say: as data for `--json`, as text for a person; null when the output was the result itself. */
export interface CommandResult {
  exitCode: number
  data: object
  text: string | null
}

const phases: Record<Phase, string> = {
  first_run: 'Nessun gestore configurato.',
  blocked: 'L’archivio non si può aprire: aprire il programma, che dice come uscirne.',
  locked: 'L’archivio è chiuso da una frase segreta.',
  screen_locked: 'Lo schermo del programma è bloccato da un PIN.',
  signed_out: 'Nessun operatore ha effettuato l’accesso.',
  ready: 'Archivio aperto.',
}
const connections: Record<ConnectionState, string> = {
  aligned: 'allineato',
  aligning: 'allineamento in corso',
  offline: 'non in linea',
  session_expired: 'sessione scaduta',
  intercepted: 'un apparato della rete risponde al posto del gestore',
  never_aligned: 'mai allineato',
  error: 'ultimo allineamento non riuscito',
}
const outcomes: Record<UploadOutcome, string> = {
  settled: 'caricato',
  already_there: 'già caricato per questa casella',
  not_valid:
    'non inviato: la firma non è valida o manca, o serve una password (con --consenso MOTIVO si invia ugualmente)',
  acknowledged: 'ricevuto dal gestore, in attesa di conferma',
  pending: 'in coda, non ancora inviato',
  in_flight: 'in corso di invio',
  uncertain: 'esito incerto, in verifica',
  conflict: 'in conflitto: da decidere nel programma',
  rejected: 'rifiutato dal gestore',
  needs_review: 'da rivedere nel programma',
  cancelled: 'annullato',
}

function statusText(seen: Status): string {
  const when = seen.lastAlignedAt === null ? '' : `, ultimo allineamento ${italianMoment(seen.lastAlignedAt)}`
  const lines = [phases[seen.phase]]
  if (seen.provider !== null) lines.push(`Gestore: ${seen.provider.nome || seen.provider.url}`)
  if (seen.phase === 'ready')
    lines.push(
      `Stato: ${connections[seen.connection]}${when}`,
      `Caselle ${seen.counts.caselle}, titolari ${seen.counts.titolari}, domini ${seen.counts.domini}`,
      `In coda ${seen.pending}, da decidere ${seen.needsYou}`,
    )
  return lines.join('\n')
}

async function sync(core: Core, options: Command['options']): Promise<CommandResult> {
  await signedIn(core, options)
  const done = await align(core, options)
  const seen = await waitUntil(
    core,
    options.timeoutMs,
    () => status(core),
    ({ pending, connection }) => pending === 0 || ['offline', 'intercepted', 'session_expired'].includes(connection),
  )
  const data = {
    aligned: done.lastAlignedAt,
    caselle: seen.counts.caselle,
    titolari: seen.counts.titolari,
    pending: seen.pending,
    needsYou: seen.needsYou,
  }
  const text = `Allineato: caselle ${data.caselle}, titolari ${data.titolari}. In coda ${data.pending}, da decidere ${data.needsYou}.`
  const left = data.pending > 0 ? exitCodes.failed : exitCodes.done
  return { exitCode: data.needsYou > 0 ? exitCodes.needsPerson : left, data, text }
}

function uploadExitCode(files: readonly UploadedFile[]): number {
  const all = new Set(files.map(({ outcome }) => outcome))
  if (all.has('conflict') || all.has('needs_review') || all.has('rejected') || all.has('not_valid'))
    return exitCodes.needsPerson
  return files.every(({ outcome }) => outcome === 'settled' || outcome === 'already_there')
    ? exitCodes.done
    : exitCodes.failed
}

const folderOutcomes: Record<FolderFile['outcome'], string> = {
  sent: 'caricato',
  ready: 'pronto',
  needs_person: 'da decidere nel programma',
  invalid: 'non valido',
  already_there: 'già caricato per questa casella',
  refused: 'rifiutato dal gestore',
  not_arrived: 'non ancora arrivato',
}

function folderText(files: readonly FolderFile[]): string {
  const lines = files.map(({ file, outcome, casella, confidence }) => {
    const where = casella === null ? '' : ` (${casella}${confidence === null ? '' : `, ${confidence}`})`
    return `${file}: ${folderOutcomes[outcome]}${where}`
  })
  const sums = (Object.keys(folderOutcomes) as FolderFile['outcome'][]).flatMap((outcome) => {
    const n = files.filter((each) => each.outcome === outcome).length
    return n === 0 ? [] : [`${folderOutcomes[outcome]} ${n}`]
  })
  return [...lines, `File ${files.length}: ${sums.join(', ')}`].join('\n')
}

/** Runs one command over a core. Throws CliError, or the system's errors. */
export async function runCommand(core: Core, command: Command): Promise<CommandResult> {
  switch (command.name) {
    case 'status': {
      const seen = await unlock(core)
      return { exitCode: exitCodes.done, data: seen, text: statusText(seen) }
    }
    case 'sync':
      return sync(core, command.options)
    case 'upload': {
      const seen = await signedIn(core, command.options)
      if (seen.lastAlignedAt === null) await align(core, command.options)
      const files = await upload(core, command, command.options.timeoutMs)
      const text = files.map(({ file, outcome }) => `${file}: ${outcomes[outcome]}`).join('\n')
      return { exitCode: uploadExitCode(files), data: { files }, text }
    }
    case 'upload-folder': {
      const seen = await signedIn(core, command.options)
      if (seen.lastAlignedAt === null) await align(core, command.options)
      const folder = givenPath(command.folder)
      const result = await uploadFolder(core, { ...command, folder }, command.options.timeoutMs)
      const exitCode = folderExitCode(result.files, command.dryRun)
      return { exitCode, data: result, text: folderText(result.files) }
    }
    case 'report': {
      const current = await unlock(core)
      // The gestore di prova that an earlier command started has gone with it.
      const isReady = current.phase === 'ready' && !command.options.demo
      const seen = isReady ? current : await signedIn(core, command.options)
      if (seen.lastAlignedAt === null) await align(core, command.options)
      const asked = { ...command.asked, out: givenPath(command.asked.out) }
      const files = await writeReport(core, asked).catch(async (cause: unknown) => {
        if (!(cause instanceof CliError) || cause.code !== 'session_expired') throw cause
        await signIn(core, command.options, await status(core))
        return writeReport(core, asked)
      })
      const text = files.map(({ file, righe }) => `${file}: righe ${righe}`).join('\n')
      return { exitCode: exitCodes.done, data: { files }, text }
    }
    case 'form': {
      const current = await unlock(core)
      const seen = current.phase === 'ready' ? current : await signedIn(core, command.options)
      if (seen.lastAlignedAt === null) await align(core, command.options)
      const out = givenPath(command.asked.out)
      const made = await writeForms(core, { ...command.asked, out })
      const lines = made.forms.map(({ code, indirizzo }) => `${indirizzo}: ${code}`)
      const left = made.skipped === 0 ? '' : `, caselle eliminate saltate ${made.skipped}`
      const text = [...lines, `Moduli ${made.forms.length}${left}, in ${made.file} (contiene dati personali)`].join(
        '\n',
      )
      return { exitCode: exitCodes.done, data: made, text }
    }
    case 'export': {
      const current = await unlock(core)
      const seen = current.phase === 'ready' ? current : await signedIn(core, command.options)
      if (seen.lastAlignedAt === null) await align(core, command.options)
      const { asked } = command
      const out = asked.out === '-' ? '-' : givenPath(asked.out)
      const rows = await exportList(core, { ...asked, out })
      const text = out === '-' ? null : `Righe esportate (${asked.list}): ${rows}, in ${out}`
      return { exitCode: exitCodes.done, data: { [asked.list]: rows, file: out }, text }
    }
  }
}
