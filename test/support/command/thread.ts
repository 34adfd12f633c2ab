/** One command after the other, in the thread of run.ts. */
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { parentPort } from 'node:worker_threads'
import type { Asked, Told } from './run.ts'

const tell = (told: Told): void => parentPort?.postMessage(told)

/** Takes the place of a stream's `write`: nothing is kept back that an end by `process.exit` would lose. */
const telling =
  (stream: 'output' | 'errors') =>
  (chunk: string | Uint8Array): boolean => {
    tell({ [stream]: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() })
    return true
  }
process.stdout.write = telling('output')
process.stderr.write = telling('errors')

/** How a script ends by `process.exit`, which would end the thread with it. */
class Ended extends Error {}
process.exit = (status) => {
  process.exitCode = status ?? process.exitCode
  throw new Ended('the script has ended')
}

const given = { ...process.env }
let runs = 0

parentPort?.on('message', async ({ file, words, input, environment }: Asked) => {
  for (const name of Object.keys(process.env)) if (!(name in given)) delete process.env[name]
  Object.assign(process.env, given, environment)
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true })
  process.argv = [process.execPath, file, ...words]
  process.exitCode = 0
  runs += 1
  try {
    // A script runs when it is loaded, and is loaded again under another name; what it imports is not.
    await import(`${pathToFileURL(file)}?${runs}`)
  } catch (error) {
    if (!(error instanceof Ended)) {
      console.error(error)
      process.exitCode = 1
    }
  }
  tell({ status: Number(process.exitCode) })
})
