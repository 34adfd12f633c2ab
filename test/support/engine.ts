/** The embedded DynamoDB engine for tests: in memory, one per test file. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { enginePath } from '../../cdk/local/dynamodb/engine-path.ts'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

/** @returns its address, and how to end it. SHOP_DYNAMODB_ENDPOINT names another engine to use instead. */
export const startEngine = async (): Promise<{ url: string; stop: () => void }> => {
  const given = process.env.SHOP_DYNAMODB_ENDPOINT
  if (given) return { url: given, stop: () => undefined }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(enginePath(), ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' })
  let ended: string | undefined
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code) => {
    ended = `it ended with status ${code}`
  })
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (ended) throw new Error(`the DynamoDB engine did not start: ${ended}`)
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return { url, stop: () => child.kill('SIGKILL') }
    await sleep(10)
  }
  child.kill('SIGKILL')
  throw new Error('the DynamoDB engine did not answer within five seconds')
}
