/**
 * The one place that makes AWS clients, and so the one that decides attempts and deadlines: connecting within 1 s, an
 * answer within 3 s, at most 3 attempts with full jitter. Clients are made at their first use.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { lazy } from './lazy.ts'

export const clientLimits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const

export const dynamoClient = lazy(() => new DynamoDBClient(clientLimits))
