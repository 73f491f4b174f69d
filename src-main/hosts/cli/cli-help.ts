import type { CommandName } from './command-line.ts'

const common = `Opzioni comuni:
  --data CARTELLA  cartella dei dati (senza, quella consueta del sistema)
  --provider URL   indirizzo del gestore
  --json           risultato in JSON sullo standard output
  --demo           credenziali di prova; senza --provider avvia il gestore di prova
  --stdin          utente e password su due righe dello standard input
  --timeout N      secondi di attesa al massimo (300)
  --help           queste righe

Credenziali: SPORTELLO_LRA_USER, SPORTELLO_LRA_PASSWORD; la frase segreta dell'archivio, dove serve,
in SPORTELLO_LRA_PASSPHRASE. Tra gli argomenti sono rifiutate.

Codici di uscita: 0 fatto, 1 non riuscito, 2 comando scritto male, 3 accesso mancante o credenziali errate,
4 gestore non raggiungibile, 5 qualcosa aspetta una persona, 6 archivio chiuso o già in uso.
`

const texts: Record<CommandName, string> = {
  status: `Uso: npm run --silent cli -- status [opzioni]

Mostra lo stato dell'archivio locale, senza usare la rete.
`,
  sync: `Uso: npm run --silent cli -- sync [opzioni]

Accede se serve, allinea l'archivio con il gestore e attende che la coda delle modifiche si svuoti.
`,
  upload: `Uso: npm run --silent cli -- upload FILE... --casella INDIRIZZO --tipo TIPO [opzioni]

Verifica uno o più documenti firmati (PDF o p7m), li carica per una casella e attende che siano arrivati. Un file la cui
firma non è valida o manca, o che chiede una password, non parte (codice di uscita 5). Un file già caricato per la stessa
casella non viene ripetuto.
--consenso MOTIVO    invia anche i file senza firma valida; il motivo resta con l'invio
TIPO: attivazione, nuove_credenziali, subentro, cessazione, altro.

Uso: npm run --silent cli -- upload CARTELLA [--dry-run] [--min-confidence N] [opzioni]

Legge e verifica tutti i file della cartella, propone per ciascuno la casella e invia quelli sicuri; gli altri restano
in un lotto, da decidere nel programma (codice di uscita 5).
--dry-run            dice soltanto che cosa verrebbe inviato
--min-confidence N   confidenza minima per inviare senza una persona, da 0 a 100 (85)
`,
  export: `Uso: npm run --silent cli -- export ELENCO --out FILE [--format csv|xlsx|pdf] [--cerca PAROLE]
       [--filter NOME=VALORE ...] [--con-dati-personali] [opzioni]

Scrive un elenco dell'archivio locale: caselle, titolari, domini, assistenti, scadenze. FILE "-" è lo standard output.
Il file è intero o non c'è. Senza --format vale l'estensione di FILE, altrimenti csv (separatore ;, UTF-8 con BOM).
Un PDF contiene al massimo 10.000 righe.
--con-dati-personali  anche codici fiscali e recapiti, che altrimenti sono omessi
--cerca PAROLE        come la ricerca delle schermate (caselle, titolari)
--filter, caselle:    dominio, stato, richiesta, dal, al (inserimento), tipologia, assistente, scadenza, spazio,
                      email
--filter, titolari:   nome, cognome, codice-fiscale, email, telefono, fax, ragione-sociale, partita-iva, casella
--filter, scadenze:   tipo (caselle, password, password_in_scadenza, identita, richieste, documenti), dominio, dal, al
Ogni esportazione è annotata nell'archivio: chi, quando, quale elenco, quante righe, con o senza dati personali.
`,
  report: `Uso: npm run --silent cli -- report NOME --out CARTELLA [--format csv|xlsx|pdf ...] [--periodo PERIODO]
       [--filter NOME=VALORE ...] [--con-dati-personali] [opzioni]

Scrive un report nella CARTELLA, che viene creata se manca: un file per tabella e per formato. NOME è quello di un report
salvato dall'operatore (schermata Report, «Salvati»), oppure uno fra: cruscotto, ente, posta, costi, sla, previsioni,
verifiche, enti, dettaglio. Ogni file è intero o non c'è, e sostituisce quello di prima.
Le cifre che conosce solo il gestore si leggono da lui; se non risponde valgono le ultime lette, con la data.
--format FORMATO      anche più volte; senza, quelli del report salvato, altrimenti xlsx
--periodo PERIODO     2026-11, 2026-s1, 2026, 2026-01-10..2026-02-09, oppure mese_corrente, mese_scorso,
                      semestre_corrente, semestre_scorso, anno_corrente, anno_scorso; senza, quello del report salvato,
                      altrimenti il semestre in corso
--filter, dettaglio:  assistente (codice), tipologia
--con-dati-personali  anche codici fiscali e recapiti, che altrimenti sono omessi
`,
  form: `Uso: npm run --silent cli -- form MODULO --casella INDIRIZZO [--casella ...] --out FILE [--format pdf|zip] [opzioni]
       npm run --silent cli -- form MODULO --cerca PAROLE | --filter NOME=VALORE ... --out FILE [opzioni]

Stampa un modulo già compilato per una o più caselle: un solo PDF, oppure uno zip con un PDF per casella (senza --format
vale l'estensione di FILE). Il file contiene dati personali, ed è intero o non c'è. Con --json anche il codice di ogni modulo,
con cui la copia firmata viene riconosciuta quando torna. Le caselle eliminate sono saltate.
MODULO: adesione, nuove_credenziali, subentro, cessazione, variazione, delega, parametri_client (quelli del gestore).
--filter:  dominio, stato, richiesta, dal, al (inserimento), tipologia, assistente, scadenza, spazio
`,
  verify: `Uso: npm run --silent cli -- verify FILE... [--content FILE] [--at DATA] [--trust on|online|off] [--json]

Verifica le firme di documenti PDF, .p7m, .p7s, .tsd e .tsr, senza archivio e senza accesso.
  --content FILE   il documento a cui si riferiscono firme staccate (.p7s) o marche temporali (.tsr)
  --at DATA        verifica riferita a una data (2025-03-31 o 31/03/2025), invece che a oggi
  --trust MODO     on: attendibilità con gli elenchi presenti; online: aggiornandoli; off: sola integrità
  --json           un oggetto JSON per file, uno per riga, nell'ordine dato
Codici di uscita: 0 tutti integri e senza modifiche dopo la firma, 1 altrimenti, 2 comando scritto male.
`,
}

export function cliHelp(name: CommandName | null): string {
  if (name !== null) return `${texts[name]}\n${common}`
  return `Uso: npm run --silent cli -- COMANDO [opzioni]

Comandi:
  status   stato dell'archivio locale
  sync     allineamento con il gestore
  upload   caricamento di documenti
  form     moduli compilati, uno o molti
  export   esportazione di un elenco in CSV, XLSX o PDF
  report   le tabelle di un report, anche salvato, in CSV, XLSX o PDF
  verify   verifica di documenti firmati

L'aiuto di un comando: npm run --silent cli -- COMANDO --help

${common}`
}
