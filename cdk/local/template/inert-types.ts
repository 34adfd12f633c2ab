/** Declares what a template may hold, and what nothing comes of on this machine: it watches, tells, or keeps logs. */
import * as z from 'zod/mini'
import { arn, byLogicalId, logGroupName, named } from './resource-names.ts'
import { type ResourceType, resourceType } from './resource-type.ts'

const alarmNames: Parameters<typeof resourceType>[2] = {
  ref: named('AlarmName', 255),
  attributes: { Arn: arn('cloudwatch', (i) => `alarm:${named('AlarmName', 255)(i)}`) },
}

const topicArn = arn('sns', named('TopicName', 256))

export const inertTypes: ResourceType[] = [
  resourceType('AWS::CloudWatch::Alarm', z.unknown(), alarmNames),
  resourceType('AWS::CloudWatch::CompositeAlarm', z.unknown(), alarmNames),
  resourceType('AWS::CloudWatch::Dashboard', z.unknown(), { ref: named('DashboardName', 255) }),
  resourceType('AWS::Logs::LogGroup', z.unknown(), {
    ref: logGroupName,
    attributes: { Arn: arn('logs', (i) => `log-group:${logGroupName(i)}:*`) },
  }),
  resourceType('AWS::Logs::QueryDefinition', z.unknown(), { ref: byLogicalId }),
  resourceType('AWS::SNS::Subscription', z.unknown(), { ref: byLogicalId }),
  resourceType('AWS::SNS::Topic', z.unknown(), {
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: named('TopicName', 256) },
  }),
  resourceType('AWS::SNS::TopicPolicy', z.unknown(), { ref: byLogicalId }),
]
