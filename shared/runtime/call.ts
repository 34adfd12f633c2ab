/**
 * Calls between services that must answer now: direct Lambda invocations with a deadline (3 s), two retries with full
 * jitter, and a circuit breaker that opens after five outages in a row and tries one call after 30 s. What one request brings
 * about, by what it asks for, is no outage: it must not close the door to all others.
 */
import middy from '@middy/core'
import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  isBrokenCircuitError,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import * as z from 'zod/mini'
import { functionNameOf, type ProcedureDeclaration } from '../contract/endpoint.ts'
import { commonMetrics } from '../contract/metric.ts'
import { asError, CalledFunctionError, isOutage, UnavailableError } from './errors.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { type Invoke, invokeFunction } from './invoke.ts'
import { lazy } from './lazy.ts'
import { correlate, count, logger, observe } from './observability.ts'
import { RefusedInput } from './refused-input.ts'
import { setting } from './settings.ts'
import { continueTrace, currentTrace, traceparentOf, withTrace } from './trace.ts'

export const callLimits = { deadlineMs: 3_000, retries: 2, failuresToOpen: 5, halfOpenAfterMs: 30_000 } as const

/** How a procedure is called. Retries are made here and at no other layer: what its callers are given. */
export type Call<P extends ProcedureDeclaration> = (input: z.input<P['input']>) => Promise<z.output<P['output']>>

/** No answer at all, or one that says that something is not there: asking again, or not asking for a while, makes sense. */
const isOutageOfCall = (error: unknown): boolean => !(error instanceof CalledFunctionError) || error.isOutage

const policyOf = (limits: typeof callLimits) =>
  wrap(
    timeout(limits.deadlineMs, TimeoutStrategy.Aggressive),
    // What the open breaker refuses is not worth waiting for.
    retry(
      handleWhen((error) => !isBrokenCircuitError(error) && isOutageOfCall(error)),
      {
        maxAttempts: limits.retries,
        backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500, generator: fullJitterGenerator }),
      },
    ),
    circuitBreaker(handleWhen(isOutageOfCall), {
      halfOpenAfter: limits.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(limits.failuresToOpen),
    }),
  )

/**
 * A typed function that calls the procedure.
 * @throws UnavailableError when it has not answered within the deadline, or the breaker is open; RefusedInput when it does not
 * take what it is asked
 */
export const call = <P extends ProcedureDeclaration>(procedure: P, invoke: Invoke = invokeFunction): Call<P> => {
  const policy = policyOf(callLimits)
  const prefix = lazy(() => setting('SHOP_PREFIX'))
  return async (input) => {
    const payload = JSON.stringify({ traceparent: traceparentOf(currentTrace()), input })
    let answer: unknown
    logger.debug('calls', { procedure: `${procedure.service}/${procedure.name}`, bytes: payload.length })
    try {
      answer = await policy.execute(({ signal }) => invoke(functionNameOf(prefix(), procedure), payload, signal))
    } catch (error) {
      if (error instanceof CalledFunctionError && error.isRefusal)
        throw new RefusedInput('INVALID_INPUT', 'Something in this request is not what the shop can look for.')
      throw new UnavailableError(`${procedure.service}/${procedure.name} did not answer`, { cause: error })
    }
    return procedure.output.parse(answer) as z.output<P['output']>
  }
}

/**
 * Asks, and goes on with something else where there is no answer to be had: for what a page can be shown without. Each time
 * is logged and counted. @param fallback makes what is answered instead, in the same form
 */
export const withFallback =
  <Input, Output>(ask: (input: Input) => Promise<Output>, fallback: (input: Input) => Output) =>
  async (input: Input): Promise<Output> => {
    try {
      return await ask(input)
    } catch (error) {
      if (!isOutage(error)) throw error
      logger.warn('went on without an answer', asError(error))
      count(commonMetrics.fallbacks)
      return fallback(input)
    }
  }

const Payload = z.object({ traceparent: z.optional(z.string()), input: z.unknown() })

/**
 * Wraps the function behind a procedure. Its own answers are values. What it throws is told apart by the name of its class, which
 * is all of it that reaches the caller: RefusedInput for what it does not take, UnavailableError for outages, and our mistakes.
 * @param makers of the parts that it needs
 */
export const provide = <P extends ProcedureDeclaration, M extends Makers>(
  procedure: P,
  makers: M,
  answer: (input: z.output<P['input']>, parts: PartsOf<M>) => Promise<z.input<P['output']>>,
) =>
  instantiable(makers, (parts) =>
    middy((event: unknown) => {
      const { traceparent, input } = Payload.parse(event)
      return withTrace(continueTrace(traceparent), async () => {
        const asked = procedure.input.safeParse(input)
        if (!asked.success) throw new RefusedInput('INVALID_INPUT', 'This procedure does not take such input.')
        const given = asked.data as z.output<P['input']>
        correlate(given)
        try {
          const answered = await answer(given, parts())
          logger.info('answered a call')
          return answered
        } catch (error) {
          throw isOutage(error) ? new UnavailableError('something needed did not answer', { cause: error }) : error
        }
      })
    }).use(observe()),
  )
