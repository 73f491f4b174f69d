/** States of caselle as the reports put them together (D18); together they are all. */
const partOf = {
  attiva: 'attive',
  disabilitata: 'attive',
  sospesa: 'attive',
  scaduta: 'attive',
  in_attesa_firma: 'inAttesa',
  in_attesa_gestore: 'inAttesa',
  documenti_errati: 'inAttesa',
  da_inviare: 'inAttesa',
  eliminata: 'eliminate',
} as const

/** D16, D18: `inserite` is the sum of the other three, whatever the groups. Pure. */
export function figureOf(gruppi: readonly { stato: keyof typeof partOf; caselle: number }[]): {
  inserite: number
  attive: number
  inAttesa: number
  eliminate: number
} {
  const figure = { inserite: 0, attive: 0, inAttesa: 0, eliminate: 0 }
  for (const { stato, caselle } of gruppi) {
    figure.inserite += caselle
    figure[partOf[stato]] += caselle
  }
  return figure
}
