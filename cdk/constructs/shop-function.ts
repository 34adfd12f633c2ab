/** One Lambda function as this shop deploys them all: its bundle, arm64, its own log group, traced. */
import { Duration } from 'aws-cdk-lib'
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { defaultTimeoutSeconds, type FunctionNeeds } from '../../shared/contract/endpoint.ts'
import type { Building } from './shared.ts'

export type ShopFunctionProps = {
  service: string
  /** Last part of the deployed name. */
  name: string
  entry: string
  needs: FunctionNeeds
  environment?: Record<string, string>
}

export const shopFunction = (
  scope: Construct,
  { stage, bundles }: Building,
  props: ShopFunctionProps,
): LambdaFunction => {
  const bundle = bundles.get(props.entry)
  if (!bundle) throw new Error(`${props.entry} was not bundled`)
  const functionName = `${stage.prefix}-${props.service}-${props.name}`
  return new LambdaFunction(scope, props.name, {
    functionName,
    description: props.needs.summary,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundle.directory, { assetHash: bundle.hash }),
    memorySize: props.needs.memoryMegabytes ?? 512,
    timeout: Duration.seconds(props.needs.timeoutSeconds ?? defaultTimeoutSeconds),
    tracing: Tracing.ACTIVE,
    logGroup: new LogGroup(scope, `${props.name}-log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetention,
      removalPolicy: stage.removalPolicy,
    }),
    environment: {
      SHOP_PREFIX: stage.prefix,
      SHOP_SERVICE: props.service,
      SHOP_NAME: stage.shop.name,
      SHOP_CURRENCY: stage.shop.currency,
      SHOP_PRICES_INCLUDE_TAX: String(stage.shop.pricesIncludeTax),
      POWERTOOLS_SERVICE_NAME: props.service,
      POWERTOOLS_LOG_LEVEL: stage.logLevel,
      ...props.environment,
    },
  })
}
