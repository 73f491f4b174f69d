// Reads the whole of a copied database, in a thread of its own: a large one takes many seconds.
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { damageIn } from './database.ts'

const { path, keyHex } = z.object({ path: z.string(), keyHex: z.string() }).parse(workerData)
parentPort?.postMessage(damageIn(path, keyHex))
