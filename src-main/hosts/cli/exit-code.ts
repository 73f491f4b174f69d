import type { ErrorCode } from '../../contract/error.ts'

/** What a script reads after a command; the help lists them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notSignedIn: 3,
  unreachable: 4,
  needsPerson: 5,
  archiveClosed: 6,
} as const

/** The exit code for a command that ended with an error. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'invalid_credentials':
    case 'totp_required':
    case 'too_many_attempts':
    case 'session_expired':
    case 'not_signed_in':
      return exitCodes.notSignedIn
    case 'provider_not_found':
    case 'provider_unreachable':
    case 'provider_certificate':
    case 'certificate_expired':
    case 'certificate_not_yet_valid':
    case 'certificate_other_host':
    case 'certificate_unknown_issuer':
    case 'certificate_self_signed':
    case 'provider_tls':
    case 'proxy_credentials':
    case 'provider_proxy':
    case 'provider_unavailable':
      return exitCodes.unreachable
    case 'archive_locked':
    case 'archive_in_use':
    case 'passphrase_required':
    case 'passphrase_too_short':
    case 'passphrase_wrong':
    case 'archive_key_lost':
    case 'archive_key_wrong':
      return exitCodes.archiveClosed
    case 'url_invalid':
    case 'url_not_secure':
      return exitCodes.usage
    case 'unknown_channel':
    case 'invalid_body':
    case 'internal':
    case 'provider_not_contract':
    case 'provider_refused':
    case 'cancelled':
    case 'archive_damaged':
    case 'archive_newer':
    case 'archive_missing':
    case 'copy_damaged':
    case 'copy_running':
    case 'recovery_key_wrong':
    case 'recovery_key_not_applicable':
    case 'confirmation_wrong':
    case 'disk_failing':
    case 'disk_full':
    case 'folder_not_writable':
    case 'demo_failed':
    case 'forbidden_by_policy':
    case 'provider_not_allowed':
    case 'not_found':
    case 'read_only':
    case 'fusione_pending':
    case 'operation_not_cancellable':
    case 'operation_not_retryable':
    case 'operation_not_in_conflict':
    case 'operation_not_undoable':
    case 'operation_foreign':
    case 'operation_own':
    case 'operation_busy':
    case 'operation_changed':
    case 'operation_not_takeable':
    case 'operation_not_uncertain':
    case 'outcome_may_still_arrive':
    case 'outcome_not_to_be_seen':
    case 'pending_operations':
    case 'invalid_field':
    case 'nothing_changed':
    case 'casella_deleted':
    case 'selection_changed':
    case 'name_unavailable':
    case 'sync_running':
    case 'not_yet_sent':
    case 'deletion_pending':
    case 'titolare_with_caselle':
    case 'richiesta_pending':
    case 'action_not_offered':
    case 'ciclo_not_suited':
    case 'impostazioni_unknown':
    case 'documento_esaminato':
    case 'nota_of_another':
    case 'segnalazione_closed':
    case 'tickets_by_link':
    case 'file_empty':
    case 'file_too_large':
    case 'file_not_pdf_or_p7m':
    case 'file_format_refused':
    case 'file_changed':
    case 'file_unreadable':
    case 'document_type_refused':
    case 'consent_required':
    case 'deposito_not_found':
    case 'file_truncated':
    case 'file_is_program':
    case 'lotto_full':
    case 'lotto_sending':
    case 'form_not_offered':
    case 'nothing_to_print':
    case 'export_too_long':
      return exitCodes.failed
  }
}
