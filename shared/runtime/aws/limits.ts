/** Attempts and deadlines of all that is asked of AWS: connecting within 1 s, an answer within 3 s, at most 3 attempts with full jitter. */
export const clientLimits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const
