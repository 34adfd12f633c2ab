import { InvokeCommand } from '@aws-sdk/client-lambda'
import type { Access } from './access.ts'

/** Runs a function once and waits. @returns its answer @throws Error with the function's own words when it fails */
export const invoke = async ({ lambda }: Access, functionName: string, payload: string): Promise<unknown> => {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(payload) }),
  )
  const text = Payload ? Buffer.from(Payload).toString() : ''
  if (FunctionError) throw new Error(`${functionName} failed: ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}
