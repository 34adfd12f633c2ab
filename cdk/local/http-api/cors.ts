/** Answers preflight requests, and says which pages may read the other answers. */
import type { IncomingHttpHeaders } from 'node:http'
import { likePattern } from '../iam/iam.ts'
import type { Answer } from './payload.ts'
import type { CorsConfiguration } from './resources.ts'

export type Cors = {
  /** The answer to a preflight request; API Gateway gives it before any route. */
  preflight(headers: IncomingHttpHeaders): Answer
  /** Headers for any other answer; they replace the function's own. */
  headers(headers: IncomingHttpHeaders): { [name: string]: string }
}

/** @param alsoAllows origins beyond those that the configuration names */
export const createCors = (configuration: CorsConfiguration, alsoAllows: (origin: string) => boolean): Cors => {
  const { AllowCredentials, AllowHeaders, AllowMethods, AllowOrigins, ExposeHeaders, MaxAge } = configuration
  const origins = AllowOrigins.map((origin) => ({ origin, pattern: likePattern(origin) }))
  const exposed = ExposeHeaders.join(',')

  const common = ({ origin = '' }: IncomingHttpHeaders): { [name: string]: string } => {
    const allowed = origins.find(({ pattern }) => pattern.test(origin))
    if (origin === '' || (allowed === undefined && !alsoAllows(origin))) return {}
    return {
      'access-control-allow-origin': allowed?.origin === '*' ? '*' : origin,
      ...(allowed?.origin === '*' ? {} : { vary: 'Origin' }),
      ...(AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    }
  }

  return {
    headers(request) {
      const headers = common(request)
      return exposed === '' || Object.keys(headers).length === 0
        ? headers
        : { ...headers, 'access-control-expose-headers': exposed }
    },
    preflight(request) {
      const headers = common(request)
      if (Object.keys(headers).length > 0) {
        headers['access-control-allow-methods'] = AllowMethods.join(',')
        headers['access-control-allow-headers'] = AllowHeaders.join(',')
        if (MaxAge !== undefined) headers['access-control-max-age'] = String(MaxAge)
      }
      return { status: 204, headers, cookies: [], body: Buffer.alloc(0) }
    },
  }
}
