import type { Permissions } from '../lambda/api.ts'
import type { Lambda } from '../lambda/lambda.ts'
import { StartError } from '../start-error.ts'
import { type JsonObject, numberOf, objectOf, textOf, textsOf } from '../template/json.ts'
import type { Resource, Template } from '../template/template.ts'
import { type CheckToken, createJwtAuthorizer } from './jwt-authorizer.ts'
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
const createBucket = (settings: JsonObject): ((nowMs: number) => boolean) => {
  const rate = numberOf(settings.ThrottlingRateLimit, Number.POSITIVE_INFINITY)
  const burst = numberOf(settings.ThrottlingBurstLimit, Math.max(1, rate))
  if (!Number.isFinite(rate)) return () => true
  let tokens = burst
  let lastMs = 0
  return (nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - lastMs) / 1000) * rate)
    lastMs = nowMs
    if (tokens < 1) return false
    tokens--
    return true
  }
}

/** Tells whether a resource is part of the API. */
export const belongsTo = (api: Resource) => (resource: Resource) => textOf(resource.properties.ApiId) === api.name

const readAuthorizers = (api: Resource, { template }: HttpApiDependencies): Map<string, CheckToken> => {
  const authorizers = new Map<string, CheckToken>()
  for (const { name, stack, properties } of template.ofType('AWS::ApiGatewayV2::Authorizer').filter(belongsTo(api))) {
    const sources = textsOf(properties.IdentitySource)
    if (
      properties.AuthorizerType !== 'JWT' ||
      sources.some((source) => !/^\$request\.header\.authorization$/i.test(source))
    ) {
      throw new StartError(`stack ${stack}, resource ${name}: only JWT from the Authorization header is known here`)
    }
    const { Issuer, Audience } = objectOf(properties.JwtConfiguration)
    authorizers.set(name, createJwtAuthorizer({ issuer: textOf(Issuer), audience: textsOf(Audience) }))
  }
  return authorizers
}

/** Reads an API's routes: function, permission, authorizer with scopes, throttle. */
export const readRoutes = (
  api: Resource,
  stage: JsonObject,
  dependencies: HttpApiDependencies,
): { key: string; route: Route }[] => {
  const { template, lambda, permissions, place } = dependencies
  const authorizers = readAuthorizers(api, dependencies)
  const integrations = new Map(
    template.ofType('AWS::ApiGatewayV2::Integration').map((each) => [each.name, each.properties]),
  )
  const shared = createBucket(objectOf(stage.DefaultRouteSettings))
  return template
    .ofType('AWS::ApiGatewayV2::Route')
    .filter(belongsTo(api))
    .map(({ stack, logicalId, properties }) => {
      const where = `stack ${stack}, resource ${logicalId} (AWS::ApiGatewayV2::Route)`
      const key = textOf(properties.RouteKey)
      const integration = integrations.get(textOf(properties.Target).replace('integrations/', ''))
      const functionName = /:function:([^/:]+)/.exec(textOf(integration?.IntegrationUri))?.[1] ?? ''
      if (integration?.IntegrationType !== 'AWS_PROXY' || textOf(integration.PayloadFormatVersion) !== '2.0') {
        throw new StartError(`${where}: only AWS_PROXY integrations with payload format 2.0 are known here`)
      }
      if (!lambda.functions.has(functionName)) throw new StartError(`${where}: its function does not exist`)
      const authorization = textOf(properties.AuthorizationType, 'NONE')
      const authorize = authorizers.get(textOf(properties.AuthorizerId))
      if (authorization !== 'NONE' && (authorization !== 'JWT' || authorize === undefined)) {
        throw new StartError(`${where}: authorization ${authorization} is not known here, or has no authorizer`)
      }
      const parsed = parseRouteKey(key)
      const path = parsed === '$default' ? '$default' : `${parsed.method}/${parsed.segments.join('/')}`
      const source = `arn:aws:execute-api:${place.region}:${place.account}:${api.name}/$default/${path}`
      const ownSettings = objectOf(stage.RouteSettings)[key]
      const route: Route = {
        key,
        functionName,
        timeoutMs: Math.min(numberOf(integration.TimeoutInMillis, longestMs), longestMs),
        permitted: permissions.allows(functionName, 'apigateway.amazonaws.com', source),
        scopes: textsOf(properties.AuthorizationScopes),
        takesToken: ownSettings === undefined ? shared : createBucket(objectOf(ownSettings)),
        ...(authorization === 'JWT' && authorize !== undefined ? { authorize } : {}),
      }
      return { key, route }
    })
}
