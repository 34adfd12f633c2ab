/** Which program is the database, and what is said where there is none. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { enginePath } from '../../../cdk/local/dynamodb/engine-path.ts'
import { temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
after(folder.remove)

const programIn = (...path: string[]): string => {
  const directory = join(folder.path, ...path.slice(0, -1))
  mkdirSync(directory, { recursive: true })
  const file = join(directory, path.at(-1) ?? '')
  writeFileSync(file, '')
  return file
}

describe('the engine', () => {
  test('is the package of the platform, where it is installed', () => {
    const modules = ['/none', join(folder.path, 'modules')]
    const file = programIn('modules', '@dynoxide', 'darwin-arm64', 'dynoxide')
    assert.equal(enginePath({ platform: 'darwin', architecture: 'arm64', path: '/none', modules }), file)
    const windows = programIn('modules', '@dynoxide', 'win32-x64', 'dynoxide.exe')
    assert.equal(enginePath({ platform: 'win32', architecture: 'x64', path: '/none', modules }), windows)
  })

  test('is else the first on the PATH', () => {
    const file = programIn('bin', 'dynoxide')
    const path = ['/none', join(folder.path, 'bin')].join(delimiter)
    assert.equal(enginePath({ platform: 'linux', architecture: 'x64', path, modules: ['/none'] }), file)
  })

  test('is missing with the platform and the three ways out in one line', () => {
    for (const [platform, architecture, way] of [
      ['darwin', 'arm64', 'its package @dynoxide/darwin-arm64 is not installed: run npm install'],
      ['freebsd', 'x64', 'there are packages for darwin-arm64, darwin-x64, linux-arm64, linux-x64, win32-x64 only'],
    ] as const)
      assert.throws(
        () => enginePath({ platform, architecture, path: '/none', modules: ['/none'] }),
        ({ message }: Error) => {
          assert.ok(message.startsWith(`no DynamoDB engine for ${platform}-${architecture}: ${way}`), message)
          assert.match(message, /`dynoxide` on the PATH/)
          assert.match(message, /SHOP_DYNAMODB_ENDPOINT to the address of a DynamoDB Local/)
          assert.ok(!message.includes('\n'))
          return true
        },
      )
  })
})
