/** One Lambda function as this shop deploys them all: its bundle, arm64, a role and a log group of its own, traced. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { defaultTimeoutSeconds, type FunctionNeeds, functionNameOf } from '../../shared/contract/endpoint.ts'
import type { FunctionEntry } from './entries.ts'
import type { StackContext } from './stack-context.ts'
import type { Stage } from './stage.ts'

/** By which CloudFront, where a stage has it, says who asks. */
export const viewerAddressHeader = 'x-viewer-address'

/**
 * Endpoints decide whether X-Ray records a request, unless the stage leaves that to whoever asks; what they call, and what works
 * off the events and tasks that it caused, follows. Nobody hands a trace to the others: relays and projections read a table's stream, schedules begin by themselves,
 * and recording each of those would tell no more than their logs.
 */
const tracingOf: Readonly<Record<ShopFunctionProps['kind'], Tracing>> = {
  endpoint: Tracing.ACTIVE,
  procedure: Tracing.PASS_THROUGH,
  consumer: Tracing.PASS_THROUGH,
  task: Tracing.PASS_THROUGH,
  relay: Tracing.DISABLED,
  projection: Tracing.DISABLED,
  schedule: Tracing.DISABLED,
}

export type ShopFunctionProps = {
  kind: FunctionEntry['kind'] | 'relay'
  service: string
  /** Last part of the deployed name. */
  name: string
  entry: string
  needs: FunctionNeeds
  environment?: Record<string, string>
}

/** How a function gets what its declaration names under `uses`: grants and environment. */
export type Resource = (fn: LambdaFunction) => void

/** What a function may write its log to, and X-Ray where it records anything. */
const makeRole = (scope: Construct, logGroup: LogGroup, tracing: Tracing): Role => {
  // Not the role that CDK would make: AWS's managed policy for it lets a function write to every log of the account.
  const role = new Role(scope, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  if (tracing !== Tracing.DISABLED)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources to name; test/cdk holds that nothing else is meant',
    })
  return role
}

/** What every function knows of its stage. */
const environmentOf = ({ shop, prefix, debugSample, edge }: Stage, service: string, logLevel: string) => ({
  SHOP_PREFIX: prefix,
  SHOP_SERVICE: service,
  SHOP_NAME: shop.name,
  SHOP_CURRENCY: shop.currency,
  SHOP_PRICES_INCLUDE_TAX: String(shop.pricesIncludeTax),
  SHOP_UNITS_PER_LINE: String(shop.limits.unitsPerLine),
  ...(shop.limits.guestUnitsPerNetwork && {
    SHOP_GUEST_UNITS_PER_NETWORK: String(shop.limits.guestUnitsPerNetwork),
  }),
  POWERTOOLS_SERVICE_NAME: service,
  POWERTOOLS_LOG_LEVEL: logLevel,
  ...(debugSample > 0 && { POWERTOOLS_LOGGER_SAMPLE_RATE: String(debugSample) }),
  ...(edge && { VIEWER_ADDRESS_HEADER: viewerAddressHeader }),
})

export class ShopFunction extends Construct {
  readonly lambda: LambdaFunction
  /** As it is deployed: `shop-dev-orders-place-order`. */
  readonly functionName: string

  constructor(scope: Construct, id: string, { stage, bundles }: StackContext, props: ShopFunctionProps) {
    super(scope, id)
    const { kind, service, name, entry, needs, environment } = props
    const bundle = bundles.get(entry)
    if (!bundle) throw new Error(`${entry} was not bundled`)
    this.functionName = functionNameOf(stage.prefix, { service, name })
    const logGroup = new LogGroup(this, 'log', {
      logGroupName: `/aws/lambda/${this.functionName}`,
      retention: stage.logRetention,
      // Its name is fixed: one that stayed behind would keep the stack from being made again.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const logLevel = stage.logLevels[`${service}/${name}`] ?? stage.logLevel
    const ownTracing = tracingOf[kind]
    const decides = ownTracing === Tracing.ACTIVE && stage.tracing === 'active'
    const tracing = ownTracing === Tracing.ACTIVE && !decides ? Tracing.PASS_THROUGH : ownTracing
    const reserved = stage.reservedConcurrency[`${service}/${name}`]
    this.lambda = new LambdaFunction(this, 'function', {
      functionName: this.functionName,
      description: needs.summary,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle.directory, { assetHash: bundle.hash }),
      memorySize: needs.memoryMegabytes ?? 512,
      timeout: Duration.seconds(needs.timeoutSeconds ?? defaultTimeoutSeconds),
      tracing,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      // A task that puts its own rest aside is a loop on purpose; AWS would cut it off after about 16 rounds.
      ...(needs.defers?.includes(name) && { recursiveLoop: RecursiveLoop.ALLOW }),
      role: makeRole(this, logGroup, tracing),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Of itself Lambda tells only what failed: its lines about each invocation that went well cost more than the function's own.
      systemLogLevelV2: logLevel === 'DEBUG' ? SystemLogLevel.INFO : SystemLogLevel.WARN,
      // Lets everything through: the function decides what it logs, also of which invocations it tells more; and its metrics
      // are lines without a level, which Lambda takes for INFO and would drop where less is logged.
      applicationLogLevelV2: ApplicationLogLevel.DEBUG,
      environment: { ...environmentOf(stage, service, logLevel), ...environment },
    })
  }
}
