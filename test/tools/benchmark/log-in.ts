/** What a stranger could learn by a watch: how long a wrong password takes, and how long an address that nobody has. */
import { identity } from '../../../functions/identity/contract.ts'
import { startService } from '../../support/service.ts'
import { median } from './start-up.ts'

export type LogInTimes = { wrongPasswordMs: number; unknownAddressMs: number }

const accounts = 8
/** Fewer than the failures after which an account waits. */
const attemptsOnEach = 5
const warmUps = 3

/** @returns medians of answers that were asked for in turn, so that whatever else goes on here befalls both */
export const logInTimes = async (): Promise<LogInTimes> => {
  const service = await startService(
    identity,
    { operations: { Sign: () => ({ KeyId: 'key-1', Signature: 'AAAA' }) } },
    { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEYS: '[{"name":"key-1"}]' },
  )
  const password = 'a quiet harbour at dusk'
  let asked = 0
  const refusal = async (email: string): Promise<number> => {
    asked += 1
    const request = { body: { email, password: `not ${password}` }, sourceIp: `198.51.100.${asked % 250}` }
    const began = performance.now()
    const { status } = await service.request('login', request)
    if (status !== 401) throw new Error(`a wrong log-in was answered by ${status}`)
    return performance.now() - began
  }
  try {
    for (let index = 0; index < accounts; index += 1)
      await service.request('register', { body: { email: `known-${index}@example.com`, password } })
    for (let index = 0; index < warmUps; index += 1) await refusal(`stranger-${index}@example.com`)
    const [wrong, unknown]: [number[], number[]] = [[], []]
    for (let index = 0; index < accounts * attemptsOnEach; index += 1) {
      wrong.push(await refusal(`known-${index % accounts}@example.com`))
      unknown.push(await refusal(`unknown-${index}@example.com`))
    }
    return { wrongPasswordMs: median(wrong), unknownAddressMs: median(unknown) }
  } finally {
    service.stop()
  }
}
