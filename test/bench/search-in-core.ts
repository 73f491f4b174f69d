// Search as one types, asked of a core in this process: what the core alone takes. Arguments: the data's folder, how many
// caselle it has, how many rounds. Prints its figures as JSON.
import { startCore } from '../../src-main/core.ts'
import { coreClient } from '../support/core-client.ts'
import { testEnvironment } from '../support/test-core.ts'
import { searchesInCore } from './list-answers.ts'

const [data = '', caselle = '', rounds = ''] = process.argv.slice(2)
const core = await startCore({ ...testEnvironment(data), dataDir: data })
try {
  const client = coreClient(core)
  const figures = await searchesInCore({ get: client.call }, Number(caselle), Number(rounds))
  process.stdout.write(JSON.stringify(figures))
} finally {
  await core.close()
}
