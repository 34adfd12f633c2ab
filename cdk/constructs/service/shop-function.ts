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
import type { Construct } from 'constructs'
import { defaultTimeoutSeconds, type FunctionNeeds } from '../../../shared/contract/endpoint.ts'
import type { FunctionEntry } from '../entries.ts'
import type { StackContext } from '../stack-context.ts'

/** By which CloudFront, where a stage has it, says who asks. */
export const viewerAddressHeader = 'x-viewer-address'

/**
 * Endpoints decide whether X-Ray records a request; what they call, and what works off the events and tasks that it caused,
 * follows. Nobody hands a trace to the others: relays and projections read a table's stream, schedules begin by themselves,
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

export const shopFunction = (
  scope: Construct,
  { stage, bundles }: StackContext,
  props: ShopFunctionProps,
): LambdaFunction => {
  const bundle = bundles.get(props.entry)
  if (!bundle) throw new Error(`${props.entry} was not bundled`)
  const functionName = `${stage.prefix}-${props.service}-${props.name}`
  const logGroup = new LogGroup(scope, `${props.name}-log`, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: stage.logRetention,
    // Its name is fixed: one that stayed behind would keep the stack from being made again.
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const logLevel = stage.logLevels[`${props.service}/${props.name}`] ?? stage.logLevel
  // Not the role that CDK would make: AWS's managed policy for it lets a function write to every log of the account.
  const role = new Role(scope, `${props.name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  const tracing = tracingOf[props.kind]
  if (tracing !== Tracing.DISABLED)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources to name; test/cdk holds that nothing else is meant',
    })
  return new LambdaFunction(scope, props.name, {
    functionName,
    description: props.needs.summary,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundle.directory, { assetHash: bundle.hash }),
    memorySize: props.needs.memoryMegabytes ?? 512,
    timeout: Duration.seconds(props.needs.timeoutSeconds ?? defaultTimeoutSeconds),
    tracing,
    // A task that puts its own rest aside is a loop on purpose; AWS would cut it off after about 16 rounds.
    ...(props.needs.defers?.includes(props.name) && { recursiveLoop: RecursiveLoop.ALLOW }),
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Of itself Lambda tells only what failed: its lines about each invocation that went well cost more than the function's own.
    systemLogLevelV2: logLevel === 'DEBUG' ? SystemLogLevel.INFO : SystemLogLevel.WARN,
    // Lets everything through: the function decides what it logs, also of which invocations it tells more; and its metrics
    // are lines without a level, which Lambda takes for INFO and would drop where less is logged.
    applicationLogLevelV2: ApplicationLogLevel.DEBUG,
    environment: {
      SHOP_PREFIX: stage.prefix,
      SHOP_SERVICE: props.service,
      SHOP_NAME: stage.shop.name,
      SHOP_CURRENCY: stage.shop.currency,
      SHOP_PRICES_INCLUDE_TAX: String(stage.shop.pricesIncludeTax),
      SHOP_UNITS_PER_LINE: String(stage.shop.limits.unitsPerLine),
      ...(stage.shop.limits.guestUnitsPerNetwork && {
        SHOP_GUEST_UNITS_PER_NETWORK: String(stage.shop.limits.guestUnitsPerNetwork),
      }),
      POWERTOOLS_SERVICE_NAME: props.service,
      POWERTOOLS_LOG_LEVEL: logLevel,
      ...(stage.debugSample > 0 && { POWERTOOLS_LOGGER_SAMPLE_RATE: String(stage.debugSample) }),
      ...(stage.edge && { VIEWER_ADDRESS_HEADER: viewerAddressHeader }),
      ...props.environment,
    },
  })
}
