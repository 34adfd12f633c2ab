/** Where the embedded DynamoDB engine's program is. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const nextStep = (platform: string) =>
  `no DynamoDB engine for ${platform}: install @dynoxide/${platform}, put a \`dynoxide\` on the PATH, or set SHOP_DYNAMODB_ENDPOINT to the address of a DynamoDB Local`

/** @throws Error that says in one line what to do where the program is missing */
export const enginePath = (): string => {
  const platform = `${process.platform}-${process.arch}`
  const candidates = [
    join(import.meta.dirname, '../../node_modules/@dynoxide', platform, 'dynoxide'),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'dynoxide')),
  ]
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error(nextStep(platform))
  return found
}
