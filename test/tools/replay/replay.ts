/** A file of invoices against a shop, from reading it to the report. */
import { basename } from 'node:path'
import { checkEvents, checkRefunds } from './checking/checks.ts'
import { reconcile } from './checking/reconcile.ts'
import { type Findings, reportOf } from './checking/report.ts'
import { drive, sizeOf } from './driving/drive.ts'
import { createProgress, type Output } from './driving/progress.ts'
import { stockUp } from './driving/stocking.ts'
import { FileError, readRows } from './invoices/csv.ts'
import { createPlanner, type Plan } from './invoices/orders.ts'
import { entranceTo } from './shop/entrance.ts'
import type { Cpu, Shop } from './shop/shop.ts'

export type ReplayOptions = {
  file: string
  concurrency: number
  /** At most so many invoices, the earliest first; the catalogue is then made from these. */
  limit?: number | undefined
  /** Where progress goes. */
  output: Output
}

/** @throws FileError when the file cannot be used, or holds nothing to replay */
export const readPlan = async (file: string, limit?: number): Promise<Plan> => {
  const planner = createPlanner()
  for await (const row of readRows(file)) planner.add(row)
  const plan = planner.plan(limit)
  if (plan.steps.length > 0) return plan
  const [most] = plan.lines.leftOut.entries()
  const why = most ? `; of ${plan.lines.read} lines ${most.count}: ${most.name} (${most.example})` : ''
  throw new FileError(`${file}: there is no invoice to replay${why}`)
}

const spentBetween = (before: Cpu | undefined, after: Cpu | undefined): Cpu | undefined =>
  before && after
    ? { functionsMs: after.functionsMs - before.functionsMs, mainMs: after.mainMs - before.mainMs }
    : undefined

/**
 * @returns the findings and the report; the replay has succeeded when `findings.wrong` is empty
 * @throws FileError, or what keeps the shop from being stocked at all
 */
export const replay = async (
  plan: Plan,
  shop: Shop,
  { file, concurrency, output }: Omit<ReplayOptions, 'limit'>,
): Promise<{ findings: Findings; report: string }> => {
  const progress = createProgress(output)
  const entrance = entranceTo(shop.url, concurrency)
  try {
    const staff = await entrance.logIn(shop.staff)
    // A cart tells the shop's currency.
    const { currency } = await staff.expect('POST /carts')
    const runId = Date.now().toString(36)

    progress.begin('filling the shop', plan.products.length)
    const done = () => progress.advance()
    const stocked = await stockUp({ staff, currency, runId }, plan.products, plan.demand, concurrency, done)
    progress.end()
    await shop.settle()

    const requestsBefore = entrance.count()
    const cpuBefore = shop.cpu()
    const beganMs = performance.now()
    progress.begin(
      'replaying invoices',
      plan.steps.reduce((sum, step) => sum + sizeOf(step), 0),
    )
    const driven = await drive({ staff, beGuest: entrance.beGuest }, plan, concurrency, progress.advance)
    await shop.settle()
    progress.end()
    const seconds = (performance.now() - beganMs) / 1000
    const cpu = spentBetween(cpuBefore, shop.cpu())
    const requests = entrance.count() - requestsBefore

    progress.begin('reconciling', driven.stories.length + stocked.openings.size)
    const { graceMs } = shop
    const reconciliation = await reconcile({ staff, graceMs }, driven.stories, stocked.openings, concurrency, done)
    progress.end()

    const events = shop.events()
    const wrong = [
      ...driven.trouble,
      ...reconciliation.wrong,
      ...checkRefunds(driven.returns.refunded, reconciliation.money.refunded),
      ...(events ? checkEvents(events) : []),
    ]
    const about = { file: basename(file), currency, plan, stocked, driven }
    const findings = { ...about, reconciliation, events, cpu, seconds, requests, wrong }
    return { findings, report: reportOf(findings) }
  } finally {
    entrance.close()
  }
}
