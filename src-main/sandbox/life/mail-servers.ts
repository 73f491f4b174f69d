import type { ProfileName } from '../../provider-contract/capabilities.ts'

/** D118: what a mail client needs; SSL and authentication always. */
export interface MailServers {
  webmail: string
  pop3: string
  imap: string | null
  smtp: string
}

export const mailServers: Record<ProfileName, MailServers> = {
  basilicata: {
    webmail: 'https://webmail.gestore-di-prova.example/basilicata',
    pop3: 'pop3s.gestore-di-prova.example',
    imap: 'imaps.gestore-di-prova.example',
    smtp: 'smtps.gestore-di-prova.example',
  },
  toscana: {
    webmail: 'https://webmail.gestore-di-prova.example/toscana',
    pop3: 'pops.sicurezzapostale.it',
    imap: null,
    smtp: 'smtps.sicurezzapostale.it',
  },
  poste: {
    webmail: 'https://webmail.gestore-di-prova.example/poste',
    pop3: 'pop3s.gestore-di-prova.example',
    imap: 'imaps.gestore-di-prova.example',
    smtp: 'smtps.gestore-di-prova.example',
  },
  ordine: {
    webmail: 'https://webmail.gestore-di-prova.example/ordine',
    pop3: 'pop3s.pec.aruba.it',
    imap: 'imaps.pec.aruba.it',
    smtp: 'smtps.pec.aruba.it',
  },
}

export const PORTS = { pop3: 995, imap: 993, smtp: 465 } as const
