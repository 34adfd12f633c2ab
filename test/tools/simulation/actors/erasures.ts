/** People who ask to be erased at some moment, whatever they or the shop are about to do; and what is left of them. */
import { erasedUserId } from '../../../../shared/domain/erased-user.ts'
import type { Caller, Http, Json } from '../cloud/http.ts'
import type { Broken, End } from '../world/final-state.ts'
import type { RunContext } from '../world/run-context.ts'
import { takesPart } from '../world/sampling.ts'
import { moment } from './fixtures.ts'

export type Erasures = {
  /** Ids of those who have asked: from then on, what was theirs may be gone. */
  asked: ReadonlySet<string>
  /** Ids of those who were told that they will be erased. */
  told: ReadonlySet<string>
  /** Lets someone leave, if the seed wants it. */
  perhaps(me: Caller, name: string): Promise<void>
}

export const createErasures = (run: RunContext, http: Http): Erasures => {
  const asked = new Set<string>()
  const told = new Set<string>()
  return {
    asked,
    told,
    async perhaps(me, name) {
      if (!takesPart(run.seed, 'identity') || run.chance(`${name} will leave`) > 0.7) return
      await run.sleep(run.pick(`${name} leaves after`, moment))
      if (run.chance(`${name} thinks it over`) < 0.5) await run.sleep(30 * 60_000)
      asked.add(me.sub)
      const answer = await http.ask('identity/erase-me', `${name} leaves`, { caller: me })
      if (answer?.status !== 202) return
      told.add(me.sub)
      const params = { erasureId: String(answer.body.id) }
      const receipt = await http.ask('identity/read-erasure', `${name} looks at the receipt`, { params })
      if (receipt && (receipt.status !== 200 || JSON.stringify(receipt.body).includes(me.sub)))
        run.violate('P1', `${name} reads a receipt with ${receipt.status}: ${JSON.stringify(receipt.body)}`)
    },
  }
}

/** Of the simulated services some are outside, and never say that they have finished: whom it is about is not forgotten. */
const isReceipt = ({ pk }: Json): boolean => String(pk).startsWith('erasure#')

/** P1: after an erasure, nothing in any table names the person. All that a shopper gives carries their id. */
export const leftAfterErasure = (run: RunContext, end: End, { told }: Erasures): Broken[] =>
  [...told].flatMap((sub) =>
    Object.entries(end).flatMap(([table, items]) =>
      items.flatMap((item: Json): Broken[] => {
        if (isReceipt(item)) return []
        if (item.sk === 'order' && item.customerId === erasedUserId) run.reached.add('an order whose person was erased')
        return JSON.stringify(item).toLowerCase().includes(sub.toLowerCase())
          ? [{ invariant: 'P1', detail: `${sub} was erased, and stands in ${table}: ${item.pk} ${item.sk}` }]
          : []
      }),
    ),
  )
