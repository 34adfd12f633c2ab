/** Notifications, which may send mail in the shop's name and no other. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { notifications } from '../functions/notifications/contract.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class NotificationsStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, notifications)
    const { mailSandbox, shop } = context.stage
    const { mailFrom } = shop
    // The verified identity is the address itself or its domain, as the shop's owner has set it up.
    const identities = mailSandbox ? ['*'] : [mailFrom, mailFrom.split('@')[1] ?? mailFrom]
    this.lend('mail', (fn) => {
      fn.addToRolePolicy(
        new PolicyStatement({
          actions: ['ses:SendRawEmail'],
          resources: identities.map((name) =>
            this.formatArn({ service: 'ses', resource: 'identity', resourceName: name }),
          ),
          conditions: { StringEquals: { 'ses:FromAddress': mailFrom } },
        }),
      )
      fn.addEnvironment('MAIL_FROM', mailFrom)
    })
  }
}
