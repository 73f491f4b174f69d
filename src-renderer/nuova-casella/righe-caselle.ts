import { type CasellaCreateRequest, MOST_TOGETHER } from '../../src-main/contract/casella.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../../src-main/contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import { cleanEmail } from '../../src-main/contract/rules/email.ts'
import { kindRules } from '../components/field-kinds.ts'
import { blank, type FormProfile } from './casella-form.ts'

/** A row of several caselle entered together (D56), as typed. */
export const rigaFields = [
  'denominazione',
  'codiceFiscale',
  'cognome',
  'nome',
  'cellulare',
  'comunicazioniEmail',
] as const
export type RigaField = (typeof rigaFields)[number]
export type Riga = Record<RigaField, string>

/** What is known of a row beyond its own cells; null while it is being asked. */
export interface RigaFacts {
  /** Who has its codice fiscale, and whether that holder has what a casella needs. */
  holder: { id: string; lacks: 'cellulare' | 'documento' | null } | 'unknown' | null
  /** What the provider says of the name. */
  name: 'free' | 'taken' | 'burned' | 'same_holder_only' | 'invalid' | 'unchecked' | null
  /** Another row above has the same name. */
  isTwice: boolean
}

export interface RigaProblem {
  field: RigaField
  /** Words under `nuova-casella.problemi` or `campi.problemi`. */
  code: string
}

/** The columns that a profile asks for: name and e-mail may be all (D55). */
export function columnsOf({ holder }: Pick<FormProfile, 'holder'>): readonly RigaField[] {
  return holder === 'name_email' ? ['denominazione', 'comunicazioniEmail'] : rigaFields
}

export function emptyRiga(): Riga {
  return { denominazione: '', codiceFiscale: '', cognome: '', nome: '', cellulare: '', comunicazioniEmail: '' }
}

export function isEmptyRiga(riga: Riga): boolean {
  return rigaFields.every((name) => blank(riga[name]))
}

/** Cells of what a spreadsheet or a CSV puts on the clipboard: tabs part them, else semicolons. */
export function pastedCells(text: string): string[][] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  const separator = lines.some((line) => line.includes('\t')) ? '\t' : ';'
  return lines.map((line) =>
    line.split(separator).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"'),
    ),
  )
}

/**
 * The rows with what was pasted from a cell on; a first line that repeats the titles of the columns is left out. `left`
 * counts the lines for which there is no more room. Pure.
 */
export function withPasted(
  rows: readonly Riga[],
  at: { row: number; column: number },
  text: string,
  columns: readonly { name: RigaField; title: string }[],
): { rows: Riga[]; left: number } {
  const cells = pastedCells(text)
  const titles = columns.map(({ title }) => title.toLowerCase())
  const isHeader = (cells[0] ?? []).length > 1 && (cells[0] ?? []).every((cell) => titles.includes(cell.toLowerCase()))
  const lines = isHeader ? cells.slice(1) : cells
  const room = Math.max(0, MOST_TOGETHER - at.row)
  const after = [...rows]
  for (const [n, line] of lines.slice(0, room).entries()) {
    const riga = { ...(after[at.row + n] ?? emptyRiga()) }
    for (const [m, cell] of line.entries()) {
      const column = columns[at.column + m]
      if (column !== undefined) riga[column.name] = cell
    }
    after[at.row + n] = riga
  }
  return { rows: after, left: Math.max(0, lines.length - room) }
}

/** What is wrong with a row that is not empty; nothing while it is being asked about. Pure. */
export function rigaProblems(riga: Riga, facts: RigaFacts, profile: FormProfile): RigaProblem[] {
  const problems: RigaProblem[] = []
  const say = (field: RigaField, code: string | null): void => {
    if (code !== null) problems.push({ field, code })
  }
  const verdict = checkDenominazione(riga.denominazione)
  if (verdict !== 'valid') say('denominazione', `denominazione_${verdict}`)
  else if (facts.isTwice) say('denominazione', 'riga_twice')
  else if (facts.name !== null && facts.name !== 'free' && facts.name !== 'unchecked')
    say('denominazione', `denominazione_${facts.name}`)
  if (profile.holder === 'registry') {
    const code = checkCodiceFiscale(riga.codiceFiscale)
    if (code !== 'valid') say('codiceFiscale', code === 'empty' ? 'codiceFiscale_empty' : `codice_fiscale_${code}`)
    if (facts.holder === 'unknown') {
      if (blank(riga.cognome)) say('cognome', 'cognome_empty')
      if (blank(riga.nome)) say('nome', 'nome_empty')
      if (!blank(riga.cellulare)) say('cellulare', kindRules.cellulare.problem(riga.cellulare))
      else if (profile.cellulareRequired) say('cellulare', 'cellulare_empty')
      if (profile.documentoIdentita === 'required') say('codiceFiscale', 'riga_documento')
    } else if (facts.holder !== null && facts.holder.lacks !== null) {
      say('codiceFiscale', facts.holder.lacks === 'documento' ? 'riga_documento' : 'riga_cellulare')
    }
  }
  if (!blank(riga.comunicazioniEmail)) say('comunicazioniEmail', kindRules.email.problem(riga.comunicazioniEmail))
  else if (profile.activation === 'holder_sets_password') say('comunicazioniEmail', 'comunicazioniEmail_empty')
  return problems
}

/** The request of a row without problems. Pure. */
export function requestOfRiga(
  riga: Riga,
  { holder }: RigaFacts,
  {
    profile,
    dominioId,
    tipologia,
    quotaMb,
  }: { profile: FormProfile; dominioId: string; tipologia: string; quotaMb: number | null },
): CasellaCreateRequest {
  const email = cleanEmail(riga.comunicazioniEmail)
  const byName = profile.holder === 'name_email'
  return {
    denominazione: cleanDenominazione(riga.denominazione),
    dominioId,
    tipologia,
    quotaMb,
    comunicazioniEmail: email,
    titolare:
      holder !== null && holder !== 'unknown'
        ? { kind: 'existing', id: holder.id }
        : {
            kind: 'new',
            tipologia: 'persona_fisica',
            nome: byName ? '' : riga.nome.trim(),
            cognome: byName ? cleanDenominazione(riga.denominazione) : riga.cognome.trim(),
            codiceFiscale: byName ? '' : cleanCodiceFiscale(riga.codiceFiscale),
            overrideReason: null,
            email,
            cellulare: byName || blank(riga.cellulare) ? null : kindRules.cellulare.clean(riga.cellulare),
            telefono: null,
            indirizzo: null,
            attivita: null,
          },
  }
}
