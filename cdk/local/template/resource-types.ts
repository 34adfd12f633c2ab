/** Knows every resource type that can stand in a template: each is declared beside the code that runs it. */
import { scalableTargetType, scalingPolicyType, tableType } from '../dynamodb/resources.ts'
import { eventSourceMappingType } from '../event-sources/resources.ts'
import { eventBusType, ruleType } from '../events/resources.ts'
import { apiType, authorizerType, integrationType, routeType, stageType } from '../http-api/resources.ts'
import { policyType, roleType } from '../iam/resources.ts'
import { aliasType, keyType } from '../kms/resources.ts'
import { eventInvokeConfigType, functionType, permissionType } from '../lambda/resources.ts'
import { bucketPolicyType, bucketType } from '../s3/resources.ts'
import { secretType } from '../secrets/resources.ts'
import { configurationSetType } from '../ses/resources.ts'
import { queuePolicyType, queueType } from '../sqs/resources.ts'
import { inertTypes } from './inert-types.ts'
import type { ResourceType } from './resource-type.ts'

const types: ResourceType[] = [
  ...[apiType, authorizerType, integrationType, routeType, stageType],
  ...[functionType, permissionType, eventInvokeConfigType, eventSourceMappingType],
  ...[tableType, queueType, queuePolicyType, bucketType, bucketPolicyType, secretType],
  ...[configurationSetType, scalableTargetType, scalingPolicyType],
  ...[eventBusType, ruleType, policyType, roleType, keyType, aliasType],
  ...inertTypes,
]

export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(types.map((type) => [type.name, type]))
