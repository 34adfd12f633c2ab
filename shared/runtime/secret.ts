/** Secrets, from Secrets Manager and nowhere else. */
import { secretsApi } from './aws/secrets-manager.ts'
import { now } from './clock.ts'
import { lazy } from './lazy.ts'

const keptMs = 5 * 60_000

const secretsManager = lazy(secretsApi)

const fetchSecret = async (arn: string): Promise<string> => {
  const { SecretString } = await secretsManager()('GetSecretValue', { SecretId: arn })
  if (!SecretString) throw new Error('the secret holds no text')
  return SecretString
}

/**
 * Reads a secret and keeps it for five minutes. The text may hold several, newest first, separated by blanks: two while
 * one takes over from the other.
 */
export const secretsFrom = (arn: string, fetch: (arn: string) => Promise<string> = fetchSecret) => {
  let kept: { secrets: readonly string[]; untilMs: number } | undefined
  return async (): Promise<readonly string[]> => {
    if (!kept || kept.untilMs <= now()) {
      const secrets = (await fetch(arn)).split(/\s+/).filter((secret) => secret !== '')
      kept = { secrets, untilMs: now() + keptMs }
    }
    return kept.secrets
  }
}
