/** Hands each request to the HTTP API that it is for, and keeps their access logs: a file each. */
import { createWriteStream, type WriteStream } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import type { ApiAddresses } from './address.ts'
import type { HttpApi } from './http-api.ts'

export type AccessLog = { write(apiId: string, line: string): void; end(): void }

export const createAccessLog = (directory: string): AccessLog => {
  const files = new Map<string, WriteStream>()
  return {
    write(apiId, line) {
      const file = files.get(apiId) ?? createWriteStream(join(directory, `access-${apiId}.log`), { flags: 'a' })
      files.set(apiId, file)
      file.write(`${line}\n`)
    },
    end() {
      for (const file of files.values()) file.end()
    },
  }
}

export const createGateway =
  (apis: readonly HttpApi[], addresses: ApiAddresses, log: (line: string) => void): RequestListener =>
  (request, response) => {
    const target = addresses.find(request.url ?? '/')
    const api = apis.find(({ id }) => id === target.id)
    if (api === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
      return
    }
    api.handle(request, response, target.url).catch((error: Error) => {
      if (response.destroyed) return
      // The function's headers are no headers, for one.
      log(`${request.method} ${request.url}: ${error.message}`)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}')
    })
  }
