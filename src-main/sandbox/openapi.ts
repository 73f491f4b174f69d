import { tmpdir } from 'node:os'
import { createSessions } from './auth/sessions.ts'
import { createFaults } from './faults/faults.ts'
import { createCursors } from './feed/cursors.ts'
import { createMailer } from './mail/mailer.ts'
import { profiles } from './profiles.ts'
import { createServer } from './server.ts'
import { openStore } from './store/store.ts'

/** The OpenAPI 3.1 document of the provider contract, from the schemas that check the requests. */
export async function openApiDocument(): Promise<object> {
  const store = openStore(':memory:')
  const clock = () => new Date()
  const capabilities = profiles.toscana
  const sessions = createSessions(store, { id: store.meta.installation(), nome: capabilities.gestore }, clock)
  const cursors = createCursors(store.meta.installation(), store.meta.signingKey())
  const mailer = createMailer({ mail: store.mail, clock, folder: tmpdir(), log: () => undefined })
  const context = {
    store,
    capabilities,
    sessions,
    cursors,
    uploadFolder: tmpdir(),
    clock,
    faults: createFaults(),
    mailer,
    site: { url: '' },
  }
  const app = await createServer(context, () => undefined)
  const document = app.swagger()
  await app.close()
  await mailer.close()
  store.close()
  return document
}
