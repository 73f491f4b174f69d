import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SegnalazioniRequest } from '../../src-main/contract/registro.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import type { Messaggio, Segnalazione } from '../../src-main/provider-contract/segnalazione.ts'
import { segnalazioneStore } from '../../src-main/segnalazioni/segnalazione-store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { processorMs } from '../support/processor-time.ts'

const COUNT = 20_000
const tipi = ['attivazione', 'credenziali', 'posta', 'documenti'] as const
const stati = ['aperta', 'presa_in_carico', 'attesa_operatore', 'chiusa'] as const

function made(n: number): Segnalazione {
  const at = new Date(Date.UTC(2024, 0, 1) + n * 3_000_000).toISOString()
  return {
    id: `R${n}`,
    version: 1,
    updatedAt: at,
    updatedBy: n % 3 === 0 ? 'assistenza' : 'demo',
    enteId: 'E1',
    tipo: tipi[n % 4] ?? 'altro',
    titolo: `Casella ${n} ancora in attesa`,
    descrizione: `Il contratto firmato è stato caricato, la pratica è la numero p${n % 977}x.`,
    stato: stati[Math.floor(n / 4) % 4] ?? 'chiusa',
    casellaId: null,
    apertaDa: n % 2 === 0 ? 'demo' : 'collega',
    destinatario: null,
    aperta: at,
    presaEntro: at,
    presaInCarico: null,
    chiusa: null,
    problema: null,
    azione: null,
    soluzione: null,
  }
}

const written = (n: number, turn: number): Messaggio => ({
  id: `M${n}-${turn}`,
  version: 1,
  updatedAt: made(n).aperta,
  updatedBy: 'demo',
  enteId: 'E1',
  segnalazioneId: `R${n}`,
  autore: 'demo',
  parte: 'operatore',
  testo: `Della casella si attende una risposta, turno ${turn}.`,
  inviato: made(n).aperta,
  allegati: [],
})

test('twenty thousand segnalazioni are searched, narrowed and paged in an instant', () => {
  const db = openDatabase(join(temporaryFolder(), 'sportello.db'), 'ab'.repeat(32))
  const store = segnalazioneStore(db, metaStore(db))
  db.repeatableTransaction(() => {
    for (let n = 0; n < COUNT; n += 1) {
      store.segnalazioni.write(made(n))
      store.messaggi.write(written(n, 0))
      store.messaggi.write(written(n, 1))
    }
  })
  const reader = { id: 'op', user: 'demo' }
  const cases = [
    {},
    { offset: COUNT - 50 },
    { search: 'casella' },
    { search: 'numero p432x' },
    { search: 'contratto', stato: 'aperta', tipo: 'attivazione', operatore: 'demo' },
    { stato: 'non_chiuse', dal: '2025-01-01', ordine: 'aggiornata' },
    { nonLette: true },
  ] as const
  const times = cases.map((narrowed) => {
    const begun = processorMs()
    const { total, rows } = store.page(SegnalazioniRequest.parse({ offset: 0, limit: 50, ...narrowed }), reader)
    expect(rows.length).toBe(Math.min(total, 50))
    return Math.round(processorMs() - begun)
  })
  expect(store.page(SegnalazioniRequest.parse({ offset: 0, limit: 50, search: 'numero p432x' }), reader).total).toBe(21)
  // Generous, for a machine that does much else: each takes a few milliseconds on a free one.
  expect(times.map((ms) => ms < 1000)).toEqual(times.map(() => true))
  db.close()
})
