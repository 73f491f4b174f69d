import swagger from '@fastify/swagger'
import fastify from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { randomUUID } from 'node:crypto'
import { PROBLEM_MEDIA_TYPE } from '../provider-contract/problem.ts'
import { authenticate } from './auth/authenticate.ts'
import { collectBatchWrites } from './batches/batch-writes.ts'
import type { SandboxContext } from './context.ts'
import { addConsoleRoutes } from './console/console-routes.ts'
import { addFaultLayer } from './faults/fault-layer.ts'
import { addFaultRoutes } from './faults/fault-routes.ts'
import { addHolderRoutes } from './holder/holder-routes.ts'
import { parseBodies } from './http/body-parsing.ts'
import { requireLocalHost } from './http/local-host.ts'
import { answerError, problemOf } from './http/error-answers.ts'
import { gzipAnswers } from './http/gzip-answers.ts'
import { ProblemError, problemBody } from './http/problem-error.ts'
import { answerUnknownRoutes } from './http/unknown-route.ts'
import { transformDocument } from './openapi-transform.ts'
import { addBatchRoutes } from './routes/batch-routes.ts'
import { addCasellaRoutes } from './routes/casella-routes.ts'
import { addCollectionRoutes } from './routes/collection-routes.ts'
import { addDocumentoRoutes } from './routes/documento-routes.ts'
import { addEnteRoutes } from './routes/ente-routes.ts'
import { addFeedRoutes } from './routes/feed-routes.ts'
import { addNotaRoutes } from './routes/nota-routes.ts'
import { addReportRoutes } from './routes/report-routes.ts'
import { addSegnalazioneRoutes } from './routes/segnalazione-routes.ts'
import { addSessionRoutes } from './routes/session-routes.ts'
import { addFusioneRoutes } from './routes/fusione-routes.ts'
import { addStoricoRoutes } from './routes/storico-routes.ts'
import { addTitolareRoutes } from './routes/titolare-routes.ts'
import type { RequestTypes, TypedApp } from './routes/typed-app.ts'
import { addUploadRoutes } from './routes/upload-routes.ts'
import { addVitaRoutes } from './routes/vita-routes.ts'

const BODY_LIMIT_BYTES = 256 * 1024

/** The whole provider contract over one store; it does not listen yet. `log` gets method, route, status, code and times only. */
export async function createServer(context: SandboxContext, log: (line: string) => void): Promise<TypedApp> {
  const app: TypedApp = fastify({
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply)
    },
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(problemBody(new ProblemError('invalid_request'), randomUUID()))
      const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nConnection: close`
      if (socket.writable) socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    },
  }).withTypeProvider<RequestTypes>()

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    const words = problem.code === 'internal' && error instanceof Error ? ` ${error.name}` : ''
    log(`${request.id} ${problem.code}${words}`)
    return answerError(problem, request, reply)
  })
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff')
    requireLocalHost(request)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? '(nessuna)'
    log(`${request.id} ${request.method} ${route} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`)
    done()
  })
  answerUnknownRoutes(app)
  const batchWrites = collectBatchWrites(app)
  gzipAnswers(app)
  addFaultLayer(app, context.faults)
  authenticate(app, context.sessions)
  parseBodies(app)

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Contratto del gestore, Sportello LRA',
        description: 'Caselle PEC, titolari e documenti di uno sportello LRA.',
        version: '1.0.0',
      },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: transformDocument,
    exposeHeadRoutes: true,
  })
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, () => app.swagger())
  addSessionRoutes(app, context)
  addFeedRoutes(app, context)
  addCollectionRoutes(app, context)
  addTitolareRoutes(app, context)
  addFusioneRoutes(app, context)
  addCasellaRoutes(app, context)
  addVitaRoutes(app, context)
  addDocumentoRoutes(app, context)
  addUploadRoutes(app, context)
  addEnteRoutes(app, context)
  addNotaRoutes(app, context)
  addStoricoRoutes(app, context)
  addSegnalazioneRoutes(app, context)
  addBatchRoutes(app, context, batchWrites)
  addReportRoutes(app, context)
  addFaultRoutes(app, context)
  addHolderRoutes(app, context)
  addConsoleRoutes(app, context)
  await app.ready()
  return app
}
