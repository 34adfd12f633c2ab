/** What stacks share: only what never changes, so that each can be deployed alone. */
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Bundle } from './bundle/bundle.ts'
import type { Stage } from './stage.ts'

/** What every stack is built from. */
export type StackContext = {
  stage: Stage
  bundles: ReadonlyMap<string, Bundle>
}

/** What the gateway lends to the services. */
export type Gateway = {
  apiId: string
  /** Where people reach the shop, without a trailing slash: the stage's own address, or `https://….execute-api.….amazonaws.com`. */
  publicUrl: string
  authorizerId: string
  /** The `iss` of the tokens that the authorizer trusts. */
  issuerUrl: string
  bus: IEventBus
  /** Where alarms go. */
  alarms: ITopic
}
