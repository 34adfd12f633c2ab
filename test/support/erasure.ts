/** A person's wish to be erased, as services hear of it, and what is left of them afterwards. */
import { userErasureRequested } from '../../functions/published/identity.ts'
import { type Json, type PublishedEvent, type ServiceUnderTest, someEvent, someId, type TestEvent } from './service.ts'

/** @param ordersSettled whether none of their orders is under way any more */
export const wishOf = (userId: string, ordersSettled = true): TestEvent => {
  const erasureId = `ers_${someId('usr').slice(4)}${'x'.repeat(17)}`
  return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled })
}

/** Items of the table in which one of the texts stands. */
export const itemsAbout = async (service: Pick<ServiceUnderTest, 'items'>, ...texts: string[]): Promise<Json[]> =>
  (await service.items()).filter((item) => texts.some((text) => JSON.stringify(item).includes(text)))

/** What the service has said of having erased the person. */
export const saidOf = async (service: Pick<ServiceUnderTest, 'outbox'>, wish: TestEvent): Promise<PublishedEvent[]> =>
  (await service.outbox()).filter(
    ({ type, data }) => type.endsWith('.person-erased') && data.erasureId === wish.data.erasureId,
  )

/** Delivers a wish twice at once and once later, as it may come. @returns ids of deliveries that failed */
export const deliverWish = async (service: Pick<ServiceUnderTest, 'deliver'>, wish: TestEvent): Promise<string[]> => [
  ...(await service.deliver('erasePerson', [wish, { ...wish, id: someId('evt') }])),
  ...(await service.deliver('erasePerson', [{ ...wish, id: someId('evt'), sequence: 2 }])),
]
