/** Where the embedded DynamoDB engine's program is. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** For these the engine has a package, as its name says it; package.json lists them all. */
const packaged: readonly string[] = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']

const nextStep = (platform: string): string => {
  const install = packaged.includes(platform)
    ? `its package @dynoxide/${platform} is not installed: run npm install without --omit=optional, from a registry that has it`
    : `there are packages for ${packaged.join(', ')} only`
  return `no DynamoDB engine for ${platform}: ${install}; or put a \`dynoxide\` on the PATH; or set SHOP_DYNAMODB_ENDPOINT to the address of a DynamoDB Local`
}

type Machine = { platform: string; architecture: string; path: string; modules: readonly string[] }

const thisMachine = (): Machine => ({
  platform: process.platform,
  architecture: process.arch,
  path: process.env.PATH ?? '',
  modules: createRequire(import.meta.url).resolve.paths('@dynoxide') ?? [],
})

/** @throws Error that says in one line what to do where the program is missing */
export const enginePath = ({ platform, architecture, path, modules }: Machine = thisMachine()): string => {
  const name = platform === 'win32' ? 'dynoxide.exe' : 'dynoxide'
  const packages = modules.map((folder) => join(folder, '@dynoxide', `${platform}-${architecture}`))
  const found = [...packages, ...path.split(delimiter)]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))
  if (!found) throw new Error(nextStep(`${platform}-${architecture}`))
  return found
}
