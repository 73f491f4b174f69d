import {
  avvisiInOrdine,
  giudizioOf,
  type AvvisoFirma,
  type CambiamentoDopoFirma,
  type Fiducia,
  type Firma,
  type Giudizio,
  type MarcaTemporale,
  type MotivoFirma,
  type Verifica,
} from '../../contract/verifica.ts'
import { italianMoment } from '../../export/italian-date.ts'

const judgements: Record<Giudizio, string> = {
  valid_trusted: 'firma valida e qualificata',
  valid_not_qualified: 'firma valida, non qualificata',
  valid_trust_unknown: 'firma integra, attendibilità del certificato non verificata',
  changed_after_signing: 'modificato dopo la firma',
  untrusted: 'firma integra, certificato non attendibile',
  revoked: 'firma integra, certificato revocato o sospeso',
  invalid: 'firma NON valida',
  unverifiable: 'firma non verificabile',
  not_signed: 'non firmato',
}
const reasons: Record<MotivoFirma, string> = {
  content_digest_mismatch: 'il contenuto non è quello firmato',
  signature_mismatch: 'la firma non corrisponde al certificato',
  byte_range_damaged: 'l’intervallo firmato è danneggiato',
  signed_attributes_invalid: 'gli attributi firmati non sono regolari',
  algorithm_mismatch: 'gli algoritmi dichiarati non sono quelli usati',
  certificate_missing: 'manca il certificato del firmatario',
  certificate_mismatch: 'il certificato non è quello indicato dal firmatario',
  content_missing: 'manca il documento a cui la firma si riferisce: indicarlo con --content',
  content_truncated: 'il file è troncato',
  structure_damaged: 'il file è danneggiato',
  algorithm_unknown: 'l’algoritmo di firma non è conosciuto',
  too_complex: 'il file è troppo complesso per essere verificato',
}
const warnings: Record<AvvisoFirma, string> = {
  signed_attributes_not_der: 'attributi firmati codificati in modo non conforme',
  sha1_after_2011: 'usa SHA-1, non più ammesso dopo il 30 giugno 2011',
  md5: 'usa MD5, non più sicuro',
  weak_key: 'chiave troppo corta',
  certificate_expired_at_signing: 'certificato già scaduto al momento della firma',
  certificate_not_yet_valid_at_signing: 'certificato non ancora valido al momento della firma',
  certificate_expired_now: 'certificato scaduto',
  certificate_not_for_signing: 'certificato non destinato alla firma',
  advanced_not_qualified: 'firma avanzata (CIE o TS-CNS), non qualificata',
  signing_certificate_attribute_missing: 'il firmatario non indica il proprio certificato (non CAdES)',
  signing_certificate_attribute_mismatch: 'il certificato è indicato con un altro numero di serie',
  signing_time_only_claimed: 'ora della firma solo dichiarata',
  signing_time_missing: 'ora della firma non indicata',
  changes_after_signing: 'modificato dopo la firma',
  signature_not_covering_document: 'la firma non copre tutto il documento',
  signature_outside_form: 'firma fuori dal modulo del PDF',
  usage_rights_signature: 'contiene diritti d’uso, che non sono una firma',
  timestamp_invalid: 'marca temporale non valida',
  encrypted_document: 'il documento è cifrato: chi lo ha preparato ne limita l’uso (stampa, copia, modifica)',
  password_required:
    'il documento si apre solo con una password, e il contenuto non si può controllare: chiedere il file senza password',
  encrypted_for_recipient:
    'il file è cifrato per un destinatario e solo lui lo apre: chiedere il documento firmato, non cifrato',
  file_empty: 'il file è vuoto: chiederlo di nuovo',
  file_is_program: 'il file è un programma, anche se il nome dice altro: non aprirlo',
  file_not_what_named: 'il nome dice PDF, ma il contenuto non lo è: chiedere il documento in PDF',
  file_truncated: 'il file è incompleto, ne manca la fine: scaricarlo o farselo mandare di nuovo',
  file_damaged: 'il file è danneggiato: farselo mandare di nuovo',
  file_too_complex: 'il file è troppo complesso: verificarlo con il programma del prestatore di firma',
  nested_envelope: 'buste firmate una dentro l’altra',
  base64_container: 'file codificato in base64',
  content_not_provided: 'il documento firmato non è nel file',
  trailing_bytes: 'byte in eccesso in fondo al file',
}
const changes: Record<CambiamentoDopoFirma, string> = {
  pages_added: 'pagine aggiunte',
  pages_removed: 'pagine tolte',
  page_content_changed: 'contenuto delle pagine cambiato',
  shadow_content: 'contenuto nascosto o sostituito',
  annotations_changed: 'annotazioni cambiate',
  form_filled: 'campi compilati',
  other_changes: 'altre modifiche',
}

const integrities: Record<Firma['integrity'], string> = {
  valid: 'integra',
  invalid: 'NON valida',
  unverifiable: 'non verificabile',
}
const because = (reason: MotivoFirma | null): string => (reason === null ? '' : `: ${reasons[reason]}`)

const states: Record<Fiducia['state'], string> = {
  qualified: 'qualificata',
  recognised: 'avanzata, non qualificata',
  untrusted: 'non attendibile',
  revoked: 'certificato revocato',
  suspended: 'certificato sospeso',
  unknown: 'non conosciuta',
  not_checked: 'non verificata',
}
const revocations: Record<Fiducia['revocation'], string> = {
  good: 'non revocato',
  revoked: 'revocato',
  offline: 'revoca non controllata, l’emittente non risponde',
  not_offered: 'revoca non prevista',
  not_checked: 'revoca non controllata',
  unknown: 'revoca non conosciuta',
}

/** Nothing where trust was not judged. */
function trustText({ state, list, service, revocation, revokedAt, at }: Fiducia): string[] {
  if (state === 'not_checked') return []
  const source =
    list === null
      ? ''
      : `, elenco ${list.territory} n. ${list.sequence}${list.outdated ? ' (non aggiornato)' : ''}${service === null ? '' : `, ${service}`}`
  const moment = at === null ? '' : ` al ${italianMoment(at)}`
  const since = revokedAt === null ? '' : ` (dal ${italianMoment(revokedAt)})`
  return [`    Attendibilità${moment}: ${states[state]}${source}; ${revocations[revocation]}${since}.`]
}

function firmaText(firma: Firma): string {
  const kind = firma.kind === 'signature' ? 'Firma' : 'Controfirma'
  const who = firma.signer ?? 'firmatario sconosciuto'
  const code = firma.codiceFiscale === null ? '' : ` (${firma.codiceFiscale})`
  const when = firma.signingTime === null ? '' : `, ${italianMoment(firma.signingTime)}`
  const lines = [
    `  ${kind} ${firma.id}: ${who}${code}${when}: ${integrities[firma.integrity]}${because(firma.reason)}.`,
  ]
  if (firma.changesAfterSigning.length > 0)
    lines.push(`    Dopo la firma: ${firma.changesAfterSigning.map((change) => changes[change]).join(', ')}.`)
  lines.push(...trustText(firma.trust))
  for (const warning of firma.warnings) lines.push(`    Avviso: ${warnings[warning]}.`)
  return lines.join('\n')
}

function marcaText({ time, authority, integrity, reason }: MarcaTemporale): string {
  const when = time === null ? 'ora sconosciuta' : italianMoment(time)
  return `  Marca temporale: ${when}, ${authority ?? 'autorità sconosciuta'}: ${integrities[integrity]}${because(reason)}.`
}

/** What a person reads of one file; null: it could not be read. */
export function verifyText(file: string, verifica: Verifica | null): string {
  if (verifica === null) return `${file}: il file non si può leggere.`
  const { primi, altri } = avvisiInOrdine(verifica.warnings)
  return [
    `${file}: ${judgements[giudizioOf(verifica)]}.`,
    ...primi.map((warning) => `  ATTENZIONE: ${warnings[warning]}.`),
    ...verifica.signatures.map(firmaText),
    ...verifica.documentTimestamps.map(marcaText),
    ...altri.map((warning) => `  Avviso: ${warnings[warning]}.`),
  ].join('\n')
}
