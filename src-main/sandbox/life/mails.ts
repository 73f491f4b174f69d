import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Mail } from '../mail/mailer.ts'
import { PORTS, mailServers } from './mail-servers.ts'

/** The texts of the Gestore's mails. None of them holds a password, and none asks for one by mail (D74). */
export type Letter = Pick<Mail, 'subject' | 'text' | 'kind'>

const FOOT = '-- \nGestore di prova: servizio dimostrativo, senza valore legale.'
const days = new Intl.DateTimeFormat('it-IT', {
  timeZone: 'Europe/Rome',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
})
const instants = new Intl.DateTimeFormat('it-IT', {
  timeZone: 'Europe/Rome',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
/** `gg/mm/aaaa`. */
export const italianDay = (day: string) => days.format(new Date(`${day}T12:00:00Z`))
/** `gg/mm/aaaa, hh:mm`, in Europe/Rome. */
export const italianInstant = (time: string | number) => instants.format(new Date(time))

function letter(kind: string, subject: string, ...paragraphs: string[]): Letter {
  return { kind, subject, text: `${[...paragraphs, FOOT].join('\n\n')}\n` }
}

type Named = Pick<Casella, 'indirizzo'>

export const contractMail = ({ indirizzo }: Named, url: string, expires: number): Letter =>
  letter(
    'contratto',
    `Contratto della casella ${indirizzo} da firmare`,
    `Per attivare la casella PEC ${indirizzo} occorre leggere e firmare il contratto.`,
    `Pagina della firma: ${url}`,
    `La pagina invia a questo indirizzo un codice da usare una sola volta. Si può firmare fino al ${italianInstant(expires)}.`,
  )

export const signatureCodeMail = ({ indirizzo }: Named, code: string): Letter =>
  letter(
    'codice_firma',
    `Codice per la firma del contratto di ${indirizzo}`,
    `Codice: ${code}`,
    'Vale 15 minuti e una sola volta. Chi non lo ha richiesto può ignorare il messaggio.',
  )

export const moduleMail = ({ indirizzo }: Named, url: string, files: number): Letter =>
  letter(
    'modulo_attivazione',
    `Modulo di attivazione della casella ${indirizzo}`,
    `Il modulo compilato e le condizioni del contratto si scaricano da questa pagina: ${url}`,
    `Il modulo firmato e la copia del documento di identità, fronte e retro, si consegnano allo sportello (${files} file). L’attivazione segue entro pochi giorni.`,
  )

export const documentsAwaitedMail = ({ indirizzo }: Named): Letter =>
  letter(
    'richiesta_ricevuta',
    `Richiesta della casella ${indirizzo} ricevuta`,
    `La casella ${indirizzo} è stata registrata. Il Gestore la attiva dopo che lo sportello ha caricato la richiesta di attivazione firmata.`,
  )

/** D65, D118. */
export function welcomeMail(
  { indirizzo, scadenza }: Pick<Casella, 'indirizzo' | 'scadenza'>,
  { profile, supportUrl, passwordPolicy }: Capabilities,
): Letter {
  const { webmail, pop3, imap, smtp } = mailServers[profile]
  return letter(
    'benvenuto',
    `La casella ${indirizzo} è attiva`,
    `La casella PEC ${indirizzo} è attiva${scadenza === null ? '' : ` fino al ${italianDay(scadenza)}`}.`,
    [
      `Indirizzo: ${indirizzo}`,
      `Nome utente: ${indirizzo}`,
      `Webmail: ${webmail}`,
      `POP3: ${pop3}, porta ${PORTS.pop3}, SSL`,
      ...(imap === null ? [] : [`IMAP: ${imap}, porta ${PORTS.imap}, SSL`]),
      `SMTP: ${smtp}, porta ${PORTS.smtp}, SSL`,
      'Tutti i server chiedono l’autenticazione con il nome utente.',
    ].join('\n'),
    `Password: la imposta il titolare, con le istruzioni di un messaggio a parte. Si cambia dalla webmail, con “Hai dimenticato la password” se non la si ricorda, e scade ogni ${passwordPolicy.expiryDays} giorni.`,
    `Assistenza: ${supportUrl ?? 'lo sportello che ha registrato la casella'}.`,
    'Registri: il titolare può chiedere all’assistenza un estratto delle registrazioni degli ultimi 30 mesi.',
    'Posta non certificata: all’inizio è respinta. Lo sportello può farla inoltrare a un altro indirizzo o accettarla.',
  )
}

/** D75; `purpose` tells a first access from a reset. */
export const passwordLinkMail = (
  { indirizzo }: Named,
  url: string,
  expires: number,
  purpose: 'first' | 'reset',
): Letter =>
  letter(
    purpose === 'first' ? 'primo_accesso' : 'reset_password',
    purpose === 'first' ? `Primo accesso alla casella ${indirizzo}` : `Nuova password della casella ${indirizzo}`,
    `Pagina in cui il titolare imposta la password: ${url}`,
    `Si usa una sola volta, fino al ${italianInstant(expires)}. Chi non lo attendeva può ignorare il messaggio: la password resta quella di prima.`,
  )

export const activationDataMail = ({ indirizzo }: Named, url: string, code: string, expires: number): Letter =>
  letter(
    'dati_attivazione',
    `Dati di attivazione della casella ${indirizzo}`,
    `Pagina: ${url}\nNome utente: ${indirizzo}\nCodice di attivazione: ${code}`,
    `Con questi dati il titolare imposta la password. Il codice si usa una sola volta, fino al ${italianInstant(expires)}.`,
  )

export const documentsRejectedMail = ({ indirizzo }: Named, reason: string): Letter =>
  letter(
    'documenti_respinti',
    `Documenti della casella ${indirizzo} da sostituire`,
    `Il Gestore non ha accettato i documenti della casella ${indirizzo}.`,
    `Motivo: ${reason}`,
  )

/** D70: to the new address, to the old one and to the PEC. */
export const communicationsChangedMail = ({ indirizzo }: Named, from: string | null, to: string | null): Letter =>
  letter(
    'cambio_email',
    `Cambiato l’indirizzo per le comunicazioni di ${indirizzo}`,
    `Prima: ${from ?? 'nessuno'}\nAdesso: ${to ?? 'nessuno'}`,
    'Chi non riconosce la modifica può rivolgersi all’assistenza.',
  )

export const softLimitMail = ({ indirizzo, usatoMb, softLimitMb, quotaMb }: Casella): Letter =>
  letter(
    'soglia_spazio',
    `Spazio quasi esaurito nella casella ${indirizzo}`,
    `Spazio usato: ${usatoMb} MB. Soglia di avviso: ${softLimitMb} MB. Spazio disponibile in tutto: ${quotaMb} MB.`,
    'Raggiunto lo spazio disponibile, la casella non riceve altri messaggi.',
  )

export const passwordExpiringMail = ({ indirizzo }: Named, left: number): Letter =>
  letter(
    'password_in_scadenza',
    `La password di ${indirizzo} scade fra ${left} giorni`,
    `Il titolare può cambiarla dalla webmail prima della scadenza, che cade fra ${left} giorni.`,
  )

export const passwordExpiredMail = ({ indirizzo }: Named): Letter =>
  letter(
    'password_scaduta',
    `La password di ${indirizzo} è scaduta`,
    'La casella continua a ricevere, ma non vi si accede finché il titolare non imposta una nuova password.',
  )

export const disabledMail = ({ indirizzo }: Named, disabled: boolean): Letter =>
  disabled
    ? letter(
        'disabilitata',
        `La casella ${indirizzo} è disabilitata`,
        'Il contenuto è conservato. Non vi si accede e i messaggi in arrivo non sono consegnati.',
      )
    : letter('riabilitata', `La casella ${indirizzo} è di nuovo abilitata`, 'Accesso e ricezione sono ripresi.')

export const suspendedMail = ({ indirizzo }: Named, suspended: boolean): Letter =>
  suspended
    ? letter('sospesa', `La casella ${indirizzo} è sospesa`, 'La sospensione è stata decisa dal Gestore.')
    : letter('sospensione_finita', `La sospensione di ${indirizzo} è finita`, 'La casella è di nuovo utilizzabile.')

/** D68. */
export const deletedMail = ({ indirizzo }: Named): Letter =>
  letter(
    'eliminata',
    `La casella ${indirizzo} è stata eliminata`,
    'I messaggi non sono più recuperabili e la casella non si può riattivare.',
  )

export const expiredMail = ({ indirizzo }: Named, day: string): Letter =>
  letter(
    'scaduta',
    `La casella ${indirizzo} è scaduta`,
    `Il servizio è terminato alle 23:59:59 del ${italianDay(day)}. Il rinnovo si chiede allo sportello.`,
  )

export const renewedMail = ({ indirizzo }: Named, day: string): Letter =>
  letter('rinnovata', `La casella ${indirizzo} è rinnovata`, `La nuova scadenza è il ${italianDay(day)}.`)

export const cessationMail = ({ indirizzo }: Named, day: string): Letter =>
  letter(
    'cessazione',
    `Cessazione della casella ${indirizzo}`,
    `Il servizio termina alle 23:59:59 del ${italianDay(day)}; poi la casella è eliminata con i suoi messaggi.`,
  )

/** D119. */
export const estrattoMail = ({ indirizzo }: Named, { dal, al }: { dal: string; al: string }): Letter =>
  letter(
    'estratto_log',
    `Estratto dei log della casella ${indirizzo}`,
    `L’estratto dei log dal ${italianDay(dal)} al ${italianDay(al)} è pronto. Il gestore di prova non ha log veri: al suo posto c’è questo messaggio.`,
  )

export const requestRejectedMail = ({ indirizzo }: Named, tipo: string, reason: string): Letter =>
  letter('richiesta_respinta', `Richiesta di ${tipo} per ${indirizzo} respinta`, `Motivo: ${reason}`)

/** D71: the old holder has no access from then on. */
export const handedOverMail = ({ indirizzo }: Named): Letter =>
  letter(
    'subentro',
    `Cambio di titolare della casella ${indirizzo}`,
    'La casella è passata al nuovo titolare. La password di prima non è più valida.',
  )
