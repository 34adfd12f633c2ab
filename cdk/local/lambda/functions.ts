/** Reads where each function's code lies, and the environment that Lambda would give it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { accessKeyOf, secretKeyOf, sessionToken } from '../iam/access-keys.ts'
import { StartError } from '../start-error.ts'
import type { State } from '../state/state.ts'
import type { Assembly } from '../template/assembly.ts'
import type { Template } from '../template/template.ts'
import type { LambdaFunction } from './lambda.ts'
import { functionType } from './resources.ts'

export type Place = { region: string; account: string; awsEndpoint: string }

/** Reads every function: where its code lies, and the environment that Lambda would give it. */
export const readFunctions = (template: Template, assembly: Assembly, state: State, place: Place): LambdaFunction[] =>
  template.ofType(functionType).map(({ where, name, properties, attribute }) => {
    const { Handler, LoggingConfig: logging, MemorySize: memoryMb, ReservedConcurrentExecutions } = properties
    const [module = '', exportName = ''] = Handler.split(/\.(?=[^.]*$)/)
    const folder = assembly.assetFolder(properties.Code.S3Key)
    const file = [`${module}.mjs`, `${module}.js`].map((each) => join(folder, each)).find((each) => existsSync(each))
    if (file === undefined) throw new StartError(`${where}: its code holds neither ${module}.mjs nor ${module}.js`)
    const logGroup = logging?.LogGroup ?? `/aws/lambda/${name}`
    return {
      name,
      arn: attribute('Arn'),
      role: properties.Role.split('/').at(-1) ?? '',
      handlerUrl: pathToFileURL(file).href,
      exportName,
      timeoutMs: properties.Timeout * 1000,
      memoryMb,
      ...(ReservedConcurrentExecutions !== undefined && { reservedConcurrency: ReservedConcurrentExecutions }),
      environment: {
        ...properties.Environment?.Variables,
        AWS_REGION: place.region,
        AWS_DEFAULT_REGION: place.region,
        AWS_ACCESS_KEY_ID: accessKeyOf(name),
        AWS_SECRET_ACCESS_KEY: secretKeyOf(state, name),
        AWS_SESSION_TOKEN: sessionToken,
        AWS_ENDPOINT_URL: place.awsEndpoint,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
        AWS_LAMBDA_LOG_FORMAT: logging?.LogFormat ?? 'Text',
        ...(logging?.ApplicationLogLevel && { AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel }),
        AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
        // Whoever has a daemon sees what X-Ray would of requests that say `X-Amzn-Trace-Id: Root=…;Sampled=1`.
        ...(process.env.AWS_XRAY_DAEMON_ADDRESS && { AWS_XRAY_DAEMON_ADDRESS: process.env.AWS_XRAY_DAEMON_ADDRESS }),
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: Handler,
        TZ: ':UTC',
      },
      logGroup,
      logFile: join(state.directory, 'logs', `${name}.log`),
    }
  })
