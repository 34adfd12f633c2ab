/** Notifications, which may send mail in the shop's name and no other. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ConfigurationSet, SuppressionReasons } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import { notifications } from '../functions/notifications/contract.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class NotificationsStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, notifications)
    const { mailSandbox, prefix, shop } = context.stage
    // Whoever does not take mail, or does not want it, is written to no more: SES keeps the list.
    new ConfigurationSet(this, 'mail', {
      configurationSetName: prefix,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    })
    const { mailFrom } = shop
    // The verified identity is the address itself or its domain, as the shop's owner has set it up.
    const identities = mailSandbox ? ['*'] : [mailFrom, mailFrom.split('@')[1] ?? mailFrom]
    this.lend('mail', (fn) => {
      fn.addToRolePolicy(
        new PolicyStatement({
          actions: ['ses:SendRawEmail'],
          resources: [
            ...identities.map((name) => this.formatArn({ service: 'ses', resource: 'identity', resourceName: name })),
            this.formatArn({ service: 'ses', resource: 'configuration-set', resourceName: prefix }),
          ],
          conditions: { StringEquals: { 'ses:FromAddress': mailFrom } },
        }),
      )
      fn.addEnvironment('MAIL_FROM', mailFrom)
    })
  }
}
