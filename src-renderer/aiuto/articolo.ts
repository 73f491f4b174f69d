import { z } from 'zod'
import type { FaqRow } from '../../src-main/contract/registro.ts'
import anagrafica from './articoli/anagrafica.json' with { type: 'json' }
import caselle from './articoli/caselle.json' with { type: 'json' }
import credenziali from './articoli/credenziali.json' with { type: 'json' }
import documenti from './articoli/documenti.json' with { type: 'json' }
import lavoro from './articoli/lavoro.json' with { type: 'json' }
import posta from './articoli/posta.json' with { type: 'json' }
import supporto from './articoli/supporto.json' with { type: 'json' }

/** A page of the guide, written for who works at the desk. */
export const Articolo = z.object({
  id: z.string(),
  titolo: z.string(),
  categoria: z.enum(['lavoro', 'caselle', 'credenziali', 'posta', 'documenti', 'anagrafica', 'supporto']),
  /** By which it is found as well. */
  parole: z.string(),
  /** Screens that it leads to: keys of `schermate`. */
  vai: z.array(z.string()),
  /** Paragraphs; `- ` begins an item of a list, `## ` a heading. */
  testo: z.array(z.string()),
})
export type Articolo = z.infer<typeof Articolo>

export const articoli: readonly Articolo[] = z
  .array(Articolo)
  .parse(
    Object.entries({ lavoro, caselle, credenziali, posta, documenti, anagrafica, supporto }).flatMap(
      ([categoria, pages]) => pages.map((page) => ({ ...page, categoria })),
    ),
  )

/** The screens that pages lead to, by their key under `guida.schermata`. */
export const schermate: Readonly<Record<string, string>> = {
  cruscotto: '/cruscotto',
  report: '/report',
  caselle: '/caselle',
  nuovaCasella: '/caselle/nuova',
  nuoveCaselle: '/caselle/nuove',
  titolari: '/titolari',
  doppioni: '/titolari/doppioni',
  scadenze: '/scadenze',
  domini: '/domini',
  assistenti: '/assistenti',
  carica: '/documenti/carica',
  lotti: '/documenti/lotti',
  verifica: '/documenti/verifica',
  documenti: '/documenti/gestione',
  coda: '/coda',
  novita: '/novita',
  segnalazioni: '/supporto',
  nuovaSegnalazione: '/supporto?nuova',
  richieste: '/supporto/richieste',
  guida: '/supporto/guida',
  diagnostica: '/supporto/diagnostica',
  registro: '/supporto/registro',
  programma: '/supporto/programma',
  impostazioni: '/impostazioni',
}

export type Block =
  { kind: 'heading'; text: string } | { kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] }

/** The text of a page as it is drawn: items that follow each other are one list. Pure. */
export function blocksOf(testo: readonly string[]): Block[] {
  const blocks: Block[] = []
  for (const line of testo) {
    const last = blocks.at(-1)
    if (line.startsWith('- ')) {
      if (last?.kind === 'list') last.items.push(line.slice(2))
      else blocks.push({ kind: 'list', items: [line.slice(2)] })
    } else if (line.startsWith('## ')) blocks.push({ kind: 'heading', text: line.slice(3) })
    else blocks.push({ kind: 'paragraph', text: line })
  }
  return blocks
}

function folded(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** How well a text answers words: in its title counts most; 0 where a word begins none of its words. Pure. */
export function relevance(words: string, title: string, beside: string, body: string): number {
  const wanted = folded(words)
  if (wanted.length === 0) return 1
  const places = [folded(title), folded(beside), folded(body)].map(
    (have) => (word: string) => have.some((each) => each.startsWith(word)),
  )
  const worth = [100, 20, 1]
  const each = wanted.map((word) => places.reduce((sum, has, at) => sum + (has(word) ? (worth[at] ?? 0) : 0), 0))
  return each.includes(0) ? 0 : each.reduce((sum, points) => sum + points, 0)
}

/** The pages that answer words, the best first; all for none. Pure. */
export function articoliFor(words: string): Articolo[] {
  return articoli
    .map((articolo) => ({
      articolo,
      points: relevance(words, articolo.titolo, articolo.parole, articolo.testo.join(' ')),
    }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ articolo }) => articolo)
}

/** The provider's answers that answer words, the best first; all for none. Pure. */
export function faqFor(words: string, rows: readonly FaqRow[]): FaqRow[] {
  return rows
    .map((row) => ({ row, points: relevance(words, row.domanda, row.categoria, row.risposta) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ row }) => row)
}
