import { CopiaDati, type SezioneCopia } from '../contract/copia-dati.ts'
import type { CopiaDatiStore, HeldPerson, HeldRow, HeldTable } from './copia-dati-store.ts'
import { ALTRA_PERSONA, bozzaOf, mentions, namesOthers, OPERATORE, withoutAuthors } from './persons-apart.ts'

/** In which part of the copy each table stands. */
export const sezioneOf: Record<HeldTable, SezioneCopia> = {
  titolare: 'titolari',
  indirizzo: 'indirizzi',
  attivita: 'attivita',
  casella: 'caselle',
  impostazioni: 'impostazioni',
  storico: 'storico',
  documento: 'documenti',
  deposito: 'copieLocali',
  riga_lotto: 'lotti',
  modulo: 'moduli',
  nota: 'note',
  segnalazione: 'segnalazioni',
  messaggio: 'messaggi',
  richiesta: 'richieste',
  operation: 'operazioni',
  operation_history: 'passaggiOperazioni',
  activity: 'novita',
  bozza: 'bozze',
  vista: 'viste',
  report_salvato: 'reportSalvati',
  local_id: 'identificativi',
  accesso: 'accessi',
  casella_spazio: 'spazio',
  atto: 'atti',
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
function objectOf(value: unknown): HeldRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
const listOf = (value: unknown): HeldRow[] => (Array.isArray(value) ? value.map(objectOf) : [])

/** What the provider last said of the row; else what was entered here. */
const rowOf = (row: HeldRow): HeldRow => objectOf(row['server'] ?? row['local'])

async function gathered(store: CopiaDatiStore, table: HeldTable, person: HeldPerson): Promise<HeldRow[]> {
  const rows: HeldRow[] = []
  for await (const row of store.rows(table, person)) rows.push(row)
  return rows
}

/** When a row came to be, whichever its table. */
function momentOf(row: HeldRow): string {
  const inner = rowOf(row)
  for (const name of ['caricato', 'scritta', 'aperta', 'created'])
    if (textOf(inner[name]) !== '') return textOf(inner[name])
  for (const name of ['created_at', 'made_at', 'at', 'quando']) if (textOf(row[name]) !== '') return textOf(row[name])
  return ''
}

/** Since when each casella is the person's, where a change of holder is known: what is older is somebody else's. */
function heldSince(storico: readonly HeldRow[], activity: readonly HeldRow[], person: HeldPerson): Map<string, string> {
  const since = new Map<string, string>()
  const later = (casella: string, at: string): void => {
    if (at > (since.get(casella) ?? '')) since.set(casella, at)
  }
  for (const record of storico)
    for (const { campo, prima, dopo } of listOf(record['campi']))
      if (campo === 'titolareId' && textOf(prima) !== '' && person.titolari.includes(textOf(dopo)))
        later(textOf(record['casellaId']), textOf(record['quando']))
  for (const { kind, casella_id, at } of activity)
    if (kind === 'casella.titolare_cambiato') later(textOf(casella_id), textOf(at))
  return since
}

/** A subentro names who takes over, and where that person is written to. */
function subentroApart(row: HeldRow, person: HeldPerson): HeldRow {
  const args = objectOf(row['args'])
  const richiesta = objectOf(args['richiesta'])
  if (richiesta['tipo'] !== 'subentro' || person.titolari.includes(textOf(richiesta['titolareId']))) return row
  const apart = { ...richiesta, titolareId: ALTRA_PERSONA, comunicazioniEmail: null }
  return { ...row, args: { ...args, richiesta: apart } }
}

function rigaLottoApart(row: HeldRow, person: HeldPerson): HeldRow {
  const data = objectOf(row['data'])
  const candidati = listOf(data['candidati']).filter((each) => mentions(each, person))
  // Signers are told by their certificates: only where the codes are the person's alone.
  const { firmatari, cfFirma, ...rest } = data
  const others = namesOthers({ firmatari, cfFirma }, person) || !mentions({ cfFirma }, person)
  const lettura = namesOthers(row['lettura'], person) || others ? null : row['lettura']
  return { ...row, data: { ...rest, candidati, ...(others ? {} : { firmatari, cfFirma }) }, lettura }
}

const foreign = (value: unknown, campo: unknown, person: HeldPerson): unknown =>
  campo === 'titolareId' && textOf(value) !== '' && !person.titolari.includes(textOf(value)) ? ALTRA_PERSONA : value

/** Everything that is held of one holder, and nothing that is another's. Reads only. */
export async function copiaDati(
  store: CopiaDatiStore,
  titolareId: string,
  facts: Pick<CopiaDati, 'creata' | 'ente' | 'gestore' | 'scopo' | 'allineata'>,
): Promise<CopiaDati> {
  const person = store.person(titolareId)
  const raw = async (table: HeldTable): Promise<HeldRow[]> => gathered(store, table, person)
  const isOwn = (row: HeldRow): boolean => person.titolari.includes(textOf(row['titolare_id'])) || mentions(row, person)

  const records = (await raw('storico'))
    .flatMap((reading) => listOf(reading['rows']).map((record): HeldRow => ({ ...record, letto: reading['read_at'] })))
    .filter(({ titolareId: of }) => textOf(of) === '' || person.titolari.includes(textOf(of)))
  const news = (await raw('activity')).filter(isOwn)
  const since = heldSince(records, news, person)
  const fromThen = (row: HeldRow): boolean => {
    if (person.titolari.includes(textOf(row['titolare_id']))) return true
    const moment = momentOf(row)
    return moment === '' || moment >= (since.get(textOf(row['casella_id'] ?? row['casellaId'])) ?? '')
  }

  const operations = (await raw('operation')).filter((row) => isOwn(row) && fromThen(row))
  const seqs = new Set(operations.map(({ seq }) => seq))
  const segnalazioni = (await raw('segnalazione')).filter((row) => isOwn(row) && fromThen(row))
  const asked = new Set(segnalazioni.map(({ id }) => id))
  const moduli = (await raw('modulo')).filter(
    (row) => row['titolare_id'] === null || person.titolari.includes(textOf(row['titolare_id'])),
  )

  const sections: Record<SezioneCopia, HeldRow[]> = {
    titolari: await raw('titolare'),
    indirizzi: await raw('indirizzo'),
    attivita: await raw('attivita'),
    caselle: await raw('casella'),
    impostazioni: await raw('impostazioni'),
    storico: records.filter(fromThen).map((record) => ({
      ...record,
      campi: listOf(record['campi']).map(({ campo, prima, dopo }) => ({
        campo,
        prima: foreign(prima, campo, person),
        dopo: foreign(dopo, campo, person),
      })),
    })),
    documenti: (await raw('documento')).filter(fromThen),
    copieLocali: (await raw('deposito')).filter(fromThen),
    lotti: (await raw('riga_lotto')).filter(isOwn).map((row) => rigaLottoApart(row, person)),
    moduli: moduli.filter(fromThen),
    note: (await raw('nota')).filter(fromThen),
    segnalazioni,
    messaggi: (await raw('messaggio'))
      .filter(({ segnalazione_id }) => asked.has(segnalazione_id))
      .map((row) =>
        rowOf(row)['parte'] === 'assistenza' ? { ...row, server: { ...rowOf(row), autore: 'assistenza' } } : row,
      ),
    richieste: (await raw('richiesta')).filter(fromThen),
    operazioni: operations.map((row) => subentroApart(row, person)),
    passaggiOperazioni: (await raw('operation_history')).filter(({ seq }) => seqs.has(seq)),
    unioni: operations.filter(({ type }) => type === 'titolare.fusione'),
    novita: news.filter(fromThen).map((row) => ({
      ...row,
      // Of a change of holder the other one is somebody else.
      fields: row['kind'] === 'casella.titolare_cambiato' ? [] : row['fields'],
    })),
    bozze: (await raw('bozza')).map((row) => bozzaOf(row, person)).filter((row) => row !== null),
    viste: (await raw('vista')).filter((row) => mentions(row, person) && !namesOthers(row, person)),
    reportSalvati: (await raw('report_salvato')).filter((row) => mentions(row, person) && !namesOthers(row, person)),
    identificativi: await raw('local_id'),
    accessi: await raw('accesso'),
    spazio: await raw('casella_spazio'),
    atti: (await raw('atto')).filter((row) => mentions(row, person)),
  }
  const apart = Object.fromEntries(
    Object.entries(sections).map(([name, rows]) => [
      name,
      rows.map((row) => {
        const role = objectOf(row['server'])['autore'] === 'assistenza' ? 'assistenza' : OPERATORE
        const said = objectOf(withoutAuthors(row))
        return role === OPERATORE ? said : { ...said, server: { ...objectOf(said['server']), autore: role } }
      }),
    ]),
  )
  return CopiaDati.parse({
    formato: 'sportello-lra/copia-dati-personali',
    versione: 1,
    ...facts,
    ...apart,
  })
}
