/** The Lambda API's Invoke. */
import { CalledFunctionError } from './errors.ts'
import { lazy } from './lazy.ts'
import { readAnswer, signedApi } from './signed-request.ts'

/** Bytes: what Lambda itself lets an answer have. */
const answerLimitBytes = 6 * 1024 * 1024

const connection = lazy(() => signedApi('lambda'))

export type Invoke = (functionName: string, payload: string, signal: AbortSignal) => Promise<unknown>

/** What the called function threw, by the name of its class alone: its message may tell what people sent. */
const errorTypeOf = (answer: string): string => {
  try {
    const parsed: unknown = JSON.parse(answer)
    const type = typeof parsed === 'object' && parsed !== null && 'errorType' in parsed ? String(parsed.errorType) : ''
    return /^[A-Za-z$._]{1,60}$/.test(type) ? type : 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Calls a function once and waits for its answer. @throws Error when it could not be called; CalledFunctionError when it failed */
export const invokeFunction: Invoke = async (functionName, payload, signal) => {
  const api = connection()
  const { status, headers, body } = await api.send(
    {
      endpoint: api.endpoint(),
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
  if (status >= 300) throw new Error(`${functionName} could not be called: ${status}`)
  if (headers['x-amz-function-error']) throw new CalledFunctionError(functionName, errorTypeOf(answer))
  return JSON.parse(answer)
}
