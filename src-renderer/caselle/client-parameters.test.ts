import { expect, it } from 'vitest'
import { clientServices } from '../../src-main/contract/client-parameters.ts'

it('the servers of a mail program are those of the gestori, and none where they are not known (D118)', () => {
  const said = (profile: Parameters<typeof clientServices>[0]) =>
    clientServices(profile).map(({ protocol, server, port }) => `${protocol} ${server}:${port}`)
  expect(said('ordine')).toEqual([
    'POP3 pop3s.pec.aruba.it:995',
    'IMAP imaps.pec.aruba.it:993',
    'SMTP smtps.pec.aruba.it:465',
  ])
  expect(said('toscana')).toEqual(['POP3 pops.sicurezzapostale.it:995', 'SMTP smtps.sicurezzapostale.it:465'])
  expect(said('poste')).toEqual([])
})
