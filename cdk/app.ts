/** The whole system on one page. `npx cdk synth` needs no account; `-c stage=` chooses the configuration. */
import { App, Validations } from 'aws-cdk-lib'
import { carts } from '../functions/carts/contract.ts'
import { issuer } from '../functions/issuer/contract.ts'
import { orders } from '../functions/orders/contract.ts'
import { relations } from '../functions/relations/contract.ts'
import { reporting } from '../functions/reporting/contract.ts'
import { reviews } from '../functions/reviews/contract.ts'
import { servicesPaidThrough } from '../functions/services.ts'
import { wishlist } from '../functions/wishlist/contract.ts'
import { CatalogStack } from './catalog-stack.ts'
import { bundleFunctions } from './constructs/bundle/bundle.ts'
import { entriesOf, relayEntry } from './constructs/entries.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { StackContext } from './constructs/stack-context.ts'
import { placeholdersIn, providerFolder, providerOf } from './constructs/stage.ts'
import { checkNames } from './constructs/stage-names.ts'
import { DocsStack } from './docs-stack.ts'
import { EdgeStack } from './edge-stack.ts'
import { FrontStack } from './front-stack.ts'
import { GatewayStack } from './gateway-stack.ts'
import { IdentityStack } from './identity-stack.ts'
import { InventoryStack } from './inventory-stack.ts'
import { IssuerStack } from './issuer-stack.ts'
import { NotificationsStack } from './notifications-stack.ts'
import { PaymentsStack } from './payments-stack.ts'
import { PipelineStack } from './pipeline-stack.ts'
import { ProfilesStack } from './profiles-stack.ts'
import { ShippingStack } from './shipping-stack.ts'
import { stageNamed } from './stages.ts'

const app = new App({ analyticsReporting: false })
const stage = stageNamed(String(app.node.tryGetContext('stage') ?? 'dev'), {
  closely: String(app.node.tryGetContext('closely')) === 'true',
})
const placeholders = placeholdersIn(stage)
if (placeholders.length > 0 && app.node.tryGetContext('placeholders') !== 'accept')
  throw new Error(
    `stage ${stage.name} is not ready for customers\n${placeholders.map((each) => `  ${each}`).join('\n')}
Change it in cdk/stages.ts, or say -c placeholders=accept to build it all the same.`,
  )
const services = servicesPaidThrough(providerOf(stage))
const entries = [relayEntry, ...[issuer, ...services].flatMap(entriesOf).map(({ entry }) => entry)]
checkNames(stage, services)
/** Whoever started this as a process of its own, as `npm start` does, may show how far it is. */
const tellProgress = (done: number, total: number) => process.send?.(`${done} of ${total} functions`)
const context: StackContext = { stage, bundles: await bundleFunctions(entries, providerFolder(stage), tellProgress) }

// `-c nag=true`: AWS's own rules for solutions, as cdk-nag knows them; a broken one fails the synthesis.
if (app.node.tryGetContext('nag')) {
  const { AwsSolutionsChecks } = await import('cdk-nag')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
}

const issuerStack = new IssuerStack(app, context)
const gateway = new GatewayStack(app, context, issuerStack)
const behindGateway = [
  new IdentityStack(app, context, gateway, issuerStack),
  new ProfilesStack(app, context, gateway),
  new ServiceStack(app, context, gateway, relations),
  new CatalogStack(app, context, gateway),
  new InventoryStack(app, context, gateway),
  new ServiceStack(app, context, gateway, carts),
  new ShippingStack(app, context, gateway),
  new ServiceStack(app, context, gateway, orders),
  new PaymentsStack(app, context, gateway),
  new ServiceStack(app, context, gateway, reviews),
  new ServiceStack(app, context, gateway, wishlist),
  new NotificationsStack(app, context, gateway),
  new ServiceStack(app, context, gateway, reporting),
  new DocsStack(app, context, gateway),
]
const front = new FrontStack(app, context, gateway, behindGateway)
// After the functions: they must know a new secret before CloudFront sends it.
if (stage.edge && stage.domain) new EdgeStack(app, stage, stage.edge, stage.domain.name).addStackDependency(front)
if (stage.pipeline) new PipelineStack(app, stage, stage.pipeline)

app.synth()
