/** Gives each HTTP API its address before anything runs, since templates hand addresses out. */
import type { Assembly } from '../template/assembly.ts'
import { objectOf, textOf } from '../template/json.ts'

/** How the HTTP APIs share one port: the one with an authorizer at its root, any other below `/_apis/`. */
export type ApiAddresses = {
  /** The logical id, with its stack before it where two stacks use the same. */
  apiId: (stack: string, logicalId: string) => string
  apiUrl: (stack: string, logicalId: string) => string
  /** Splits a request's path and query into the API it is for and the rest. */
  find: (url: string) => { id: string; url: string }
}

/** Reads the unresolved templates, because what they resolve to contains these addresses. */
export const apiAddresses = ({ stacks }: Assembly, baseUrl: string): ApiAddresses => {
  const resources = stacks.flatMap((stack) => [...stack.resources.values()])
  const apis = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Api')
  const apiId: ApiAddresses['apiId'] = (stack, logicalId) =>
    apis.filter((api) => api.logicalId === logicalId).length > 1 ? `${stack}-${logicalId}` : logicalId
  const authorizers = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Authorizer')
  const main =
    apis.find((api) =>
      authorizers.some(
        ({ stack, properties }) => stack === api.stack && textOf(objectOf(properties.ApiId).Ref) === api.logicalId,
      ),
    ) ?? apis[0]
  const mainId = main === undefined ? '' : apiId(main.stack, main.logicalId)
  return {
    apiId,
    apiUrl: (stack, logicalId) => {
      const id = apiId(stack, logicalId)
      return id === mainId ? baseUrl : `${baseUrl}/_apis/${id}`
    },
    find(url) {
      const [, id, rest = ''] = /^\/_apis\/([^/?]+)(.*)$/s.exec(url) ?? []
      return id === undefined ? { id: mainId, url } : { id, url: rest.startsWith('/') ? rest : `/${rest}` }
    },
  }
}
