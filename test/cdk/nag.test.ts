/** cdk-nag's AwsSolutions rules; what is acknowledged stands, with its reason, beside the code that it is about. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { projectRoot } from '../../cdk/constructs/project.ts'

const directory = mkdtempSync(join(tmpdir(), 'shop-nag-'))
after(() => rmSync(directory, { recursive: true }))

describe('the AwsSolutions rules', () => {
  test('find nothing in the app as production deploys it', () => {
    const { context } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'))
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, 'cdk/app.ts')], {
      cwd: projectRoot,
      encoding: 'utf8',
      env: {
        ...process.env,
        // CDK's own look at the templates takes longer than all else here; `cdk synth` has it done for every stage.
        CDK_VALIDATION: 'false',
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage: 'prod', nag: true, placeholders: 'accept' }),
      },
    })
    assert.equal(status, 0, `${stdout}${stderr}`)
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'))
    const [rules, ...others] = report.pluginReports
    assert.deepEqual(others, [])
    assert.deepEqual(
      { pluginName: rules.pluginName, conclusion: rules.conclusion, violations: rules.violations },
      { pluginName: 'AwsSolutions', conclusion: 'success', violations: [] },
    )
  })
})
