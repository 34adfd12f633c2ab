/**
 * Who uses what for one order, from the page view to the doorstep: units by table and index, invocations and log bytes by
 * function, events by type. It tells where to look for what can be saved.
 */
import { styled, withProgress } from '../../../cdk/operate/command-line/console.ts'
import { measureActions } from './actions.ts'
import { openMeteredShop } from './meter.ts'

const rounds = 4

const measure = async () => {
  const shop = await withProgress('opening a shop', openMeteredShop)
  try {
    await withProgress('warming up', (show) => measureActions(shop, { warmUps: 2, rounds: 1 }, show))
    const before = shop.detail()
    await withProgress('measuring', (show) => measureActions(shop, { warmUps: 0, rounds }, show))
    return [...shop.detail()].map(([name, amount]) => {
      const [kind = '', place = ''] = name.split(' ')
      return { kind, place, amount: (amount - (before.get(name) ?? 0)) / rounds }
    })
  } finally {
    await shop.stop()
  }
}

export const printDetail = async (): Promise<void> => {
  const used = await measure()
  for (const kind of new Set(used.map((one) => one.kind))) {
    const rows = used.filter((one) => one.kind === kind && one.amount > 0).toSorted((a, b) => b.amount - a.amount)
    console.log(`\n${styled('bold', kind)}  ${rows.reduce((sum, { amount }) => sum + amount, 0)}`)
    for (const { place, amount } of rows) console.log(`${String(amount).padStart(10)}  ${place}`)
  }
  console.log(
    styled('dim', `\nfor one order of ${rounds}, which share a log-in of staff and the making of their product`),
  )
}
