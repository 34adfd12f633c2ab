import type { IncomingHttpHeaders } from 'node:http'
import { likePattern } from '../iam/iam.ts'
import { flagOf, type JsonObject, numberOf, textsOf } from '../template/json.ts'
import type { Answer } from './payload.ts'

export type Cors = {
  /** The answer to a preflight request; API Gateway gives it before any route. */
  preflight(headers: IncomingHttpHeaders): Answer
  /** Headers for any other answer; they replace the function's own. */
  headers(headers: IncomingHttpHeaders): { [name: string]: string }
}

/** @param alsoAllows origins beyond those that the configuration names */
export const createCors = (configuration: JsonObject, alsoAllows: (origin: string) => boolean): Cors => {
  const list = (name: string) => textsOf(configuration[name])
  const credentials = flagOf(configuration.AllowCredentials)
  const origins = list('AllowOrigins').map((origin) => ({ origin, pattern: likePattern(origin) }))

  const common = ({ origin = '' }: IncomingHttpHeaders): { [name: string]: string } => {
    const allowed = origins.find(({ pattern }) => pattern.test(origin))
    if (origin === '' || (allowed === undefined && !alsoAllows(origin))) return {}
    return {
      'access-control-allow-origin': allowed?.origin === '*' ? '*' : origin,
      ...(allowed?.origin === '*' ? {} : { vary: 'Origin' }),
      ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    }
  }

  return {
    headers(request) {
      const headers = common(request)
      const exposed = list('ExposeHeaders').join(',')
      return exposed === '' || Object.keys(headers).length === 0
        ? headers
        : { ...headers, 'access-control-expose-headers': exposed }
    },
    preflight(request) {
      const headers = common(request)
      if (Object.keys(headers).length > 0) {
        headers['access-control-allow-methods'] = list('AllowMethods').join(',')
        headers['access-control-allow-headers'] = list('AllowHeaders').join(',')
        if (configuration.MaxAge !== undefined)
          headers['access-control-max-age'] = String(numberOf(configuration.MaxAge, 0))
      }
      return { status: 204, headers, cookies: [], body: Buffer.alloc(0) }
    },
  }
}
