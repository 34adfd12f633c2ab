/** Starts and ends the database as a child process of its own: no port or file of it outlives the cloud. */
import { spawn } from 'node:child_process'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { StartError } from '../start-error.ts'
import { openSqlite } from '../state/state.ts'
import { type JsonObject, parseObject, textOf } from '../template/json.ts'
import { enginePath } from './engine-path.ts'

/** Begins the target of every operation on tables. */
export const operationPrefix = 'DynamoDB_20120810.'

/** The database behind the tables: the embedded engine, or any other that speaks DynamoDB's protocol. */
export type Engine = {
  /** Sends one request on and hands the raw answer over. */
  forward(
    target: string,
    body: Buffer | string,
    answer: (response: IncomingMessage) => void,
    fail: (error: Error) => void,
  ): void
  /** Calls one operation. Throws with DynamoDB's own error name. */
  call(target: string, input: JsonObject): Promise<JsonObject>
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

/** An engine that has been told to end gets so long to do it. */
const enginePatienceMs = 2_000

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

// The engine wants the form of a signature, not a valid one. DynamoDB Local keeps tables by access key and region.
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
}

/** A failure that the engine answered with; `name` is DynamoDB's. */
class EngineError extends Error {}

const connect = (url: URL, stop: () => Promise<void>): Engine => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const options = { host: url.hostname, port: url.port, path: '/', method: 'POST', agent }
  const forward: Engine['forward'] = (target, body, answer, fail) => {
    const length = Buffer.byteLength(body)
    const outgoing = request({ ...options, headers: { ...headers, 'x-amz-target': target, 'content-length': length } })
    outgoing.once('response', answer)
    outgoing.once('error', fail)
    outgoing.end(body)
  }
  return {
    forward,
    call: (target, input) =>
      new Promise((resolve, reject) => {
        const answer = (response: IncomingMessage): void => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.once('error', reject)
          response.once('end', () => {
            const output = parseObject(Buffer.concat(chunks).toString()) ?? {}
            if (response.statusCode === 200) resolve(output)
            else {
              const error = new EngineError(textOf(output.message ?? output.Message))
              error.name = textOf(output.__type).split('#').at(-1) ?? ''
              reject(error)
            }
          })
        }
        forward(target, JSON.stringify(input), answer, reject)
      }),
    async stop() {
      agent.destroy()
      await stop()
    },
  }
}

/**
 * The engine numbers each change of a table by looking for the highest number so far, and finds a reader's place
 * likewise, through all changes that there ever were: every write costs more than the one before. An index on exactly
 * the expression that it asks for (capitals matter) makes both take the same time for ever.
 */
const indexStreams = (file: string): void => {
  const database = openSqlite(file)
  try {
    database.exec('pragma busy_timeout = 2000')
    // An engine of another version may keep its streams otherwise, and knows best how.
    const known = database.prepare("select 1 from pragma_table_info('_stream_records') where name in (?, ?)")
    if (known.all('table_name', 'sequence_number').length < 2) return
    database.exec(`create index if not exists shop_stream_numbers
      on _stream_records (table_name, CAST(sequence_number AS INTEGER))`)
  } finally {
    database.close()
  }
}

const startBinary = async (file: string): Promise<Engine> => {
  const port = await freePort()
  let binary: string
  try {
    binary = enginePath()
  } catch (error) {
    throw new StartError((error as Error).message)
  }
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', file]
  // The shell waits on a pipe that only this process holds: should this process be killed, the engine ends with it
  // instead of going on with the file open. A group of its own keeps a terminal's Ctrl-C from it until the stop.
  const watched = ['-c', '"$0" "$@" & engine=$!; read -r line; kill "$engine"; wait "$engine"', binary, ...args]
  const child =
    process.platform === 'win32'
      ? spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] })
      : spawn('/bin/sh', watched, { stdio: ['pipe', 'ignore', 'pipe'], detached: true })
  let complaint = ''
  child.stderr?.on('data', (data: Buffer) => {
    complaint = `${complaint}${data}`.slice(-2000)
  })
  let exited = false
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => {
      exited = true
      resolve()
    })
  })
  child.unref()
  const engine = connect(new URL(`http://127.0.0.1:${port}`), async () => {
    if (process.platform === 'win32') child.kill()
    else child.stdin?.end()
    await Promise.race([exit, pause(enginePatienceMs)])
    if (exited) return
    // The shell leads a group of its own, which holds the engine too.
    if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
    await exit
  })
  for (let attempt = 0; attempt < 500; attempt++) {
    // The shell outlives a failed engine, so its complaint is the sign.
    if (exited || /error/i.test(complaint)) break
    try {
      await engine.call(`${operationPrefix}ListTables`, {})
      indexStreams(file)
      return engine
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') {
        complaint = (error as Error).message
        break
      }
      await pause(10)
    }
  }
  await engine.stop()
  const reason = complaint.trim().split('\n').at(-1) ?? 'no answer'
  throw new StartError(`the tables in ${file} cannot be opened (${reason}); start afresh with --fresh`)
}

/** Starts the embedded engine on `file`, or connects to `SHOP_DYNAMODB_ENDPOINT` where that is set. */
export const startEngine = async (file: string): Promise<Engine> => {
  const endpoint = process.env.SHOP_DYNAMODB_ENDPOINT
  if (endpoint === undefined || endpoint === '') return startBinary(file)
  const engine = connect(new URL(endpoint), async () => {})
  try {
    await engine.call(`${operationPrefix}ListTables`, {})
    return engine
  } catch (error) {
    throw new StartError(`SHOP_DYNAMODB_ENDPOINT ${endpoint} does not answer (${(error as Error).message})`)
  }
}
