import { normaliseCodiceFiscale } from './codice-fiscale.ts'

/** D30: whether one of the signers is the holder; `codici` as the certificates have them. */
export function confrontoTitolare(
  codici: readonly string[],
  codiceTitolare: string,
): 'titolare' | 'altro' | 'non_verificabile' {
  if (codici.length === 0 || codiceTitolare === '') return 'non_verificabile'
  const holder = normaliseCodiceFiscale(codiceTitolare)
  return codici.some((code) => normaliseCodiceFiscale(code) === holder) ? 'titolare' : 'altro'
}
