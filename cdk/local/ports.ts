/** Takes the two ports, of the HTTP APIs and of the AWS APIs, before anything that needs their addresses is made. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from './start-error.ts'

export type Ports = {
  /** Where the main HTTP API answers; 503 until `answerGateway` has been called. */
  url: string
  awsEndpoint: string
  answerGateway(listener: RequestListener): void
  answerAws(listener: RequestListener): void
  close(): Promise<void>
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = `port ${port} is in use; choose another with --port`
      reject(error.code === 'EADDRINUSE' ? new StartError(busy) : error)
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const notYet =
  (message: string): RequestListener =>
  (_, response) =>
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end(JSON.stringify({ message }))

/**
 * @param port of the HTTP APIs; 0 takes any
 * @param startingMessage what whoever asks too early is told
 * @throws StartError where it is in use
 */
export const openPorts = async (port: number, startingMessage: string): Promise<Ports> => {
  let answer = notYet(startingMessage)
  const gateway = createServer((request, response) => answer(request, response))
  // Clients that keep connections must be the ones to close them; the other way round a request can cross the closing.
  gateway.keepAliveTimeout = 75_000
  const aws = createServer()
  aws.keepAliveTimeout = 0
  // The one that takes any port first: where the other's is in use, there is one to give back.
  const awsEndpoint = `http://127.0.0.1:${await listen(aws, 0)}`
  const url = await listen(gateway, port).then(
    (taken) => `http://127.0.0.1:${taken}`,
    async (error: unknown) => {
      await close(aws)
      throw error
    },
  )
  return {
    url,
    awsEndpoint,
    answerGateway(listener) {
      answer = listener
    },
    answerAws: (listener) => void aws.on('request', listener),
    async close() {
      await close(aws)
      await close(gateway)
    },
  }
}
