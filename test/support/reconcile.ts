/** The report on orders that do not add up, by its command and by its route. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { eventually, type Shop } from './shop.ts'

/** `npm run reconcile -- …` */
export const reconcile = async (args: readonly string[], environment: Record<string, string> = {}) => {
  const child = spawn(process.execPath, ['cdk/operate/commands/reconcile.ts', ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, out, err }
}

/** Everything that does not add up at this moment; of a shop that works, soon nothing. */
export const nothingLeft = (shop: Shop, staff: string) =>
  eventually(
    () => shop.request('GET', '/reports/reconciliation?olderThanMinutes=0&limit=100', { token: staff }),
    ({ status, body }) => status === 200 && body.data.length === 0 && body.next_cursor === null,
  )
