/** Answers Lambda's Invoke API, and reads which services may invoke a function. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerJson, type Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, unknownOperation } from '../endpoint/aws-error.ts'
import { type Iam, likePattern } from '../iam/iam.ts'
import type { Template } from '../template/template.ts'
import type { AsyncEvents } from './async-events.ts'
import type { Lambda } from './lambda.ts'
import { permissionType } from './resources.ts'

/** Which services may invoke a function, as its `AWS::Lambda::Permission`s say. */
export type Permissions = { allows(functionName: string, service: string, sourceArn: string): boolean }

const nameOf = (functionNameOrArn: string): string => functionNameOrArn.split(':').at(-1) ?? ''

export const readPermissions = (template: Template): Permissions => {
  const grants = template.ofType(permissionType).map(({ properties }) => ({
    functionName: nameOf(properties.FunctionName),
    service: properties.Principal,
    source: likePattern(properties.SourceArn),
  }))
  return {
    allows: (functionName, service, sourceArn) =>
      grants.some(
        (grant) => grant.functionName === functionName && grant.service === service && grant.source.test(sourceArn),
      ),
  }
}

/** The Invoke API. */
export const createLambdaApi =
  (lambda: Lambda, asyncEvents: Pick<AsyncEvents, 'accept'>, iam: Iam) =>
  async (call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, given = ''] =
      /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec((request.url ?? '').split('?')[0] ?? '') ?? []
    if (given === '' || request.method !== 'POST') throw unknownOperation('Lambda', `${request.method} ${request.url}`)
    const target = lambda.functions.get(nameOf(decodeURIComponent(given)))
    const refusal = target && iam.refusal(call.caller, 'lambda:InvokeFunction', target.arn)
    if (refusal !== undefined) throw new AwsError('AccessDeniedException', refusal, 403)
    if (target === undefined)
      throw new AwsError('ResourceNotFoundException', `Function not found: ${decodeURIComponent(given)}`, 404)
    const payload = call.body.length === 0 ? '{}' : call.body.toString()
    try {
      JSON.parse(payload)
    } catch {
      throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json')
    }
    const kind = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse')
    if (kind === 'DryRun') {
      response.writeHead(204).end()
      return
    }
    if (kind === 'Event') {
      asyncEvents.accept(target.name, payload, call.traceHeader)
      response.writeHead(202, { 'x-amzn-requestid': randomUUID(), 'content-length': 0 }).end()
      return
    }
    const result = await lambda.invoke(target.name, payload, call.traceHeader)
    if (result.kind === 'throttled') {
      const headers = { 'x-amzn-errortype': 'TooManyRequestsException', 'content-type': 'application/json' }
      answerJson(response, 429, { Reason: result.reason, Type: 'User', message: 'Rate Exceeded.' }, headers)
      return
    }
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(result.payload),
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
    })
    response.end(result.payload)
  }
