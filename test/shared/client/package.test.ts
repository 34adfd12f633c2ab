/** The typed client as others get it: by the package's name, from a program of their own. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { projectRoot } from '../../../cdk/constructs/project.ts'

/** Somebody's program, with the shop's package beside it as `npm install` links it. */
const folder = mkdtempSync(join(tmpdir(), 'shop-client-'))
mkdirSync(join(folder, 'node_modules'))
symlinkSync(projectRoot, join(folder, 'node_modules/serverless-shop'), 'junction')
writeFileSync(
  join(folder, 'program.mjs'),
  `import { openShop } from 'serverless-shop/client'
  const fetch = async (url) => new Response(JSON.stringify({ url }), { headers: { 'content-type': 'application/json' } })
  console.log((await openShop({ url: 'https://api.example.com/', fetch }).expect('GET /categories')).url)`,
)
after(() => rmSync(folder, { recursive: true, force: true }))

const bundled = async () => {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: "export * from 'serverless-shop/client'", resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

describe('the typed client as a package', () => {
  test('is imported by its name in Node', () => {
    const said = execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' })
    assert.equal(said, 'https://api.example.com/categories\n')
  })

  test('weighs less than 6 KB, compressed, in a bundle for browsers', async () => {
    const bytes = gzipSync(await bundled()).length
    assert.ok(bytes > 500 && bytes < 6 * 1024, `${bytes} bytes`)
  })

  test('compiles where only a browser is known: nothing but the client, and the types of no Node', () => {
    writeFileSync(join(folder, 'purchase.ts'), readFileSync(join(projectRoot, 'test/shared/client/purchase.ts')))
    const options =
      '--noEmit --strict --allowImportingTsExtensions --module nodenext --target es2024 --lib es2025,dom,dom.iterable'
    const compiled = spawnSync(
      process.execPath,
      [join(projectRoot, 'node_modules/typescript/bin/tsc'), ...options.split(' '), '--types', '', 'purchase.ts'],
      { cwd: folder, encoding: 'utf8' },
    )
    assert.deepEqual({ status: compiled.status, said: compiled.stdout }, { status: 0, said: '' })
  })

  test('gives out nothing else of the project', () => {
    const program = "import('serverless-shop/functions/services.ts').catch(({ code }) => console.log(code))"
    const said = execFileSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' })
    assert.equal(said, 'ERR_PACKAGE_PATH_NOT_EXPORTED\n')
  })
})

test('the purchase on its page is the one that compiles', () => {
  const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
  assert.ok(read('shared/client/README.md').includes(`\`\`\`ts\n${read('test/shared/client/purchase.ts')}\`\`\``))
})
