import type { Capabilities } from '../../provider-contract/capabilities.ts'
import type { Titolare, TitolareTipologia } from '../../provider-contract/titolare.ts'
import { checkCharacter, codiceFiscale, withOmocodia } from './codice-fiscale.ts'
import { comuni, paesi } from './comuni.ts'
import { cognomi, nomiFemminili, nomiMaschili, ragioni, settori, strade } from './names.ts'
import { partitaIvaCheckDigit } from './partita-iva.ts'
import type { Random } from './random.ts'

export interface Persona {
  anagrafica: TitolareAnagrafica
  /** What stands before the @ of the first casella, before it is made unique. */
  nomeCasella: string
  /** The company or the entity; null for a private person. */
  ragioneSociale: string | null
}

export type TitolareAnagrafica = Omit<
  Titolare,
  'id' | 'enteId' | 'version' | 'updatedAt' | 'updatedBy' | 'tipoEnte' | 'documentoIdentita'
>

/** Share of codici fiscali with a wrong check character, as in real registers. */
const WRONG_CHECK = 0.003
const OMOCODIA = 0.01
/** Share of holders without a codice fiscale, where name and e-mail are enough (D55). */
const NAME_AND_EMAIL = 0.9

const two = (value: number) => String(value).padStart(2, '0')

/** For a name before the @: lower case letters and digits, dots between the words. */
export function nameOf(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '.')
}

export function partitaIva(random: Random): string {
  const ten = `0${random.int(1_000_000, 9_999_999)}${random.pick(['048', '076', '077', '100'])}`.slice(0, 10)
  return ten.padEnd(10, '0') + partitaIvaCheckDigit(ten.padEnd(10, '0'))
}

/** Numbers that nobody has: the local part of a landline starts with 000, the mobile prefix 399 is not assigned. */
export const landline = (random: Random) => `+390${random.int(11, 99)}000${random.int(100, 999)}`
const mobile = (random: Random) => `+39399${random.int(1_000_000, 9_999_999)}`

function pickTipologia(random: Random): TitolareTipologia {
  const draw = random.next()
  if (draw < 0.62) return 'persona_fisica'
  if (draw < 0.78) return 'impresa'
  if (draw < 0.88) return 'professionista'
  if (draw < 0.91) return 'pa_locale'
  if (draw < 0.915) return 'pa_centrale'
  if (draw < 0.95) return 'associazione'
  if (draw < 0.985) return 'privato'
  return 'altro'
}

function wrongCheckCharacter(code: string): string {
  const right = checkCharacter(code.slice(0, 15))
  return code.slice(0, 15) + (right === 'Z' ? 'A' : String.fromCharCode(right.charCodeAt(0) + 1))
}

function ragioneSocialeOf(random: Random, tipologia: TitolareTipologia, cognome: string): string | null {
  const comune = random.pick(comuni).nome
  switch (tipologia) {
    case 'impresa':
      return random.chance(0.5)
        ? `${random.pick(ragioni)}${random.pick(ragioni).toLowerCase()} ${random.pick(settori)} S.r.l.`
        : `${cognome} ${random.pick(settori)} S.n.c.`
    case 'professionista':
      return `Studio ${cognome}`
    case 'pa_locale':
      return `Consorzio ${random.pick(ragioni)}${random.pick(ragioni).toLowerCase()} di ${comune}`
    case 'pa_centrale':
      return `Ufficio territoriale ${random.pick(settori)} di ${comune}`
    case 'associazione':
      return `Associazione ${random.pick(ragioni)} ${random.pick(settori)}`
    case 'altro':
      return `Comitato ${random.pick(ragioni)} ${random.pick(settori)}`
    case 'persona_fisica':
    case 'privato':
      return null
  }
}

/** One holder. `yearNow` bounds the ages, so that the data do not depend on the machine's clock. */
export function persona(
  random: Random,
  yearNow: number,
  { holder, cellulareRequired }: Pick<Capabilities, 'holder' | 'cellulareRequired'>,
): Persona {
  const tipologia = pickTipologia(random)
  const sesso = random.chance(0.5) ? 'F' : 'M'
  const nome = random.pick(sesso === 'F' ? nomiFemminili : nomiMaschili)
  const cognome = random.pick(cognomi)
  const nascita = `${yearNow - random.int(20, 84)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`
  const luogo = random.chance(0.06) ? random.pick(paesi) : random.pick(comuni).belfiore
  const ragioneSociale = ragioneSocialeOf(random, tipologia, cognome)
  const isEntity = ragioneSociale !== null && tipologia !== 'professionista'

  let code = codiceFiscale({ nome, cognome, sesso, nascita, luogo })
  if (random.chance(OMOCODIA)) code = withOmocodia(code, random.int(1, 3))
  if (random.chance(WRONG_CHECK)) code = wrongCheckCharacter(code)
  if (isEntity && random.chance(0.55)) code = partitaIva(random)
  // The draw is this profile's alone: the others keep the rows of their seed.
  const byNameAndEmail = holder === 'name_email'
  if (byNameAndEmail && random.chance(NAME_AND_EMAIL)) code = ''

  const mailName = `${nameOf(nome)}.${nameOf(cognome)}`
  return {
    anagrafica: {
      tipologia,
      nome,
      cognome,
      codiceFiscale: code,
      email: random.chance(0.93) || byNameAndEmail ? `${mailName}${random.int(1, 999)}@posta.example` : null,
      telefono: random.chance(0.4) ? landline(random) : null,
      cellulare: cellulareRequired || random.chance(0.8) ? mobile(random) : null,
      fax: random.chance(0.08) ? landline(random) : null,
    },
    nomeCasella: ragioneSociale === null || random.chance(0.2) ? mailName : nameOf(ragioneSociale).slice(0, 48),
    ragioneSociale,
  }
}

export function indirizzoFields(random: Random, titolare: Pick<Titolare, 'email' | 'telefono' | 'cellulare' | 'fax'>) {
  const { nome, provincia, cap } = random.pick(comuni)
  const kind = random.pick(['Via', 'Via', 'Via', 'Viale', 'Piazza', 'Corso'])
  return {
    via: `${kind} ${random.pick(strade)} ${random.int(1, 180)}`,
    localita: nome,
    provincia,
    cap,
    telefono: titolare.telefono,
    fax: titolare.fax,
    email: titolare.email,
    cellulare: titolare.cellulare,
  }
}

export function attivitaFields(random: Random, holder: Persona, ragioneSociale: string) {
  const { tipologia, codiceFiscale: holderCode, nome, cognome } = holder.anagrafica
  const isCompany = tipologia === 'impresa'
  const code = /^\d{11}$/.test(holderCode) ? holderCode : partitaIva(random)
  const forma = ragioneSociale.endsWith('S.r.l.')
    ? 'Società a responsabilità limitata'
    : ragioneSociale.endsWith('S.n.c.')
      ? 'Società in nome collettivo'
      : null
  return {
    ragioneSociale,
    formaGiuridica: forma,
    partitaIva: code,
    rea: isCompany ? `${random.pick(comuni).provincia}${random.int(100_000, 499_999)}` : null,
    codiceDestinatario: isCompany ? random.int(1_000_000, 9_999_999).toString(36).toUpperCase().padStart(7, '0') : null,
    pecDestinatario: null,
    referenteAmministrativo: random.chance(0.6) ? `${nome} ${cognome}` : null,
    // Of the holder's code: no draw, so that the rows of a seed stay the same.
    codiceIpa: tipologia === 'pa_locale' || tipologia === 'pa_centrale' ? `prova_${code.slice(-5)}` : null,
  }
}
