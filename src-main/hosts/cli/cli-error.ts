import { ErrorCode, type ErrorDetails } from '../../contract/error.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'

/** A command that ends badly: what the person reads, the code that a script reads, and how the process ends. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: string
  readonly exitCode: number
  constructor(code: string, message: string, exitCode: number) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}

/** What the command line was given wrongly. */
export function usageError(message: string): CliError {
  return new CliError('usage', message, exitCodes.usage)
}

const words: Partial<Record<ErrorCode, string>> = {
  url_invalid: "L'indirizzo del gestore non è scritto correttamente.",
  url_not_secure: "L'indirizzo del gestore deve iniziare con https://.",
  provider_not_found: "Il nome nell'indirizzo del gestore non esiste o non è raggiungibile da questa rete.",
  provider_unreachable: 'Il gestore non risponde.',
  provider_certificate: 'Il certificato del gestore non è valido per questo indirizzo.',
  certificate_expired: 'Il certificato del gestore è scaduto.',
  certificate_not_yet_valid: 'Il certificato del gestore vale da una data futura.',
  certificate_other_host: 'Il certificato è di un altro indirizzo, non di quello del gestore.',
  certificate_unknown_issuer:
    "Il certificato è di un'autorità che questo computer non riconosce: di solito un apparato della rete che ispeziona le connessioni.",
  certificate_self_signed: 'Il certificato è firmato da sé stesso: nessuno garantisce che sia del gestore.',
  provider_tls:
    "La connessione cifrata con il gestore non riesce: all'indirizzo risponde un servizio senza TLS o con una versione anteriore alla 1.2.",
  proxy_credentials: 'Il proxy della rete chiede un nome utente e una password.',
  proxy_address:
    "L'indirizzo del proxy indicato per questo computer non si può leggere (variabile HTTPS_PROXY o ALL_PROXY).",
  proxy_credentials_wrong: 'Il proxy della rete ha rifiutato il nome utente e la password.',
  proxy_unreachable: 'Il proxy della rete non risponde.',
  proxy_no_route: 'Il proxy della rete risponde, ma non raggiunge il gestore.',
  provider_not_contract: 'A questo indirizzo risponde un servizio diverso dal gestore atteso.',
  provider_proxy: 'Ha risposto un apparato della rete (proxy o filtro) al posto del gestore.',
  provider_unavailable: 'Il gestore è momentaneamente fuori servizio.',
  provider_refused: 'Il gestore ha rifiutato la richiesta.',
  invalid_credentials: 'Nome utente o password non corretti.',
  totp_required: 'Questo utente accede anche con un codice temporaneo: la riga di comando non lo prevede.',
  too_many_attempts: 'Troppi tentativi di accesso non riusciti: attendere qualche minuto.',
  session_expired: 'La sessione presso il gestore è scaduta: servono utente e password.',
  not_signed_in: 'Nessun operatore ha effettuato l’accesso in questa cartella: servono utente e password.',
  archive_locked: "L'archivio è chiuso da una frase segreta: indicarla in SPORTELLO_LRA_PASSPHRASE.",
  passphrase_required:
    'Su questo computer non c’è un portachiavi di sistema: scegliere una frase segreta e indicarla in SPORTELLO_LRA_PASSPHRASE.',
  passphrase_too_short: 'La frase segreta è troppo corta.',
  passphrase_wrong: "La frase segreta non è quella dell'archivio.",
  archive_in_use: "L'archivio è già aperto da un'altra finestra o da un altro programma.",
  archive_key_lost: "La chiave dell'archivio non si trova più nel portachiavi di questo computer.",
  archive_key_unavailable:
    'Il portachiavi che custodisce la chiave dell’archivio è chiuso o non risponde: sbloccarlo e ripetere il comando.',
  archive_key_elsewhere:
    'La chiave dell’archivio è custodita altrove: su un altro computer, da un altro utente o dalla finestra del programma.',
  archive_damaged: "L'archivio locale è danneggiato e non si apre.",
  archive_newer: "L'archivio è stato creato da una versione più recente del programma.",
  archive_key_wrong: "La chiave trovata su questo computer non è quella dell'archivio.",
  archive_missing: "Il file dell'archivio manca o è vuoto.",
  disk_failing: 'Il disco non legge o non scrive come dovrebbe.',
  disk_full: 'Il disco è pieno.',
  folder_not_writable: 'La cartella dei dati non si può scrivere.',
  demo_failed: 'Il gestore di prova non si è avviato.',
  forbidden_by_policy: "L'amministratore di questo computer ha vietato questa funzione.",
  provider_not_allowed: "L'amministratore di questo computer ammette un altro gestore.",
  read_only: 'Questo operatore può solo consultare.',
  casella_deleted: 'La casella è eliminata: non si può modificare.',
  export_too_long:
    'Le righe sono più di quante il formato ne può contenere (PDF 10.000, XLSX 1.048.575): restringere il filtro, o usare --format csv.',
  file_empty: 'Il file è vuoto.',
  file_too_large: 'Il file supera la dimensione ammessa dal gestore.',
  file_not_pdf_or_p7m: 'Il file non è un PDF né un file firmato .p7m.',
  file_format_refused: 'Il gestore non ammette questo formato di file.',
  file_unreadable: 'Il file non si può leggere.',
  document_type_refused: 'Il gestore non ammette questo tipo di documento.',
}

/** An error of the core, by its code alone. `subject` says what it was about, a file's name for one. */
export function commandError(code: ErrorCode, subject = '', details: ErrorDetails = {}): CliError {
  const text = words[code] ?? 'Il comando non è riuscito.'
  const { proxy } = details
  const place = typeof proxy === 'string' ? ` Proxy: ${proxy}.` : ''
  return new CliError(code, `${subject}${text}${place} (${code})`, exitCodeOf(code))
}

/** Any error that a command met. */
export function cliErrorOf(cause: unknown): CliError {
  if (cause instanceof CliError) return cause
  const code = ErrorCode.safeParse(cause instanceof Error && 'code' in cause ? cause.code : null)
  if (code.success) return commandError(code.data)
  return new CliError('internal', `Errore imprevisto: ${cause instanceof Error ? cause.message : String(cause)}`, 1)
}
