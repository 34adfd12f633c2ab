// `node run.mjs FILE …` runs a script of this project, as package.json's scripts and cdk.json do. It is JavaScript that any Node
// can read: an older one cannot read the TypeScript that follows, and would only say so in its own words.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  const brought = existsSync(fileURLToPath(new URL('node_modules/.bin/node', import.meta.url)))
  const way = brought
    ? 'use `npm start`, `npm test`, `npm run …` or `npx cdk …`, which find the Node 24 that npm install brought along'
    : 'run `npm install`, which brings Node 24 along for Linux and macOS, and then `npm start`, `npm test` or `npm run …`; elsewhere install Node 24 yourself'
  console.error(`This needs Node 24, and here it is ${process.versions.node}: ${way}.`)
  process.exit(1)
}
const [, , file] = process.argv
if (file === undefined) {
  console.error('Use `npm run`, which lists what there is.')
  process.exit(1)
}
// Without, each start strips and compiles the same files again: half a second, and 30 MB for as long as the script runs.
module.enableCompileCache(
  process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
)
// The script sees its own arguments, as if it had been called itself.
process.argv.splice(1, 2, resolve(file))
await import(pathToFileURL(resolve(file)).href)
