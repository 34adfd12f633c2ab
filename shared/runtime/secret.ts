/** Secrets, from Secrets Manager and nowhere else. */
import { jsonApi } from './aws-api.ts'
import { now } from './clock.ts'
import { lazy } from './lazy.ts'

const keptMs = 5 * 60_000

type Operations = { GetSecretValue: { input: { SecretId: string }; output: { SecretString?: string } } }

const secretsManager = lazy(() => jsonApi<Operations>('secretsmanager'))

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
