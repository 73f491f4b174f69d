import { mkdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { hashPassword } from './auth/passwords.ts'
import { demoUsers } from './demo-users.ts'
import { enti } from './generate/enti.ts'
import { generate } from './generate/generate.ts'
import { SCHEMA_VERSION } from './store/database.ts'
import { type Store, openStore } from './store/store.ts'

export type SandboxErrorCode = 'data_mismatch' | 'data_unreadable' | 'port_in_use' | 'port_refused'

/** Why a sandbox does not start. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode
  constructor(code: SandboxErrorCode, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

export interface DataOptions {
  folder: string
  caselle: number
  seed: number
  capabilities: Capabilities
  now: Date
  progress: (done: number, total: number) => void
}

export interface DataFolder {
  store: Store
  uploadFolder: string
}

const ABANDONED_UPLOAD_MS = 7 * 24 * 3600 * 1000

/**
 * Opens a folder of generated data, or generates it. A generation that was cut short begins again.
 * Throws data_mismatch when the folder holds other data than those asked for, data_unreadable when it cannot be used.
 */
export async function openDataFolder(options: DataOptions): Promise<DataFolder> {
  const { folder, now } = options
  const uploadFolder = join(folder, 'uploads')
  const file = join(folder, 'gestore-di-prova.sqlite')
  const wanted = JSON.stringify([SCHEMA_VERSION, options.capabilities.profile, options.seed, options.caselle])
  try {
    mkdirSync(uploadFolder, { recursive: true })
    let store = openStore(file)
    const held = store.meta.get('data')
    if (held !== undefined && held !== wanted) {
      store.close()
      throw new SandboxError('data_mismatch')
    }
    if (held === undefined) {
      store.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      store = openStore(file)
      await fill(store, options)
      store.meta.set('data', wanted)
    }
    store.idempotency.removeExpired(now.getTime())
    for (const id of store.uploads.abandoned(now.getTime() - ABANDONED_UPLOAD_MS)) {
      await rm(join(uploadFolder, id), { force: true })
      await rm(join(uploadFolder, `${id}.json`), { force: true })
      store.uploads.remove(id)
    }
    return { store, uploadFolder }
  } catch (error) {
    if (error instanceof SandboxError) throw error
    throw new SandboxError('data_unreadable', { cause: error })
  }
}

async function fill(store: Store, { capabilities, caselle, seed, now, progress }: DataOptions): Promise<void> {
  // Nothing is lost by a crash meanwhile: the folder is filled again.
  store.beginFilling()
  await generate({ store, capabilities, caselle, seed, now, progress })
  store.endFilling()
  for (const [index, demo] of Object.values(demoUsers).entries()) {
    const ente = enti.find(({ id }) => id === demo.enteId) ?? enti[0]
    const scope = { enteId: ente.id, assistenteId: null }
    const assistenti = store.resources.list(scope, 'assistente', { after: '', limit: 100 })
    const assistente = assistenti.find(({ codice }) => codice === demo.codiceAssistente)
    const id = `U${index + 1}`
    if ('totpSecret' in demo) store.totp.set(id, demo.totpSecret)
    store.sessions.addUser({
      id,
      user: demo.user,
      password: await hashPassword(demo.password),
      nome: demo.nome,
      ruolo: demo.ruolo,
      enteId: ente.id,
      ente: ente.nome,
      assistenteId: assistente?.id ?? null,
      codiceAssistente: demo.codiceAssistente,
      email: ente.comunicazioniEmail,
    })
  }
}
