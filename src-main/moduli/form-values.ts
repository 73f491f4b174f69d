import type { ClientService } from '../contract/client-parameters.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import type { Casella } from '../provider-contract/casella.ts'
import type { Attivita, DocumentoIdentita, Indirizzo, Titolare } from '../provider-contract/titolare.ts'

/** What the registry may say on a form. */
export type FormValue =
  | 'cognome'
  | 'nome'
  | 'cognomeNome'
  | 'codiceFiscale'
  | 'email'
  | 'cellulare'
  | 'telefono'
  | 'via'
  | 'localita'
  | 'provincia'
  | 'cap'
  | 'ragioneSociale'
  | 'formaGiuridica'
  | 'partitaIva'
  | 'rea'
  | 'indirizzo'
  | 'tipologia'
  | 'quota'
  | 'scadenza'
  | 'comunicazioniEmail'
  | 'gestore'
  | 'ente'
  | 'natoA'
  | 'natoProvincia'
  | 'natoIl'
  | 'documentoTipo'
  | 'documentoNumero'
  | 'documentoRilasciatoDa'
  | 'documentoRilasciato'
  | 'documentoScadenza'
  | 'riusoNome'
  | 'formati'
  | 'logDal'
  | 'logAl'
  | 'logScopo'

/** One form's facts: a value that is not known is an empty text. */
export interface FormFacts {
  values: Readonly<Record<FormValue, string>>
  /** The holder acts for a company or a body. */
  company: boolean
  servers: readonly ClientService[]
}

const dayOrNothing = (day: string | null | undefined): string => day?.slice(0, 10).split('-').reverse().join('/') ?? ''
const documentoWords: Record<DocumentoIdentita['tipo'], string> = {
  carta_identita: 'carta d’identità',
  passaporto: 'passaporto',
  patente: 'patente di guida',
}
const italianNumber = new Intl.NumberFormat('it-IT', { maximumFractionDigits: 2 })
/** MB as people read them. */
const space = (mb: number): string =>
  mb >= 1024 ? `${italianNumber.format(mb / 1024)} GB` : `${italianNumber.format(mb)} MB`

/** The facts of a casella for its forms; Pure. */
export function formFacts(known: {
  casella: Pick<Casella, 'indirizzo' | 'tipologia' | 'quotaMb' | 'scadenza' | 'comunicazioniEmail'>
  titolare: Omit<Titolare, 'version'> | undefined
  indirizzo: Pick<Indirizzo, 'via' | 'localita' | 'provincia' | 'cap' | 'email' | 'cellulare' | 'telefono'> | undefined
  attivita: Pick<Attivita, 'ragioneSociale' | 'formaGiuridica' | 'partitaIva' | 'rea'> | undefined
  /** As the codice fiscale tells it; null where it does not. */
  nascita: { comune: string; provincia: string; data: string | null } | null
  capabilities: Capabilities
  ente: string
  servers: readonly ClientService[]
  /** The extract that was asked last and waits (D119); left out: none. */
  estratto?: { dal: string; al: string; scopo: string } | undefined
}): FormFacts {
  const { casella, titolare, indirizzo, attivita, nascita, capabilities } = known
  const documento = titolare?.documentoIdentita
  const isPerson = titolare === undefined || ['persona_fisica', 'privato'].includes(titolare.tipologia)
  return {
    company: attivita !== undefined || !isPerson,
    servers: known.servers,
    values: {
      cognome: titolare?.cognome ?? '',
      nome: titolare?.nome ?? '',
      cognomeNome: `${titolare?.cognome ?? ''} ${titolare?.nome ?? ''}`.trim(),
      codiceFiscale: titolare?.codiceFiscale ?? '',
      email: titolare?.email ?? indirizzo?.email ?? '',
      cellulare: titolare?.cellulare ?? indirizzo?.cellulare ?? '',
      telefono: titolare?.telefono ?? indirizzo?.telefono ?? '',
      via: indirizzo?.via ?? '',
      localita: indirizzo?.localita ?? '',
      provincia: indirizzo?.provincia ?? '',
      cap: indirizzo?.cap ?? '',
      ragioneSociale: attivita?.ragioneSociale ?? '',
      formaGiuridica: attivita?.formaGiuridica ?? '',
      partitaIva: attivita?.partitaIva ?? '',
      rea: attivita?.rea ?? '',
      indirizzo: casella.indirizzo,
      tipologia: casella.tipologia,
      quota: space(casella.quotaMb),
      scadenza: dayOrNothing(casella.scadenza),
      comunicazioniEmail: casella.comunicazioniEmail ?? '',
      gestore: capabilities.gestore,
      ente: known.ente,
      natoA: nascita?.comune ?? '',
      natoProvincia: nascita?.provincia ?? '',
      natoIl: dayOrNothing(nascita?.data),
      documentoTipo: documento == null ? '' : documentoWords[documento.tipo],
      documentoNumero: documento?.numero ?? '',
      documentoRilasciatoDa: documento?.rilasciatoDa ?? '',
      documentoRilasciato: dayOrNothing(documento?.rilasciato),
      documentoScadenza: dayOrNothing(documento?.scadenza),
      riusoNome:
        capabilities.nameReuse === 'never'
          ? 'il nome della casella non può più essere assegnato a nessuno'
          : 'il nome della casella può essere assegnato di nuovo soltanto allo stesso titolare',
      logDal: dayOrNothing(known.estratto?.dal),
      logAl: dayOrNothing(known.estratto?.al),
      logScopo: known.estratto?.scopo ?? '',
      formati: capabilities.documents.formats.includes('p7m') ? 'PAdES o CAdES' : 'PAdES',
    },
  }
}
