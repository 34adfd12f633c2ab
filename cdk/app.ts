/** The whole system on one page. `npx cdk synth` needs no account; `-c stage=` chooses the configuration. */
import { App } from 'aws-cdk-lib'
import { issuer } from '../functions/issuer/contract.ts'
import { services } from '../functions/services.ts'
import { bundleFunctions } from './constructs/bundle.ts'
import { entriesOf, relayEntry } from './constructs/entries.ts'
import type { Building } from './constructs/shared.ts'
import { GatewayStack } from './gateway-stack.ts'
import { IssuerStack } from './issuer-stack.ts'
import { stageNamed } from './stages.ts'

const app = new App({ analyticsReporting: false })
const building: Building = {
  stage: stageNamed(String(app.node.tryGetContext('stage') ?? 'dev')),
  bundles: await bundleFunctions([relayEntry, ...[issuer, ...services].flatMap(entriesOf).map(({ entry }) => entry)]),
}

const issuerStack = new IssuerStack(app, building)
const gateway = new GatewayStack(app, building, issuerStack)

app.synth()
void gateway
