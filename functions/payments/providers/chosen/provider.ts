/** The provider of this shop. Bundles are made with the one that the stage names in place of this; see cdk/stages.ts. */
export { provider } from '../sandbox/provider.ts'
