/**
 * What opens the public API once all routes are there: its stage with the access log and the throttling, and its own address.
 * The last stack, because API Gateway refuses throttling for a route that it does not know. A service can still be deployed
 * alone, this stack too; before a route is removed, its own throttling must be.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib'
import { CfnApiMapping, DomainName } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager'
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import { apiStage } from './constructs/api-stage.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'
import type { Stage } from './constructs/stage.ts'
import { apiQueries } from './constructs/watch/overview.ts'

export class FrontStack extends Stack {
  constructor(scope: Construct, { stage }: StackContext, gateway: Gateway, routes: readonly Stack[]) {
    super(scope, `${stage.prefix}-front`, { description: `${stage.shop.name}: opens the public API` })
    for (const stack of routes) this.addStackDependency(stack)
    const { opened, accessLog } = apiStage(this, stage, gateway.apiId, { routes: true })
    apiQueries(this, stage, accessLog)
    if (stage.domain) {
      const address = this.makeAddress(stage.domain)
      const mapping = { apiId: gateway.apiId, domainName: address.name, stage: '$default' }
      new CfnApiMapping(this, 'mapping', mapping).addResourceDependency(opened)
    }
    if (stage.budget && stage.alarmEmail) this.makeBudget(stage.budget.monthlyDollars, stage.alarmEmail)
  }

  private makeAddress(domain: NonNullable<Stage['domain']>): DomainName {
    if (!('hostedZone' in domain)) {
      const certificate = Certificate.fromCertificateArn(this, 'certificate', domain.certificateArn)
      const address = new DomainName(this, 'address', { domainName: domain.name, certificate })
      new CfnOutput(this, 'PointYourDnsAt', { value: address.regionalDomainName })
      return address
    }
    const { id, name } = domain.hostedZone
    const zone = HostedZone.fromHostedZoneAttributes(this, 'zone', { hostedZoneId: id, zoneName: name })
    const certificate = new Certificate(this, 'certificate', {
      domainName: domain.name,
      validation: CertificateValidation.fromDns(zone),
    })
    const address = new DomainName(this, 'address', { domainName: domain.name, certificate })
    const target = RecordTarget.fromAlias(
      new ApiGatewayv2DomainProperties(address.regionalDomainName, address.regionalHostedZoneId),
    )
    new ARecord(this, 'ipv4', { zone, recordName: `${domain.name}.`, target })
    new AaaaRecord(this, 'ipv6', { zone, recordName: `${domain.name}.`, target })
    return address
  }

  /** Of the whole account: what one shop costs, AWS can tell apart only by tags that somebody has activated in billing. */
  private makeBudget(monthlyDollars: number, address: string): void {
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address }],
    })
    new CfnBudget(this, 'budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyDollars, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('ACTUAL', 100), tell('FORECASTED', 100)],
    })
  }
}
