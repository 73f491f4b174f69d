/**
 * One entry for each version of the schema, never edited once released: `user_version` counts those that have run.
 * A row of a resource holds what the provider last said (`server`, `version`; null and 0 while it exists only here)
 * and, in its other columns, what the screens show: the provider's values with the pending operations on top.
 * The indexes that a first snapshot does without are in `secondary-indexes.ts`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE dominio(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    nome TEXT NOT NULL
  ) STRICT;
  CREATE TABLE assistente(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    codice TEXT NOT NULL
  ) STRICT;
  CREATE TABLE titolare(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT,
    local TEXT, nome TEXT NOT NULL, cognome TEXT NOT NULL, codice_fiscale TEXT NOT NULL, codice_normale TEXT NOT NULL,
    email TEXT, ragione_sociale TEXT, in_coda INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE indirizzo(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    titolare_id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE attivita(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    titolare_id TEXT NOT NULL, ragione_sociale TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attivita_titolare ON attivita(titolare_id);
  CREATE TABLE casella(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT,
    local TEXT, indirizzo TEXT NOT NULL, dominio_id TEXT NOT NULL, dominio TEXT NOT NULL,
    titolare_id TEXT NOT NULL, titolare TEXT NOT NULL, codice_fiscale TEXT NOT NULL, ragione_sociale TEXT,
    assistente_id TEXT, stato TEXT NOT NULL, tipologia TEXT NOT NULL,
    usato_mb INTEGER NOT NULL, quota_mb INTEGER NOT NULL, soft_limit_mb INTEGER NOT NULL,
    scadenza TEXT, inserita TEXT, in_coda INTEGER NOT NULL DEFAULT 0, attention TEXT
  ) STRICT;
  CREATE TABLE documento(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    casella_id TEXT NOT NULL, sha256 TEXT NOT NULL
  ) STRICT;

  CREATE VIRTUAL TABLE casella_fts USING fts5(
    indirizzo, titolare, codice_fiscale, ragione_sociale,
    content='casella', content_rowid='pk', detail=none, columnsize=0, prefix='1 2 3 4 5 6 7 8',
    tokenize="unicode61 remove_diacritics 2"
  );
  CREATE VIRTUAL TABLE titolare_fts USING fts5(
    nome, cognome, codice_fiscale, ragione_sociale, email,
    content='titolare', content_rowid='pk', detail=none, columnsize=0, prefix='1 2 3 4 5 6 7 8',
    tokenize="unicode61 remove_diacritics 2"
  );

  CREATE TABLE operation(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL DEFAULT 1,
    operator TEXT NOT NULL, operator_name TEXT NOT NULL, lane TEXT NOT NULL, type TEXT NOT NULL,
    args_version INTEGER NOT NULL, args TEXT NOT NULL, seen TEXT NOT NULL, state TEXT NOT NULL,
    subject TEXT NOT NULL, casella_id TEXT, titolare_id TEXT, deposito_id TEXT,
    created_at TEXT NOT NULL, sent_at TEXT, settled_at TEXT, frozen_request TEXT, ack_version INTEGER,
    maybe_applied INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER, reason TEXT,
    upload_url TEXT, conflict TEXT
  ) STRICT;
  CREATE INDEX operation_open ON operation(lane, seq) WHERE state NOT IN ('settled', 'cancelled', 'rejected');
  CREATE INDEX operation_casella ON operation(casella_id, seq) WHERE state NOT IN ('settled', 'cancelled');
  CREATE INDEX operation_titolare ON operation(titolare_id, seq) WHERE state NOT IN ('settled', 'cancelled');
  CREATE INDEX operation_state ON operation(state, seq);
  CREATE TABLE operation_history(
    seq INTEGER NOT NULL, at TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL, reason TEXT
  ) STRICT;
  CREATE INDEX operation_history_seq ON operation_history(seq);
  CREATE TABLE snapshot_seen(type TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(type, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE local_id(local_id TEXT PRIMARY KEY, server_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE deposito(
    id TEXT PRIMARY KEY, nome_file TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, formato TEXT NOT NULL,
    iv BLOB NOT NULL, created_at TEXT NOT NULL, casella_id TEXT
  ) STRICT;
  CREATE INDEX deposito_sha256 ON deposito(sha256);
  `,
  `
  ALTER TABLE operation ADD COLUMN row_kind TEXT;
  ALTER TABLE operation ADD COLUMN row_id TEXT;
  UPDATE operation SET row_kind = 'casella', row_id = casella_id WHERE type IN ('casella.update', 'casella.create');
  UPDATE operation SET row_kind = 'titolare', row_id = titolare_id WHERE type = 'titolare.create';
  CREATE INDEX operation_row ON operation(row_id, seq) WHERE state NOT IN ('settled', 'cancelled');
  CREATE TABLE nota(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    casella_id TEXT, titolare_id TEXT
  ) STRICT;
  CREATE INDEX nota_casella ON nota(casella_id) WHERE casella_id IS NOT NULL;
  CREATE INDEX nota_titolare ON nota(titolare_id) WHERE titolare_id IS NOT NULL;
  CREATE TABLE segnalazione(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    casella_id TEXT, stato TEXT NOT NULL, aperta TEXT NOT NULL
  ) STRICT;
  CREATE INDEX segnalazione_aperta ON segnalazione(aperta);
  CREATE INDEX segnalazione_casella ON segnalazione(casella_id) WHERE casella_id IS NOT NULL;
  CREATE TABLE messaggio(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    segnalazione_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messaggio_segnalazione ON messaggio(segnalazione_id);
  -- What the provider calls an operation: a slow action under way there.
  CREATE TABLE richiesta(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL,
    casella_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX richiesta_casella ON richiesta(casella_id);
  -- Of the caselle whose settings were looked at: they do not come with the feed.
  CREATE TABLE impostazioni(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, server TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE activity(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    entity_id TEXT NOT NULL, subject TEXT NOT NULL, casella_id TEXT, titolare_id TEXT, who TEXT,
    steps INTEGER NOT NULL, fields TEXT NOT NULL
  ) STRICT;
  CREATE INDEX activity_who ON activity(seq, who, steps);
  CREATE INDEX activity_casella ON activity(casella_id, seq) WHERE casella_id IS NOT NULL;
  CREATE TABLE activity_count(
    batch INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, several INTEGER NOT NULL, at TEXT NOT NULL,
    n INTEGER NOT NULL, PRIMARY KEY(batch, kind, who, several)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- held: waits for its operator to send it. entered_by: who entered what has passed to another operator.
  ALTER TABLE operation ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE operation ADD COLUMN entered_by TEXT;
  CREATE INDEX operation_held ON operation(operator, lane, seq) WHERE state = 'pending' AND held = 1;
  CREATE INDEX operation_lane ON operation(lane, seq);
  -- The groups of what needs a person are counted from this alone.
  CREATE INDEX operation_group ON operation(
    type, state, json_extract(reason, '$.code'), json_extract(conflict, '$.fields'), operator, seq)
    WHERE state IN ('conflict', 'needs_review', 'rejected') OR (state = 'uncertain' AND next_at IS NULL);
  CREATE TABLE bozza(
    id TEXT PRIMARY KEY, operator TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, data TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX bozza_operator ON bozza(operator, updated_at);
  `,
  `
  -- What the list is filtered and sorted by stands in two indexes, which are a tenth of the table.
  ALTER TABLE casella ADD COLUMN richiesta TEXT NOT NULL DEFAULT 'nessuna';
  ALTER TABLE casella ADD COLUMN contratto INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE casella ADD COLUMN sospesa INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE casella ADD COLUMN password_scaduta INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE casella ADD COLUMN comunicazioni_email TEXT;
  UPDATE casella SET
    richiesta = coalesce(json_extract(coalesce(server, local), '$.richiesta'), 'nessuna'),
    contratto = coalesce(json_extract(coalesce(server, local), '$.contratto'), 0),
    sospesa = coalesce(json_extract(coalesce(server, local), '$.sospesa'), 0),
    password_scaduta = coalesce(json_extract(coalesce(server, local), '$.passwordScaduta'), 0),
    comunicazioni_email = json_extract(coalesce(server, local), '$.comunicazioniEmail');
  -- What waits in the outbox is laid over these columns as well.
  INSERT INTO meta(key, value) VALUES ('reproject', 'true') ON CONFLICT(key) DO UPDATE SET value = excluded.value;
  CREATE INDEX casella_elenco ON casella(
    stato, dominio_id, tipologia, richiesta, assistente_id, contratto, sospesa, password_scaduta, inserita, scadenza,
    usato_mb, quota_mb, soft_limit_mb, in_coda);
  CREATE INDEX casella_testi ON casella(titolare COLLATE NOCASE, indirizzo, codice_fiscale, comunicazioni_email);
  CREATE TABLE vista(
    id TEXT PRIMARY KEY, operator TEXT NOT NULL, nome TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX vista_operator ON vista(operator, nome);
  `,
  `
  -- What the filters of the holders compare (D19), made from what stands there already: nothing is written anew.
  -- Of numbers the figures alone: contract/rules/telefono.ts, numberKey. shown: the holder with its pending changes.
  ALTER TABLE titolare ADD COLUMN shown TEXT;
  ALTER TABLE titolare ADD COLUMN telefono TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(coalesce(shown, server, json_extract(local, '$.titolare')), '$.telefono'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE titolare ADD COLUMN cellulare TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(coalesce(shown, server, json_extract(local, '$.titolare')), '$.cellulare'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE titolare ADD COLUMN fax TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(coalesce(shown, server, json_extract(local, '$.titolare')), '$.fax'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE indirizzo ADD COLUMN telefono TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(server, '$.telefono'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE indirizzo ADD COLUMN cellulare TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(server, '$.cellulare'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE indirizzo ADD COLUMN fax TEXT
    GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(json_extract(server, '$.fax'), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '+39', '')) VIRTUAL;
  ALTER TABLE indirizzo ADD COLUMN email TEXT GENERATED ALWAYS AS (json_extract(server, '$.email')) VIRTUAL;
  ALTER TABLE attivita ADD COLUMN partita_iva TEXT GENERATED ALWAYS AS (json_extract(server, '$.partitaIva')) VIRTUAL;
  `,
  `
  -- When the provider last said the settings of a casella.
  ALTER TABLE impostazioni ADD COLUMN read_at TEXT;
  `,
  `
  -- Rows that came with an answer older than the feed: the provider is asked for them again.
  CREATE TABLE reread(kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;
  `,
  `
  -- Many files at once: what was found out of each and what a person decided of it. What is not sent stays here.
  CREATE TABLE lotto(
    id TEXT PRIMARY KEY, nome TEXT NOT NULL, operatore TEXT NOT NULL, creato TEXT NOT NULL, stato TEXT NOT NULL,
    soglia INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE riga_lotto(
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lotto_id TEXT NOT NULL REFERENCES lotto(id), posizione INTEGER NOT NULL,
    nome_file TEXT NOT NULL, bytes INTEGER NOT NULL, stato TEXT NOT NULL, deposito_id TEXT, sha256 TEXT, casella_id TEXT,
    operation_id TEXT, data TEXT NOT NULL, lettura TEXT
  ) STRICT;
  CREATE INDEX riga_lotto_stato ON riga_lotto(lotto_id, stato, posizione);
  CREATE INDEX riga_lotto_posizione ON riga_lotto(lotto_id, posizione);
  CREATE INDEX riga_lotto_sha256 ON riga_lotto(sha256) WHERE sha256 IS NOT NULL;
  CREATE INDEX riga_lotto_da_leggere ON riga_lotto(pk) WHERE stato = 'da_leggere';
  CREATE INDEX riga_lotto_deposito ON riga_lotto(deposito_id) WHERE deposito_id IS NOT NULL;
  CREATE INDEX riga_lotto_operation ON riga_lotto(operation_id) WHERE operation_id IS NOT NULL;
  -- arrivato: at the provider; copia: whether the bytes are still kept here.
  ALTER TABLE deposito ADD COLUMN arrivato TEXT;
  ALTER TABLE deposito ADD COLUMN copia INTEGER NOT NULL DEFAULT 1;
  UPDATE deposito SET copia = 0 WHERE id IN (SELECT deposito_id FROM operation WHERE state = 'settled' AND deposito_id IS NOT NULL);
  -- Documents of all caselle, as they are listed and filtered.
  ALTER TABLE documento ADD COLUMN stato TEXT GENERATED ALWAYS AS (json_extract(server, '$.stato')) VIRTUAL;
  ALTER TABLE documento ADD COLUMN tipo TEXT GENERATED ALWAYS AS (json_extract(server, '$.tipo')) VIRTUAL;
  ALTER TABLE documento ADD COLUMN caricato TEXT GENERATED ALWAYS AS (json_extract(server, '$.caricato')) VIRTUAL;
  `,
  `
  -- The forms that were printed, by the code that brings their signed copies back.
  CREATE TABLE modulo(
    code TEXT PRIMARY KEY, kind TEXT NOT NULL, casella_id TEXT NOT NULL, titolare_id TEXT, operator TEXT NOT NULL,
    made_at TEXT NOT NULL, sha256 TEXT NOT NULL, returned_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX modulo_casella ON modulo(casella_id, made_at);
  CREATE INDEX local_id_server ON local_id(server_id);
  `,
  `
  -- The histories that somebody looked at: owner is 'casella ID' or 'titolare ID', rows their records as the provider says
  -- them, the newest first.
  CREATE TABLE storico(
    owner TEXT PRIMARY KEY, read_at TEXT NOT NULL, next TEXT, rows TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- When the holder's password ends (D77).
  ALTER TABLE casella ADD COLUMN password_scade TEXT;
  UPDATE casella SET password_scade = json_extract(coalesce(server, local), '$.passwordScadeIl')
    WHERE json_extract(coalesce(server, local), '$.passwordScadeIl') IS NOT NULL;
  CREATE INDEX casella_password_scade ON casella(password_scade, stato, dominio_id);
  `,
  `
  -- Accesses to personal data that left the archive as a file: appended, never changed. No name stands in it.
  CREATE TABLE accesso(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, operator TEXT NOT NULL, role TEXT NOT NULL,
    kind TEXT NOT NULL, titolare_id TEXT, format TEXT NOT NULL, purpose TEXT NOT NULL, rows INTEGER
  ) STRICT;
  CREATE TRIGGER accesso_unchanged BEFORE UPDATE ON accesso BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  CREATE TRIGGER accesso_kept BEFORE DELETE ON accesso BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  -- A REPLACE deletes without the trigger of deletions.
  CREATE TRIGGER accesso_appended BEFORE INSERT ON accesso WHEN EXISTS (SELECT 1 FROM accesso WHERE seq = NEW.seq)
    BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  `,
  `
  -- What the home and the reports add up: casella-sums.ts makes and keeps it. No assistente is the empty string. What is
  -- shown counts, with what waits in the outbox; the months are of what the provider says.
  CREATE TABLE casella_totale(
    dominio_id TEXT NOT NULL, assistente_id TEXT NOT NULL, tipologia TEXT NOT NULL, stato TEXT NOT NULL,
    caselle INTEGER NOT NULL, usato_mb INTEGER NOT NULL, quota_mb INTEGER NOT NULL, oltre_soglia INTEGER NOT NULL,
    PRIMARY KEY(dominio_id, assistente_id, tipologia, stato)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE casella_mese(
    evento TEXT NOT NULL, mese TEXT NOT NULL, dominio_id TEXT NOT NULL, tipologia TEXT NOT NULL, quota_mb INTEGER NOT NULL,
    caselle INTEGER NOT NULL, PRIMARY KEY(evento, mese, dominio_id, tipologia, quota_mb)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE casella_attesa(
    mese TEXT NOT NULL, giorni INTEGER NOT NULL, caselle INTEGER NOT NULL, PRIMARY KEY(mese, giorni)
  ) STRICT, WITHOUT ROWID;
  -- Up to which key of casella the sums are made.
  CREATE TABLE casella_sommata(fino INTEGER NOT NULL) STRICT;
  INSERT INTO casella_sommata VALUES (0);
  -- Space of a casella as the provider told it: once a day at most, when it moved by half a hundredth of the quota or
  -- more; the last 30 of each.
  CREATE TABLE casella_spazio(
    casella_pk INTEGER NOT NULL, giorno TEXT NOT NULL, usato_mb INTEGER NOT NULL, PRIMARY KEY(casella_pk, giorno)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER casella_spazio_cambia AFTER UPDATE OF server ON casella
    WHEN json_extract(old.server, '$.usatoMb') <> json_extract(new.server, '$.usatoMb') BEGIN
    INSERT OR IGNORE INTO casella_spazio
      SELECT new.pk, substr(json_extract(old.server, '$.updatedAt'), 1, 10), json_extract(old.server, '$.usatoMb')
      WHERE NOT EXISTS (SELECT 1 FROM casella_spazio WHERE casella_pk = new.pk);
    INSERT INTO casella_spazio
      SELECT new.pk, substr(json_extract(new.server, '$.updatedAt'), 1, 10), json_extract(new.server, '$.usatoMb')
      WHERE abs(json_extract(new.server, '$.usatoMb') - coalesce((SELECT usato_mb FROM casella_spazio
        WHERE casella_pk = new.pk ORDER BY giorno DESC LIMIT 1), 0)) * 200 >= new.quota_mb
      ON CONFLICT DO UPDATE SET usato_mb = excluded.usato_mb;
    DELETE FROM casella_spazio WHERE casella_pk = new.pk AND giorno <= (SELECT giorno FROM casella_spazio
      WHERE casella_pk = new.pk ORDER BY giorno DESC LIMIT 1 OFFSET 30);
  END;
  CREATE TRIGGER casella_spazio_via AFTER DELETE ON casella BEGIN
    DELETE FROM casella_spazio WHERE casella_pk = old.pk;
  END;
  -- What only the provider knows, as it was last read, with the moment of the reading.
  CREATE TABLE lettura(
    chiave TEXT PRIMARY KEY, letta TEXT NOT NULL, corpo TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The list of segnalazioni (D109): by date, type, state and operator, and by the words of it and of its messages.
  ALTER TABLE segnalazione ADD COLUMN tipo TEXT GENERATED ALWAYS AS (json_extract(server, '$.tipo')) VIRTUAL;
  ALTER TABLE segnalazione ADD COLUMN aperta_da TEXT GENERATED ALWAYS AS (json_extract(server, '$.apertaDa')) VIRTUAL;
  ALTER TABLE segnalazione ADD COLUMN mossa TEXT GENERATED ALWAYS AS (json_extract(server, '$.updatedAt')) VIRTUAL;
  ALTER TABLE segnalazione ADD COLUMN mossa_da TEXT GENERATED ALWAYS AS (json_extract(server, '$.updatedBy')) VIRTUAL;
  CREATE INDEX segnalazione_elenco ON segnalazione(aperta, stato, tipo, aperta_da);
  CREATE INDEX segnalazione_operatore ON segnalazione(aperta_da);
  CREATE INDEX segnalazione_mossa ON segnalazione(mossa, mossa_da, id);
  CREATE VIRTUAL TABLE segnalazione_fts USING fts5(
    testo, content='', contentless_delete=1, detail=none,
    tokenize="unicode61 remove_diacritics 2"
  );
  CREATE VIRTUAL TABLE messaggio_fts USING fts5(
    testo, content='', contentless_delete=1, detail=none,
    tokenize="unicode61 remove_diacritics 2"
  );
  INSERT INTO segnalazione_fts(rowid, testo) SELECT pk, json_extract(server, '$.id') || ' ' || json_extract(server, '$.titolo')
    || ' ' || json_extract(server, '$.descrizione') || ' ' || coalesce(json_extract(server, '$.problema'), '')
    || ' ' || coalesce(json_extract(server, '$.azione'), '') || ' ' || coalesce(json_extract(server, '$.soluzione'), '')
    FROM segnalazione;
  INSERT INTO messaggio_fts(rowid, testo) SELECT pk, json_extract(server, '$.testo') FROM messaggio;
  -- Up to which movement of it an operator has looked at a segnalazione.
  CREATE TABLE segnalazione_letta(
    operator TEXT NOT NULL, segnalazione_id TEXT NOT NULL, fino TEXT NOT NULL, PRIMARY KEY(operator, segnalazione_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Who did what when in this application: appended, each bound to the one before by its hash. Ids alone stand in it.
  CREATE TABLE atto(
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, act TEXT NOT NULL, ids TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER atto_unchanged BEFORE UPDATE ON atto BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  CREATE TRIGGER atto_kept BEFORE DELETE ON atto BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  CREATE TRIGGER atto_appended BEFORE INSERT ON atto WHEN EXISTS (SELECT 1 FROM atto WHERE seq = NEW.seq)
    BEGIN SELECT raise(ABORT, 'the register is append-only'); END;
  `,
  `
  -- Whether a list left with codici fiscali and contacts; null for what is no list, and for the entries before.
  ALTER TABLE accesso ADD COLUMN contacts INTEGER;
  `,
  `
  -- The last day of a holder's identity document (D61), as the screens show it; whose caselle are in life, and which
  -- passwords still hold, without reading their rows.
  ALTER TABLE titolare ADD COLUMN documento_scade TEXT
    GENERATED ALWAYS AS (json_extract(coalesce(shown, server, json_extract(local, '$.titolare')), '$.documentoIdentita.scadenza')) VIRTUAL;
  DROP INDEX IF EXISTS casella_titolare;
  CREATE INDEX casella_di_titolare ON casella(titolare_id, stato, dominio_id);
  DROP INDEX IF EXISTS casella_password_scade;
  CREATE INDEX casella_password_giorno ON casella(password_scade, password_scaduta, stato, dominio_id);
  `,
  `
  -- Reports and lists that an operator makes again and again (contract/report-salvato.ts).
  CREATE TABLE report_salvato(
    id TEXT PRIMARY KEY, operator TEXT NOT NULL, nome TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX report_salvato_operator ON report_salvato(operator, nome);
  `,
  `
  -- Words of caselle by their place in the order of addresses (casella-places.ts): built anew after the first try to align, with a network or without.
  DROP TABLE casella_fts;
  CREATE VIRTUAL TABLE casella_fts USING fts5(
    indirizzo, titolare, codice_fiscale, ragione_sociale,
    content='', detail=none, columnsize=0, prefix='1 2 3 4 5 6 7 8', tokenize="unicode61 remove_diacritics 2"
  );
  CREATE TABLE casella_posto(posto INTEGER PRIMARY KEY, casella_pk INTEGER NOT NULL UNIQUE) STRICT;
  UPDATE meta SET value = json_remove(value, '$.casella') WHERE key = 'searchIndex';
  `,
  `
  -- Parts of words, three signs at a time (search-index.ts): built anew in the background, as after a first copy.
  DROP TABLE casella_fts;
  DROP TABLE titolare_fts;
  CREATE VIRTUAL TABLE casella_fts USING fts5(
    parole, content='', columnsize=0, tokenize="trigram case_sensitive 1"
  );
  CREATE VIRTUAL TABLE titolare_fts USING fts5(
    parole, content='', columnsize=0, tokenize="trigram case_sensitive 1"
  );
  DELETE FROM casella_posto;
  DELETE FROM meta WHERE key = 'searchIndex';
  `,
  `
  -- By which the copy of a file is checked piece by piece as it is sent (documenti/piece-tags.ts).
  ALTER TABLE deposito ADD COLUMN tags BLOB;
  `,
]
