/** What stacks share: only what never changes, so that each can be deployed alone. */
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import type { Stage } from '../stages.ts'
import type { Bundle } from './bundle.ts'

/** What every stack is built from. */
export type Building = {
  stage: Stage
  bundles: ReadonlyMap<string, Bundle>
}

/** What the gateway lends to the services. */
export type Gateway = {
  apiId: string
  /** `https://….execute-api.….amazonaws.com`, without a trailing slash. */
  apiUrl: string
  authorizerId: string
  /** The `iss` of the tokens that the authorizer trusts. */
  issuerUrl: string
  bus: IEventBus
}
