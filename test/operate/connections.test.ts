import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { keptConnections } from '../../cdk/operate/command-line/connections.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end()
const server = createServer((request, response) => answer(request, response))
let opened = 0
server.on('connection', () => {
  opened += 1
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const url = `http://127.0.0.1:${port}`
const { fetch, close } = keptConnections(url, 2)
after(() => {
  close()
  server.close()
})

describe('the connections of tools', () => {
  test('carry method, path, header fields and body there, and status, header fields and body back', async () => {
    const asked: unknown[] = []
    answer = (request, reply) => {
      const { method, url: target, headers } = request
      text(request).then(
        (body) => {
          asked.push(method, target, headers.authorization, headers['content-length'], body)
          reply.writeHead(201, { 'content-type': 'application/json', link: ['<a>', '<b>'] }).end('{"a":"ü"}')
        },
        () => reply.destroy(),
      )
    }
    const headers = { authorization: 'Bearer t' }
    const response = await fetch(`${url}/v1/orders?a=b`, { method: 'POST', headers, body: '{"b":"ü"}' })
    assert.deepEqual(asked, ['POST', '/v1/orders?a=b', 'Bearer t', '10', '{"b":"ü"}'])
    assert.deepEqual(
      [response.status, response.headers.get('content-type'), response.headers.get('link')],
      [201, 'application/json', '<a>, <b>'],
    )
    assert.deepEqual(await response.json(), { a: 'ü' })
  })

  test('find names under .localhost on this machine', async () => {
    let host: string | undefined
    answer = ({ headers }, reply) => {
      host = headers.host
      reply.writeHead(204).end()
    }
    const response = await fetch(`http://abc.execute-api.localhost:${port}/`)
    assert.deepEqual([response.status, await response.text()], [204, ''])
    assert.equal(host, `abc.execute-api.localhost:${port}`)
  })

  test('are kept, and no more than asked for', async () => {
    answer = (_, response) => response.end('fine')
    await fetch(url)
    const before = opened
    await Promise.all(Array.from({ length: 9 }, () => fetch(url)))
    assert.ok(opened - before <= 2, `${opened - before}`)
  })

  test('that are cut off throw', async () => {
    answer = (request) => request.destroy()
    await assert.rejects(fetch(url), /hang up|ECONNRESET/)
  })
})
