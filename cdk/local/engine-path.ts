/** Where the embedded DynamoDB engine's program is. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { projectRoot } from '../constructs/project.ts'

/** For these the engine has a package, as its name says it; package.json lists them all. */
const packaged: readonly string[] = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']

const nextStep = (platform: string): string => {
  const install = packaged.includes(platform)
    ? `its package @dynoxide/${platform} is not installed: run npm install without --omit=optional, from a registry that has it`
    : `there are packages for ${packaged.join(', ')} only`
  return `no DynamoDB engine for ${platform}: ${install}; or put a \`dynoxide\` on the PATH; or set SHOP_DYNAMODB_ENDPOINT to the address of a DynamoDB Local`
}

type Machine = { platform: string; architecture: string; path: string; modules: string }

const thisMachine = (): Machine => ({
  platform: process.platform,
  architecture: process.arch,
  path: process.env.PATH ?? '',
  modules: join(projectRoot, 'node_modules'),
})

/** @throws Error that says in one line what to do where the program is missing */
export const enginePath = ({ platform, architecture, path, modules }: Machine = thisMachine()): string => {
  const name = platform === 'win32' ? 'dynoxide.exe' : 'dynoxide'
  const found = [join(modules, '@dynoxide', `${platform}-${architecture}`), ...path.split(delimiter)]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))
  if (!found) throw new Error(nextStep(`${platform}-${architecture}`))
  return found
}
