/** Comuni of birth and residence: name, province, Belfiore code, a CAP of the town. */
export interface Comune {
  nome: string
  provincia: string
  belfiore: string
  cap: string
}

const rows = [
  ['Roma', 'RM', 'H501', '00118'],
  ['Milano', 'MI', 'F205', '20121'],
  ['Napoli', 'NA', 'F839', '80121'],
  ['Torino', 'TO', 'L219', '10121'],
  ['Palermo', 'PA', 'G273', '90121'],
  ['Genova', 'GE', 'D969', '16121'],
  ['Bologna', 'BO', 'A944', '40121'],
  ['Firenze', 'FI', 'D612', '50121'],
  ['Bari', 'BA', 'A662', '70121'],
  ['Catania', 'CT', 'C351', '95121'],
  ['Venezia', 'VE', 'L736', '30121'],
  ['Verona', 'VR', 'L781', '37121'],
  ['Messina', 'ME', 'F158', '98121'],
  ['Padova', 'PD', 'G224', '35121'],
  ['Trieste', 'TS', 'L424', '34121'],
  ['Brescia', 'BS', 'B157', '25121'],
  ['Parma', 'PR', 'G337', '43121'],
  ['Prato', 'PO', 'G999', '59100'],
  ['Modena', 'MO', 'F257', '41121'],
  ['Reggio di Calabria', 'RC', 'H224', '89121'],
  ['Reggio nell’Emilia', 'RE', 'H223', '42121'],
  ['Perugia', 'PG', 'G478', '06121'],
  ['Livorno', 'LI', 'E625', '57121'],
  ['Ravenna', 'RA', 'H199', '48121'],
  ['Cagliari', 'CA', 'B354', '09121'],
  ['Foggia', 'FG', 'D643', '71121'],
  ['Rimini', 'RN', 'H294', '47921'],
  ['Salerno', 'SA', 'H703', '84121'],
  ['Ferrara', 'FE', 'D548', '44121'],
  ['Sassari', 'SS', 'I452', '07100'],
  ['Potenza', 'PZ', 'G942', '85100'],
  ['Matera', 'MT', 'F052', '75100'],
  ['Melfi', 'PZ', 'F104', '85025'],
  ['Lauria', 'PZ', 'E483', '85044'],
  ['Pisa', 'PI', 'G702', '56121'],
  ['Siena', 'SI', 'I726', '53100'],
  ['Arezzo', 'AR', 'A390', '52100'],
  ['Grosseto', 'GR', 'E202', '58100'],
  ['Lucca', 'LU', 'E715', '55100'],
  ['Empoli', 'FI', 'D403', '50053'],
  ['Lecce', 'LE', 'E506', '73100'],
  ['Taranto', 'TA', 'L049', '74121'],
  ['Pescara', 'PE', 'G482', '65121'],
  ['L’Aquila', 'AQ', 'A345', '67100'],
  ['Ancona', 'AN', 'A271', '60121'],
  ['Trento', 'TN', 'L378', '38121'],
  ['Campobasso', 'CB', 'B519', '86100'],
  ['Aosta', 'AO', 'A326', '11100'],
  ['Udine', 'UD', 'L483', '33100'],
  ['Policoro', 'MT', 'G786', '75025'],
] as const

const comune = ([nome, provincia, belfiore, cap]: (typeof rows)[number]): Comune => ({ nome, provincia, belfiore, cap })
export const comuni: readonly [Comune, ...Comune[]] = [comune(rows[0]), ...rows.slice(1).map(comune)]

/** Countries of birth of the foreign-born, by their Z-code. */
export const paesi = ['Z129', 'Z100', 'Z330', 'Z138', 'Z112', 'Z404', 'Z210', 'Z140', 'Z110', 'Z133'] as const
