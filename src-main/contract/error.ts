import { z } from 'zod'

/** Every way in which a command may end badly. The words for each are in the locale files, under `errors.<code>`. */
export const errorCodes = [
  // envelope
  'unknown_channel',
  'invalid_body',
  'internal',
  // connecting to a provider
  'url_invalid',
  'url_not_secure',
  'provider_not_found',
  'provider_unreachable',
  'provider_certificate',
  'provider_not_contract',
  'provider_proxy',
  'provider_unavailable',
  'provider_refused',
  'invalid_credentials',
  'totp_required',
  'too_many_attempts',
  'session_expired',
  'cancelled',
  // the local archive
  'not_signed_in',
  'archive_locked',
  'passphrase_required',
  'passphrase_too_short',
  'passphrase_wrong',
  'archive_damaged',
  'archive_newer',
  'archive_in_use',
  'archive_key_lost',
  'archive_key_wrong',
  'archive_missing',
  'copy_damaged',
  'copy_running',
  'recovery_key_wrong',
  'recovery_key_not_applicable',
  'confirmation_wrong',
  'disk_full',
  'folder_not_writable',
  'disk_failing',
  'demo_failed',
  // rules
  'forbidden_by_policy',
  'provider_not_allowed',
  'not_found',
  'read_only',
  'operation_not_cancellable',
  'operation_not_retryable',
  'operation_not_in_conflict',
  'operation_not_undoable',
  'operation_foreign',
  'operation_own',
  'operation_busy',
  'operation_changed',
  'operation_not_takeable',
  'operation_not_uncertain',
  'outcome_may_still_arrive',
  'outcome_not_to_be_seen',
  'pending_operations',
  'invalid_field',
  'nothing_changed',
  'casella_deleted',
  'selection_changed',
  'name_unavailable',
  'sync_running',
  'not_yet_sent',
  'deletion_pending',
  'titolare_with_caselle',
  'fusione_pending',
  'richiesta_pending',
  'action_not_offered',
  'ciclo_not_suited',
  'impostazioni_unknown',
  'documento_esaminato',
  'nota_of_another',
  'segnalazione_closed',
  'tickets_by_link',
  // documents
  'file_empty',
  'file_too_large',
  'file_not_pdf_or_p7m',
  'file_format_refused',
  'file_changed',
  'file_unreadable',
  'document_type_refused',
  'consent_required',
  'deposito_not_found',
  'file_truncated',
  'file_is_program',
  'lotto_full',
  'lotto_sending',
  // forms
  'form_not_offered',
  'nothing_to_print',
  // exports
  'export_too_long',
] as const
export const ErrorCode = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof ErrorCode>

export const ErrorDetails = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type ErrorDetails = z.infer<typeof ErrorDetails>

/** `message` is for developers, in English and without personal data; people read the locale's words for `code`. */
export const ErrorData = z.object({ code: ErrorCode, message: z.string(), details: ErrorDetails })
export type ErrorData = z.infer<typeof ErrorData>
