/** Lets pages read and upload as the bucket's rules say. */
import type { IncomingHttpHeaders } from 'node:http'
import { likePattern } from '../iam/iam.ts'
import type { CorsRules } from './resources.ts'

/** What a bucket's rules let pages of other origins do. */
export type Cors = {
  /** Headers for the answer to a preflight request; undefined where no rule lets it pass. */
  preflight(headers: IncomingHttpHeaders): { [name: string]: string } | undefined
  /** Headers for the answer to any other request. */
  headers(method: string, headers: IncomingHttpHeaders): { [name: string]: string }
}

type Rule = { origins: string[]; methods: string[]; headers: RegExp[]; exposed: string; maxAge: number | undefined }

const toRule = (rule: CorsRules[number]): Rule => ({
  origins: rule.AllowedOrigins,
  methods: rule.AllowedMethods,
  headers: rule.AllowedHeaders.map((header) => likePattern(header, 'i')),
  exposed: rule.ExposedHeaders.join(', '),
  maxAge: rule.MaxAge,
})

/**
 * The first rule that fits decides, as on S3.
 * @param alsoAllows origins beyond those that the rules name
 */
export const createCors = (definitions: CorsRules, alsoAllows: (origin: string) => boolean): Cors => {
  const rules = definitions.map(toRule)

  const find = (origin: string, method: string, headers: string[]) => {
    for (const rule of rules) {
      const named = rule.origins.find((pattern) => likePattern(pattern).test(origin))
      const allowed = named ?? (alsoAllows(origin) ? origin : undefined)
      const fits = headers.every((header) => rule.headers.some((pattern) => pattern.test(header)))
      if (allowed !== undefined && rule.methods.includes(method) && fits) return { rule, allowed }
    }
    return undefined
  }

  const answer = (origin: string, method: string, headers: string[]) => {
    const found = origin === '' ? undefined : find(origin, method, headers)
    if (found === undefined) return undefined
    const { rule, allowed } = found
    return {
      'access-control-allow-origin': allowed === '*' ? '*' : origin,
      'access-control-allow-methods': rule.methods.join(', '),
      ...(rule.exposed === '' ? {} : { 'access-control-expose-headers': rule.exposed }),
      ...(rule.maxAge === undefined ? {} : { 'access-control-max-age': String(rule.maxAge) }),
      ...(allowed === '*' ? {} : { 'access-control-allow-credentials': 'true' }),
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    }
  }

  return {
    preflight(headers) {
      const asked = String(headers['access-control-request-headers'] ?? '')
        .split(',')
        .map((header) => header.trim())
        .filter((header) => header !== '')
      const method = String(headers['access-control-request-method'] ?? '')
      const allowed = answer(headers.origin ?? '', method, asked)
      return (
        allowed && { ...allowed, ...(asked.length === 0 ? {} : { 'access-control-allow-headers': asked.join(', ') }) }
      )
    },
    headers: (method, headers) => answer(headers.origin ?? '', method, []) ?? {},
  }
}
