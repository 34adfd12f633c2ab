/**
 * The two roles of the GitHub workflow, which proves who it is by GitHub's own tokens: nothing is stored there. One deploys, and
 * only from the GitHub environment of the stage's name; one reads what is deployed, for the diff of a pull request. A person deploys
 * this stack, once; before, in each account, once:
 * `aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com`
 */
import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib'
import { OpenIdConnectPrincipal, OpenIdConnectProvider, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { createStaff } from '../functions/published/identity.ts'
import type { Stage } from './constructs/stage.ts'

const issuer = 'token.actions.githubusercontent.com'

/** Roles that `cdk bootstrap` made: what they may is decided there, not here. */
const deployRoles = ['deploy', 'file-publishing', 'lookup']

export class PipelineStack extends Stack {
  constructor(scope: Construct, stage: Stage, { repository, makesStaff }: NonNullable<Stage['pipeline']>) {
    super(scope, `${stage.prefix}-pipeline`, { description: `${stage.shop.name}: what the GitHub workflow may do` })
    const deployer = this.makeRole('deploy', `repo:${repository}:environment:${stage.name}`, deployRoles)
    const reader = this.makeRole('diff', `repo:${repository}:pull_request`, [])
    reader.addToPolicy(this.readingTemplates(stage.prefix))
    Validations.of(reader).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${stage.prefix}-*]`,
      reason: "The stage's own stacks: their ids end in what CloudFormation makes up",
    })
    if (makesStaff) {
      const name = `${stage.prefix}-${createStaff.service}-${createStaff.name}`
      const resource = this.formatArn({ service: 'lambda', resource: `function:${name}` })
      deployer.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [resource] }))
    }
    new CfnOutput(this, 'DeployRole', { value: deployer.roleArn })
    new CfnOutput(this, 'DiffRole', { value: reader.roleArn })
  }

  /**
   * A pull request runs its own code with this role before anybody has read it: it sees templates, and nothing that the shop
   * holds. CDK's look-up role would let it read every table.
   */
  private readingTemplates(prefix: string): PolicyStatement {
    return new PolicyStatement({
      actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
      resources: [this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${prefix}-*` })],
    })
  }

  /** @param subject who GitHub must say is asking */
  private makeRole(id: string, subject: string, bootstrapped: readonly string[]): Role {
    const providerArn = this.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: issuer })
    const provider = OpenIdConnectProvider.fromOpenIdConnectProviderArn(this, `${id}-provider`, providerArn)
    const role = new Role(this, `${id}-role`, {
      description: `GitHub: ${subject}`,
      maxSessionDuration: Duration.hours(2),
      assumedBy: new OpenIdConnectPrincipal(provider, {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject },
      }),
    })
    if (bootstrapped.length === 0) return role
    const resources = bootstrapped.map((name) =>
      this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `cdk-hnb659fds-${name}-role-*` }),
    )
    role.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources }))
    for (const name of bootstrapped)
      Validations.of(role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cdk-hnb659fds-${name}-role-*]`,
        reason: "The roles that CDK's bootstrap made in this account, one for each region",
      })
    return role
  }
}
