/** A test that shows a rule: a file, and the exact text of a test, a step or a group in it. */
export interface Showing {
  file: string
  title: string
}

/** The rules of the panels (domain of the registry, by number) and what shows that they hold here. */
export interface Rule {
  rule: `D${number}`
  /** What ours does instead, where the rule is of a panel that we do not copy. */
  instead?: string
  tests: readonly Showing[]
}

const shown = (file: string, ...titles: string[]): Showing[] => titles.map((title) => ({ file, title }))
const life = 'test/sandbox/life.test.ts'
const writes = 'test/sandbox/writes.test.ts'
const contract = 'test/sandbox/contract.test.ts'
const settings = 'test/sandbox/impostazioni.test.ts'
const table = 'test/sandbox/boundary-table.test.ts'
const wizard = 'test/e2e/new-casella.spec.ts'
const vita = 'test/e2e/vita-casella.spec.ts'
const steps = 'src-renderer/nuova-casella/wizard-steps.test.ts'
const next = 'src-renderer/caselle/next-step.test.ts'
const panes = 'src-renderer/titolari/titolare-panes.test.ts'
const columns = 'src-renderer/caselle/casella-columns.test.ts'
const holders = 'test/e2e/titolari.spec.ts'
const first = 'test/e2e/first-run.spec.ts'
const posta = 'src-renderer/caselle/posta-edit.test.ts'
const format = 'src-renderer/locales/format.test.ts'
const entrance = 'src-renderer/domini/dominio-entrance.test.ts'
const domini = 'test/core/domini.test.ts'

export const regole: readonly Rule[] = [
  // A. Actors, access, shell
  { rule: 'D1', tests: shown(table, 'an ente reaches nothing of another one') },
  {
    rule: 'D2',
    tests: [
      ...shown(table, 'an aggregatore reads the enti that joined it, their domini and caselle, and their figures'),
      ...shown(contract, 'an aggregatore has the figures of each ente that joined and their sums'),
    ],
  },
  { rule: 'D3', tests: shown(entrance, 'with one domain it is chosen by itself, once all of them are known (D3)') },
  {
    rule: 'D4',
    instead: 'An operator of the ente manages all caselle of its domains; of one domain alone, the whole list.',
    tests: [
      ...shown('test/sandbox/boundary.test.ts', 'the demo user sees exactly the caselle asked for'),
      ...shown(entrance, 'with one domain it is chosen by itself, once all of them are known (D3)'),
    ],
  },
  {
    rule: 'D5',
    tests: [
      ...shown(contract, 'its contacts and its assistenti, whose code the Gestore gives'),
      ...shown(
        'test/e2e/elenco.spec.ts',
        'the figures of domains and assistenti lead to their caselle, which leave as a file by keyboard',
      ),
    ],
  },
  {
    rule: 'D6',
    tests: [
      ...shown(
        domini,
        'domains are listed and shown with their caselle by state, and nobody but the Gestore changes them (D6, D90)',
      ),
      ...shown(
        life,
        'a casella from the upload to its deletion: activated by the Gestore, password by activation data',
      ),
    ],
  },
  {
    rule: 'D7',
    instead: 'No screen, field or figure has a rivenditore.',
    tests: shown(
      'src-renderer/shell/screens.test.ts',
      'the menu has the groups of the panels (D12), and nothing of a rivenditore (D7)',
    ),
  },
  {
    rule: 'D8',
    instead: 'The titolare has pages at the Gestore; an Ordine is an ente; the desk answers from the console.',
    tests: [
      ...shown(
        'test/e2e/gestore-pages.spec.ts',
        '${profile}: console and pages of the holder have no accessibility violation',
      ),
      ...shown(
        'test/sandbox/console.test.ts',
        'a segnalazione is taken, answered and closed with problem, action and solution, and its opener is told',
      ),
    ],
  },
  { rule: 'D9', tests: shown('test/e2e/sign-in.spec.ts', 'a wrong password is told at its field, which is emptied') },
  {
    rule: 'D10',
    instead: 'The badge says how current the figures are.',
    tests: shown(
      'src-renderer/shell/badge.test.ts',
      'says when the data were last equal to the provider',
      'does not claim an alignment that never was',
    ),
  },
  {
    rule: 'D11',
    tests: shown(first, 'the header names the ente, the operator and the e-mail for communications (D11)'),
  },
  {
    rule: 'D12',
    tests: shown(
      'src-renderer/shell/screens.test.ts',
      'the menu has the groups of the panels (D12), and nothing of a rivenditore (D7)',
    ),
  },
  { rule: 'D13', tests: shown(format, 'write the day of today in full (D13)') },
  {
    rule: 'D14',
    tests: [
      ...shown(entrance, 'with several domains the operator chooses one before the list appears (D14)'),
      ...shown(
        domini,
        'the domain that an operator works on is remembered for that operator alone, over a restart (D14)',
      ),
      ...shown(first, 'a domain chosen in place is where the list opens from then on (D14)'),
    ],
  },
  {
    rule: 'D15',
    tests: [
      ...shown(
        'src-renderer/caselle/casella-edit.test.ts',
        'brings the space of another class, and sends both as they were seen; back again is no change (D15)',
      ),
      ...shown(
        'test/core/many-caselle.test.ts',
        'the class of a casella is changed with its space where the plan is chosen, and to nothing that is not there (D15)',
      ),
      ...shown(
        contract,
        'the SLA of a period is the same each time, and a period that ends before it begins is refused',
      ),
    ],
  },

  // B. Home
  {
    rule: 'D16',
    tests: [
      ...shown(
        'test/e2e/cruscotto.spec.ts',
        'the home tells the service in figures that lead to their lists, and stands without a network',
      ),
      ...shown(contract, 'the figures keep the invariants (D18) and are those of the rows'),
      ...shown(
        'test/core/caselle-filters.test.ts',
        'the figures of a domain and of an assistente are those of the lists that they lead to',
      ),
    ],
  },
  {
    rule: 'D17',
    tests: shown(
      'test/core/caselle-filters.test.ts',
      'the figures of a domain and of an assistente are those of the lists that they lead to',
    ),
  },
  {
    rule: 'D18',
    tests: [
      ...shown(contract, 'the figures keep the invariants (D18) and are those of the rows'),
      ...shown(
        'test/sandbox/totals.test.ts',
        'after any series of writes the totals are those of the rows, and a write undone leaves them as they were',
      ),
    ],
  },

  // C. Titolari
  {
    rule: 'D19',
    tests: [
      ...shown('test/core/titolari-filters.test.ts', 'the filters of the holders (D19)'),
      ...shown(holders, 'the filters narrow the list, stand in the address, and are taken off one by one (D19)'),
    ],
  },
  {
    rule: 'D20',
    tests: shown(
      'test/core/titolari-filters.test.ts',
      'find nobody by what no value begins with, and everybody where nothing is asked',
    ),
  },
  { rule: 'D21', tests: shown(panes, 'a row has the columns of the panels (D21)') },
  { rule: 'D22', tests: shown(panes, 'the panes of a holder have the fields of the panels (D22 to D24)') },
  { rule: 'D23', tests: shown(panes, 'the panes of a holder have the fields of the panels (D22 to D24)') },
  { rule: 'D24', tests: shown(panes, 'the panes of a holder have the fields of the panels (D22 to D24)') },
  { rule: 'D25', tests: shown(first, 'the caselle of a titolare stand in their own pane (D25)') },
  {
    rule: 'D26',
    instead: 'An address or a company is added at any time.',
    tests: shown(holders, 'D26: an address is added at any time'),
  },
  {
    rule: 'D27',
    tests: shown(holders, 'the fields are locked until E, and Esc asks before something written is lost (D27)'),
  },
  {
    rule: 'D28',
    tests: [
      ...shown(writes, 'a codice fiscale belongs to one titolare of the ente, omocodia or not (D28)'),
      ...shown(
        'test/core/doppioni.test.ts',
        'the same codice fiscale is one person, also where omocodia replaced its digits (D28)',
      ),
      ...shown(
        holders,
        'two titolari who are the same are merged by keyboard, and nothing of the other is lost unseen (D28)',
      ),
    ],
  },
  {
    rule: 'D29',
    tests: [
      ...shown(steps, 'are those that the profile and the type of holder have (D29, D52, D55, D61)'),
      ...shown(
        panes,
        'the kind of ente belongs to a PA locale, the codice IPA to any PA, a document to profiles that keep one (D29)',
      ),
    ],
  },
  {
    rule: 'D30',
    instead:
      'Who signed is compared with the holder, and the identity document is asked for where the profile has one.',
    tests: [
      ...shown(
        'test/lotti/riga.test.ts',
        'the signer is compared with the holder by normalised form, and only where there is one',
      ),
      ...shown(steps, 'is an identity document that is valid and of days in order (D61)'),
    ],
  },

  // D. Caselle: list and search
  {
    rule: 'D31',
    tests: [
      ...shown(
        'test/core/caselle-filters.test.ts',
        'each filter finds the caselle that the provider says are so, and no other',
        'domain, kind, assistente and holder are each a filter, and filters hold together',
      ),
      ...shown(
        'test/core/sync.test.ts',
        'the search finds by address, holder, codice fiscale and ragione sociale, as one types',
      ),
    ],
  },
  {
    rule: 'D32',
    tests: shown(
      'test/core/caselle-filters.test.ts',
      'each filter finds the caselle that the provider says are so, and no other',
    ),
  },
  {
    rule: 'D33',
    instead: 'All of the chosen domain, or of all domains (D14).',
    tests: shown(first, 'from the welcome to 5,000 caselle in three presses, with nothing fetched from elsewhere'),
  },
  { rule: 'D34', tests: shown(columns, 'the columns of the panels can all be shown (D34, D43)') },
  { rule: 'D35', tests: shown(first, 'the panel of a casella has what the panels show of it (D35)') },
  {
    rule: 'D36',
    tests: shown('test/sandbox/profiles.test.ts', 'the classes of the panels are those of the profiles (D36)'),
  },
  {
    rule: 'D37',
    tests: [
      ...shown(
        'test/sandbox/generated-data.test.ts',
        'an expiry is the last day of a month, ahead for active caselle and past for expired ones (D37)',
      ),
      ...shown('test/export/csv.test.ts', 'an expiry at the end of the last day is that day in Italy'),
    ],
  },
  { rule: 'D38', tests: shown(format, 'say which rows of how many are in sight (D38)') },
  { rule: 'D39', tests: shown('src-renderer/caselle/azione-casella.test.ts', 'are those of the profile (D81)') },
  {
    rule: 'D40',
    tests: [
      ...shown('src-renderer/caselle/azione-casella.test.ts', 'are those of the profile (D81)'),
      ...shown(
        'test/e2e/elenco.spec.ts',
        'an action on what is selected by keyboard reaches the Gestore for just those',
      ),
    ],
  },
  {
    rule: 'D41',
    tests: shown('test/core/sync.test.ts', 'a deleted casella stays visible (D68), and one that leaves the scope goes'),
  },
  {
    rule: 'D42',
    tests: shown(
      'test/e2e/search.spec.ts',
      'by address, as it is typed',
      'dominio and stato narrow the list, stand in the address, and are there again on return',
    ),
  },
  { rule: 'D43', tests: shown(columns, 'the columns of the panels can all be shown (D34, D43)') },
  { rule: 'D44', tests: shown(format, 'leave a day without a time where it is, and tolerate its absence (D44)') },

  // E. Creation
  {
    rule: 'D45',
    tests: shown(
      wizard,
      'name and communications e-mail are all; several come from a spreadsheet, and only valid rows are made (D55, D56)',
    ),
  },
  {
    rule: 'D46',
    tests: [
      ...shown(steps, 'are those that the profile and the type of holder have (D29, D52, D55, D61)'),
      ...shown(writes, 'the name check tells free, taken, burned and invalid names apart'),
    ],
  },
  {
    rule: 'D47',
    tests: [
      ...shown(life, 'a plan that is fixed admits no other space'),
      ...shown('test/sandbox/profiles.test.ts', 'class and duration are fixed by the provider where the plan is (D47)'),
    ],
  },
  {
    rule: 'D48',
    tests: [
      ...shown(steps, 'a known holder (D48)'),
      ...shown(
        wizard,
        'a known codice fiscale fills the holder in, what changes is told, and a known address is named (D48, D51)',
      ),
    ],
  },
  {
    rule: 'D49',
    tests: [
      ...shown(steps, 'is an address whole or not at all (D49)'),
      ...shown(writes, 'a titolare comes with indirizzi and attivita in one request (D49, D53)'),
    ],
  },
  {
    rule: 'D50',
    tests: [
      ...shown(steps, 'is name, code and mobile, the last where the profile says so (D50)'),
      ...shown(writes, 'where the cellulare is mandatory a titolare without one is refused (D50)'),
    ],
  },
  { rule: 'D51', tests: shown(steps, 'has its address named and not made again, or another one whole (D51)') },
  { rule: 'D52', tests: shown(steps, 'are those that the profile and the type of holder have (D29, D52, D55, D61)') },
  {
    rule: 'D53',
    tests: shown(
      steps,
      'is the entity of its type: what kind of local administration, a codice univoco of six characters (D53)',
    ),
  },
  {
    rule: 'D54',
    tests: shown(
      wizard,
      'toscana: a casella of a new company waits without network and arrives once, though an answer is lost; a draft is gone on with',
    ),
  },
  {
    rule: 'D55',
    tests: [
      ...shown('test/rules/denominazione.test.ts', 'denominazione (D55)'),
      ...shown(steps, 'ask of a provider that knows name and e-mail for nothing else (D55)'),
      ...shown(
        life,
        'a casella from the first password to its deletion: the password activates, notices, expiry, burned name',
      ),
    ],
  },
  {
    rule: 'D56',
    tests: [
      ...shown(
        'test/core/nuova-casella.test.ts',
        'of several caselle all are queued or none, and a new holder that two rows name is made once (D56)',
      ),
      ...shown('src-renderer/nuova-casella/righe-caselle.test.ts', 'rows of several caselle (D56)'),
    ],
  },

  // F. Activation and contract
  {
    rule: 'D57',
    tests: [
      ...shown(
        writes,
        'a new casella waits, without dates or contract (D57), with 80% of its quota as soft limit (D69)',
      ),
      ...shown(
        'test/sandbox/generated-data.test.ts',
        'a casella that waits has no dates and no contract (D57), and only then',
      ),
    ],
  },
  {
    rule: 'D58',
    tests: [
      ...shown('test/core/small-rules.test.ts', 'the state is the first thing that keeps a casella from being used'),
      ...shown(next, 'the holder signs on line, and the contract can be sent again (D59)'),
    ],
  },
  {
    rule: 'D59',
    tests: [
      ...shown(next, 'the holder signs on line, and the contract can be sent again (D59)'),
      ...shown(life, 'a casella from the contract to its deletion: signed online, password by link'),
    ],
  },
  {
    rule: 'D60',
    tests: [
      ...shown(
        next,
        'where the Gestore activates what was uploaded, the office acts until a document has arrived (D60)',
      ),
      ...shown(
        life,
        'a casella from the upload to its deletion: activated by the Gestore, password by activation data',
      ),
      ...shown(vita, 'documents that are missing before the activation are the office’s next step (D60)'),
    ],
  },
  {
    rule: 'D61',
    tests: [
      ...shown(steps, 'is an identity document that is valid and of days in order (D61)'),
      ...shown(wizard, 'the identity document is asked for, and one that has expired is refused in words (D61)'),
      ...shown(panes, 'an identity document is written whole or not at all, with days as Italians write them (D61)'),
      ...shown('test/core/scadenze.test.ts', 'identity documents (D61)'),
    ],
  },
  {
    rule: 'D62',
    tests: shown(
      next,
      'where a form is filled in, the holder or the office sends it and the Gestore takes days (D61 to D63)',
    ),
  },
  {
    rule: 'D63',
    tests: [
      ...shown(
        next,
        'where a form is filled in, the holder or the office sends it and the Gestore takes days (D61 to D63)',
      ),
      ...shown(
        life,
        'a casella from the form to its deletion: active some days after the papers, new password by form',
      ),
    ],
  },
  {
    rule: 'D65',
    tests: shown(
      life,
      'a casella from the form to its deletion: active some days after the papers, new password by form',
    ),
  },

  // G. Change, suspend, delete, quota, e-mail
  {
    rule: 'D66',
    tests: [
      ...shown(
        'src-renderer/caselle/casella-edit.test.ts',
        'sends only what differs, each with the value that was seen',
      ),
      ...shown(
        'test/e2e/offline-change.spec.ts',
        'changes made while the provider is away outlive a restart and arrive exactly once',
      ),
    ],
  },
  {
    rule: 'D67',
    tests: [
      ...shown(writes, 'a disabled casella is enabled again (D67)'),
      ...shown('test/e2e/offline-change.spec.ts', 'D67: disabling says what it does and asks'),
    ],
  },
  {
    rule: 'D68',
    tests: [
      ...shown(
        writes,
        'a deleted casella stays visible, changes no more and burns its name (D68)',
        'where names are never reused even the holder finds them burned',
      ),
      ...shown(
        vita,
        'a deletion says what is lost, offers disabling first, wants the address written, and arrives once (D68)',
      ),
    ],
  },
  {
    rule: 'D69',
    tests: [
      ...shown(
        'test/rules/soft-limit.test.ts',
        'the soft limit of a quota is 80% of it, rounded down to whole MB (D69)',
      ),
      ...shown(
        'src-renderer/caselle/casella-edit.test.ts',
        'resets the soft limit to 80% of a new quota (D69)',
        'warns of a quota below the used space without forbidding it (D69)',
      ),
    ],
  },
  {
    rule: 'D70',
    tests: [
      ...shown(
        'test/core/small-rules.test.ts',
        'the communications e-mail may be cleared (D70), and is checked when it is given',
      ),
      ...shown(
        life,
        'a casella from the first password to its deletion: the password activates, notices, expiry, burned name',
      ),
    ],
  },
  {
    rule: 'D71',
    tests: [
      ...shown(life, 'subentro: another holder, told with the old one, and no password until a new one is set'),
      ...shown(
        vita,
        'a change of holder names the new one, arrives once, and the document it lacks is the next step (D71)',
      ),
    ],
  },
  {
    rule: 'D72',
    tests: [
      ...shown(
        'src-renderer/caselle/azione-casella.test.ts',
        'one request at a time, and only a renewal for an expired casella (D72)',
      ),
      ...shown(
        'test/sandbox/generated-richieste.test.ts',
        'the Gestore can grant each kind, and refuse it; the operation tells',
      ),
    ],
  },
  {
    rule: 'D73',
    tests: shown(next, 'a disabled one is enabled again by the office, a suspended one by the Gestore (D67, D73)'),
  },

  // H. Passwords
  {
    rule: 'D74',
    tests: shown(
      'test/sandbox/used-passwords.test.ts',
      'a password in clear is nowhere: not in the database, a mail, a log, the storico or an answer',
    ),
  },
  {
    rule: 'D75',
    tests: [
      ...shown(life, 'a casella from the contract to its deletion: signed online, password by link'),
      ...shown(vita, 'a link for the password leaves once, to the communications e-mail, and not without one (D75)'),
    ],
  },
  {
    rule: 'D76',
    instead: 'The webmail is the Gestore’s; the welcome message says where the holder does it alone.',
    tests: shown(
      life,
      'a casella from the form to its deletion: active some days after the papers, new password by form',
    ),
  },
  {
    rule: 'D77',
    tests: [
      ...shown(
        life,
        'a casella from the first password to its deletion: the password activates, notices, expiry, burned name',
      ),
      ...shown(
        'test/core/scadenze.test.ts',
        'the passwords that end within thirty days are listed with their day, the earliest first (D77)',
      ),
    ],
  },
  {
    rule: 'D78',
    tests: shown(
      'src-renderer/caselle/password-words.test.ts',
      'a password is expired, about to, or good without a known end (D78)',
    ),
  },
  {
    rule: 'D79',
    tests: shown(
      'test/sandbox/used-passwords.test.ts',
      'a password that the holder has used is refused, and the link stays good for another (D79)',
    ),
  },
  {
    rule: 'D80',
    tests: shown('test/moduli/render-form.test.ts', 'the request for new credentials fits one page (D80)'),
  },
  {
    rule: 'D81',
    tests: [
      ...shown('src-renderer/caselle/azione-casella.test.ts', 'are those of the profile (D81)'),
      ...shown(
        'test/sandbox/generated-richieste.test.ts',
        'some holders wait for new credentials, in the way of the profile (D81)',
      ),
    ],
  },

  // J. History and notes
  {
    rule: 'D88',
    tests: [
      ...shown(
        'test/sandbox/storico.test.ts',
        'the storico of a casella is read newest first, page by page, with what hangs on it (D88, D89)',
      ),
      ...shown(
        'test/e2e/note.spec.ts',
        'a note written without network stands in the queue, reaches the colleagues, and is changed and taken back',
      ),
    ],
  },
  {
    rule: 'D89',
    tests: shown(
      'test/core/storico.test.ts',
      'the storico is read where it is looked at, grows with what is changed, and is read again without network with its time',
    ),
  },

  // K. Domini
  {
    rule: 'D90',
    tests: shown(
      domini,
      'domains are listed and shown with their caselle by state, and nobody but the Gestore changes them (D6, D90)',
    ),
  },
  {
    rule: 'D91',
    tests: shown(
      domini,
      'a dedicated domain is a priced item, as the provider tells its price; another one is not (D91)',
    ),
  },

  // N. Settings of a mailbox
  {
    rule: 'D111',
    tests: [
      ...shown(posta, 'a new mode goes with its own value, and one that is left takes its value along (D111)'),
      ...shown(settings, 'what the profile does not offer is refused, and so is what does not fit together'),
    ],
  },
  {
    rule: 'D112',
    tests: shown(
      posta,
      'a notice goes to two different addresses at most, and senders without an address are no rule (D112)',
    ),
  },
  {
    rule: 'D113',
    tests: shown(vita, 'is read, changed without network, arrives once, and its rule is cancelled (D111 to D113)'),
  },
  {
    rule: 'D114',
    tests: shown(posta, 'a notice is told to carry recipient, sender and subject, never the text (D114)'),
  },
  {
    rule: 'D115',
    tests: [
      ...shown('src-renderer/caselle/regole-edit.test.ts', 'the rules on incoming mail (D115)'),
      ...shown(
        settings,
        'antispam, rules in their order and the SMS notice are kept where the profile offers them (D115, D116)',
      ),
    ],
  },
  {
    rule: 'D116',
    tests: shown(
      settings,
      'antispam, rules in their order and the SMS notice are kept where the profile offers them (D115, D116)',
    ),
  },
  {
    rule: 'D117',
    tests: [
      ...shown(settings, 'conservazione survives deletion, and nothing of a deleted casella is changed'),
      ...shown('test/core/many-caselle.test.ts', 'conservazione is not begun where the profile has none (D117)'),
    ],
  },
  {
    rule: 'D118',
    tests: shown(
      'src-renderer/caselle/client-parameters.test.ts',
      'the servers of a mail program are those of the gestori, and none where they are not known (D118)',
    ),
  },
]
