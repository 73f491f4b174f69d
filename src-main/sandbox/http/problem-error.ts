import type { FieldProblem, ProblemCode } from '../../provider-contract/problem.ts'

interface ProblemKind {
  status: number
  title: string
}

/** The usual status and the Italian title of each code. */
const kinds: Record<ProblemCode, ProblemKind> = {
  invalid_request: { status: 400, title: 'Richiesta non valida' },
  invalid_credentials: { status: 401, title: 'Utente o password non corretti' },
  totp_required: { status: 401, title: 'Serve il codice di verifica' },
  session_expired: { status: 401, title: 'Sessione scaduta' },
  read_only: { status: 403, title: 'Utente di sola lettura' },
  forbidden: { status: 403, title: 'Operazione non consentita' },
  not_found: { status: 404, title: 'Non trovato' },
  precondition_required: { status: 428, title: 'Manca la versione di partenza' },
  version_mismatch: { status: 412, title: 'La risorsa è cambiata' },
  idempotency_key_required: { status: 400, title: 'Manca la chiave di idempotenza' },
  idempotency_key_reused: { status: 422, title: 'Chiave di idempotenza già usata' },
  idempotency_in_progress: { status: 409, title: 'Richiesta già in corso' },
  not_in_batch: { status: 404, title: 'Operazione non ammessa in un gruppo' },
  invalid_cursor: { status: 400, title: 'Cursore non valido' },
  cursor_expired: { status: 410, title: 'Cursore scaduto' },
  name_unavailable: { status: 409, title: 'Nome non disponibile' },
  rule_violated: { status: 422, title: 'Regola del servizio non rispettata' },
  document_refused: { status: 422, title: 'Documento non ammesso' },
  upload_incomplete: { status: 409, title: 'Caricamento incompleto' },
  checksum_mismatch: { status: 422, title: 'Impronta del file diversa' },
  too_large: { status: 413, title: 'Contenuto troppo grande' },
  unsupported_media_type: { status: 415, title: 'Tipo di contenuto non ammesso' },
  too_many_requests: { status: 429, title: 'Troppi tentativi' },
  unavailable: { status: 503, title: 'Servizio non disponibile' },
  internal: { status: 500, title: 'Errore del gestore di prova' },
}

export interface ProblemDetails {
  /** Where it differs from the code's usual one. */
  status?: number
  title?: string
  detail?: string
  errors?: FieldProblem[]
  /** The resource as it is now, for a 412. */
  current?: unknown
  headers?: Record<string, string>
}

/** A refusal, to be answered as application/problem+json (RFC 9457). */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code)
    this.code = code
    this.status = details.status ?? kinds[code].status
    this.title = details.title ?? kinds[code].title
    this.details = details
  }
}

/** The body of a problem. */
export function problemBody(error: ProblemError, traceId: string) {
  const { detail, errors, current } = error.details
  return {
    type: `urn:sportello-lra:problem:${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    traceId,
    ...(current === undefined ? {} : { current }),
  }
}
