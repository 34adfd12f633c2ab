/** What the provider of this shop does. Bundles are made with the one that the stage names in place of this. */
export { create, createReader } from '../sandbox/adapter.ts'
