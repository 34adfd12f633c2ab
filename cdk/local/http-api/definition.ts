/** Reads an API's routes, and refuses what could not work on AWS either. */
import type { Permissions } from '../lambda/api.ts'
import type { Lambda } from '../lambda/lambda.ts'
import { StartError } from '../start-error.ts'
import type { Resource, ResourceOf, Template } from '../template/template.ts'
import { type CheckToken, createJwtAuthorizer } from './jwt-authorizer.ts'
import {
  type apiType,
  authorizerType,
  integrationType,
  type RouteSettings,
  routeType,
  type stageType,
} from './resources.ts'
import { parseRouteKey } from './routes.ts'

const longestMs = 30_000

export type Route = {
  key: string
  functionName: string
  timeoutMs: number
  /** False where the function's permissions do not let this API in; the request then fails as on AWS. */
  permitted: boolean
  authorize?: CheckToken
  scopes: string[]
  takesToken: (nowMs: number) => boolean
}

export type HttpApiDependencies = {
  template: Template
  lambda: Lambda
  permissions: Permissions
  place: { region: string; account: string; domainName: string }
  log: (line: string) => void
  /** Takes one line of an API's access log. */
  accessLog: (apiId: string, line: string) => void
  /** Origins whose pages may call the APIs, beyond those that the template names. */
  alsoAllowsOrigin: (origin: string) => boolean
}

/** A token bucket; without settings it never runs dry. */
const createBucket = (settings: RouteSettings | undefined): ((nowMs: number) => boolean) => {
  const rate = settings?.ThrottlingRateLimit
  if (rate === undefined) return () => true
  const burst = settings?.ThrottlingBurstLimit ?? Math.max(1, rate)
  let tokens = burst
  let lastMs = 0
  return (nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - lastMs) / 1000) * rate)
    lastMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

/** Tells whether a resource is part of the API. */
export const belongsTo =
  (api: ResourceOf<typeof apiType>) =>
  ({ properties }: Resource<{ ApiId: string }>): boolean =>
    properties.ApiId === api.name

const readAuthorizers = (
  api: ResourceOf<typeof apiType>,
  { template }: HttpApiDependencies,
): Map<string, CheckToken> => {
  const authorizers = new Map<string, CheckToken>()
  for (const { name, where, properties } of template.ofType(authorizerType).filter(belongsTo(api))) {
    const { IdentitySource, JwtConfiguration } = properties
    if (IdentitySource.some((source) => !/^\$request\.header\.authorization$/i.test(source)))
      throw new StartError(`${where}: only a token from the Authorization header is known here`)
    authorizers.set(name, createJwtAuthorizer({ issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience }))
  }
  return authorizers
}

/** Reads an API's routes: function, permission, authorizer with scopes, throttle. */
export const readRoutes = (
  api: ResourceOf<typeof apiType>,
  { properties: stage }: ResourceOf<typeof stageType>,
  dependencies: HttpApiDependencies,
): { key: string; route: Route }[] => {
  const { template, lambda, permissions, place } = dependencies
  const authorizers = readAuthorizers(api, dependencies)
  const integrations = new Map(template.ofType(integrationType).map((each) => [each.name, each.properties]))
  const shared = createBucket(stage.DefaultRouteSettings)
  return template
    .ofType(routeType)
    .filter(belongsTo(api))
    .map(({ where, properties }) => {
      const { RouteKey: key, AuthorizationType, AuthorizerId = '' } = properties
      const integration = integrations.get(properties.Target.replace('integrations/', ''))
      if (integration === undefined) throw new StartError(`${where}: its integration does not exist`)
      const functionName = /:function:([^/:]+)/.exec(integration.IntegrationUri)?.[1] ?? ''
      if (!lambda.functions.has(functionName)) throw new StartError(`${where}: its function does not exist`)
      const authorize = authorizers.get(AuthorizerId)
      if (AuthorizationType === 'JWT' && authorize === undefined)
        throw new StartError(`${where}: its authorizer does not exist`)
      const parsed = parseRouteKey(key)
      const path = parsed === '$default' ? '$default' : `${parsed.method}/${parsed.segments.join('/')}`
      const source = `arn:aws:execute-api:${place.region}:${place.account}:${api.name}/$default/${path}`
      const ownSettings = stage.RouteSettings?.[key]
      const route: Route = {
        key,
        functionName,
        timeoutMs: Math.min(integration.TimeoutInMillis ?? longestMs, longestMs),
        permitted: permissions.allows(functionName, 'apigateway.amazonaws.com', source),
        scopes: properties.AuthorizationScopes,
        takesToken: ownSettings === undefined ? shared : createBucket(ownSettings),
        ...(AuthorizationType === 'JWT' && authorize && { authorize }),
      }
      return { key, route }
    })
}
