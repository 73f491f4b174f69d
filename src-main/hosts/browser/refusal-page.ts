/** The page for someone who comes without a valid token or cookie. No script, no style, nothing of the application. */
export const refusalPage = `<!doctype html>
<html lang="it">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sportello LRA: accesso non consentito</title>
  </head>
  <body>
    <h1>Questo indirizzo non apre più Sportello LRA</h1>
    <p>L'indirizzo con cui si apre l'applicazione vale una volta sola, per un solo browser, e finché il programma è in esecuzione.</p>
    <p>Per avere un indirizzo nuovo:</p>
    <ul>
      <li>se il programma è ancora in esecuzione, l'indirizzo valido è l'ultimo che ha scritto nel terminale;</li>
      <li>altrimenti avviarlo di nuovo con <code>npm start</code>.</li>
    </ul>
    <p>I dati e le operazioni in coda restano dove sono.</p>
  </body>
</html>
`
