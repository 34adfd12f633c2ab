/** `node generate-client.ts DOCUMENT FOLDER`: writes the client that openapi-ts makes of an OpenAPI document's address. */
import { registerHooks } from 'node:module'

const [, , input, output] = process.argv
if (input === undefined || output === undefined) throw new Error('wanted: the address of a document, and a folder')

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === 'typescript' ? new URL('typescript-api.ts', import.meta.url).href : specifier, context),
})
const { createClient } = await import('@hey-api/openapi-ts')
await createClient({ input, output, logs: { level: 'silent' } })
