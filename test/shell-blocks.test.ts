/** What pages tell one to paste into a shell means the same in bash, zsh (which every Mac has) and dash. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '../cdk/constructs/project.ts'
import { faultsOfBlock } from './support/shell-block.ts'

const blocks = globSync('{*.md,{cdk,functions,shared,test,.github}/**/*.md}', { cwd: projectRoot }).flatMap((page) =>
  [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', text = ''], index) => ({
      name: `${page}, block ${index + 1}`,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  ),
)

describe('blocks to paste into a shell', () => {
  test('are found', () => assert.ok(blocks.length > 10, `${blocks.length}`))

  for (const { name, text } of blocks)
    test(name, () => {
      assert.deepEqual(faultsOfBlock(text), [])
      for (const shell of ['sh', 'bash', 'zsh', 'dash']) {
        const { error, status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' })
        // A machine need not have all of them; the rules above hold without any.
        if (error === undefined) assert.equal(status, 0, `${shell}: ${stderr}`)
      }
    })
})

describe('what one of these shells reads otherwise', () => {
  const cases: readonly [what: string, block: string, fault: RegExp][] = [
    ['a comment behind a command is passed on as arguments by zsh', 'npm start # the shop\n', /comment/],
    ['an apostrophe in a comment opens a quote in zsh', "# a guest's token\nls\n", /comment/],
    ['brackets are a pattern in zsh', 'get .variants[0].sku\n', /pattern/],
    ['a question mark is a pattern in zsh', 'curl http://127.0.0.1/a?b=c\n', /pattern/],
    ['so it is within a substitution', 'A="$(curl http://127.0.0.1/a?b=c)"\n', /pattern/],
    ['an exclamation mark recalls history', 'echo "done!"\n', /history/],
    ['read has no prompt in zsh', "read -rsp 'Password: ' PASSWORD\n", /prompt/],
    ['read takes the next pasted line for its answer', 'read -r NAME\necho $NAME\n', /next line/],
    ['a variable is not split into words by zsh', 'for id in $IDS; do echo $id; done\n', /split/],
    ['status is a variable of zsh that cannot be set', 'status=$(date)\n', /status/],
    ['a part of a variable is unknown to dash', 'echo "shop-$' + '{HASH:0:12}"\n', /part of a variable/],
    ['a quote that is not closed', "echo 'a\n", /closed/],
  ]
  for (const [what, block, fault] of cases) test(what, () => assert.match(faultsOfBlock(block).join('; '), fault))

  test('what is quoted is text, and so are a test and a function', () => {
    const block = `get() { node -pe "JSON.parse(x)$1"; }
A=$(curl -s "http://127.0.0.1/a?b=c" | get '.list[0]')
until [ "$A" = done ]; do sleep 1; done
curl -d '{"id": "'$A'", "note": "# 1"}' http://127.0.0.1/
stty -echo; IFS= read -r PASSWORD; stty echo
`
    assert.deepEqual(faultsOfBlock(block), [])
  })
})
