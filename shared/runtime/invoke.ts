/** The Lambda API's Invoke. */
import { once } from './once.ts'
import { readAnswer, signedApi } from './signed-request.ts'

/** Bytes: what Lambda itself lets an answer have. */
const answerLimitBytes = 6 * 1024 * 1024

const connection = once(() => {
  const api = signedApi('lambda')
  return { api, endpoint: new URL(api.givenEndpoint() ?? `https://lambda.${api.region}.amazonaws.com`) }
})

export type Invoke = (functionName: string, payload: string, signal: AbortSignal) => Promise<unknown>

/** Calls a function once and waits for its answer. @throws Error when it could not be called, or failed */
export const invokeFunction: Invoke = async (functionName, payload, signal) => {
  const { api, endpoint } = connection()
  const { status, headers, body } = await api.send(
    {
      endpoint,
      method: 'POST',
      path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
      headers: {
        'content-type': 'application/json',
        // As the SDK's clients do: the called function belongs to the caller's trace, and is recorded if that is.
        ...(process.env._X_AMZN_TRACE_ID && { 'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID }),
      },
      body: payload,
    },
    signal,
  )
  const bytes = await readAnswer(body, answerLimitBytes)
  if (bytes === undefined) throw new Error(`${functionName} answered more than ${answerLimitBytes} bytes`)
  const answer = bytes.toString('utf8')
  if (status >= 300 || headers['x-amz-function-error'])
    throw new Error(`${functionName} answered ${status}: ${answer.slice(0, 500)}`)
  return JSON.parse(answer)
}
