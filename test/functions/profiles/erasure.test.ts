import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { profiles } from '../../../functions/profiles/contract.ts'
import { userErasureRequested, userRegistered } from '../../../functions/published/identity.ts'
import { customer, type Json, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'
import { png } from './pictures.ts'

/** Whether identity still knows the accounts. */
let accountsAreThere = true
const service = await startService(profiles, {
  procedures: {
    'identity-find-user': (input) => {
      const { userId } = input as { userId: string }
      return accountsAreThere ? { user: { id: userId, nickname: 'Marked', createdAt: new Date().toISOString() } } : {}
    },
  },
})
after(() => service.stop())

const home = { name: 'Marked Lovelace', line1: 'Marked Road', city: 'Berlin', postalCode: '10115', country: 'DE' }
const register = (caller: TestCaller) =>
  service.deliver('openProfile', [someEvent(userRegistered, caller.sub, { userId: caller.sub, nickname: 'Marked' })])
const add = (caller: TestCaller) => service.request('addAddress', { caller, body: home })
const begun = async (caller: TestCaller): Promise<string> => {
  const { body: form } = await service.request('beginAvatar', { caller, body: { contentType: 'image/png' } })
  const { key = '' } = form.fields
  service.objects().write({ key, contentType: 'image/png', bytes: png(), atMs: Date.now() })
  return form.uploadId
}
const choose = (caller: TestCaller, uploadId: string) => service.request('chooseAvatar', { caller, body: { uploadId } })
/** Someone of whom everything is held that can be. */
const someone = async (): Promise<TestCaller> => {
  const caller = customer()
  await register(caller)
  await service.request('changeMe', { caller, body: { bio: 'Marked by life' } })
  for (const _ of [1, 2]) await add(caller)
  for (const _ of [1, 2]) await choose(caller, await begun(caller))
  return caller
}
const wish = (userId: string) => {
  const erasureId = `ers_${someId('usr').slice(4)}${'x'.repeat(17)}`
  return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled: true })
}
const erase = (event: Json) => service.deliver('erasePerson', [{ ...event, id: someId('evt') }])
const itemsOf = async ({ sub }: TestCaller) =>
  (await service.items()).filter((item) => JSON.stringify(item).includes(sub))
const said = async (event: Json) =>
  (await service.outbox()).filter(({ data }) => data.erasureId === event.data.erasureId)
const pictures = () =>
  service
    .objects()
    .all()
    .filter(({ key }) => key.startsWith('avatars/')).length

describe('erase-person', () => {
  test('deletes everything, pictures too, and says so once; told again, it changes nothing', async () => {
    const before = pictures()
    const caller = await someone()
    const event = wish(caller.sub)
    const calls = service.database.length
    assert.deepEqual(await erase(event), [])
    assert.deepEqual(
      service.database
        .slice(calls)
        .map(({ operation }) => operation)
        .toSorted(),
      ['DeleteItem', 'DeleteItem', 'DeleteItem', 'PutItem', 'PutItem', 'Query'],
    )
    assert.deepEqual({ items: await itemsOf(caller), pictures: pictures() }, { items: [], pictures: before })
    assert.ok(!JSON.stringify(await service.items()).includes('Marked'))
    await erase(event)
    assert.deepEqual(
      (await said(event)).map(({ type, sequence }) => [type, sequence]),
      [['profiles.person-erased', 1]],
    )
  })

  test('nothing brings the person back: late news, nor requests with a token that still holds', async () => {
    const caller = await someone()
    await erase(wish(caller.sub))
    const uploadId = await begun(caller)
    for (const known of [true, false]) {
      accountsAreThere = known
      assert.deepEqual(await register(caller), [])
      assert.equal((await service.request('readMe', { caller })).status, 404)
      assert.equal((await service.request('changeMe', { caller, body: { bio: 'Marked' } })).status, 404)
      assert.equal((await add(caller)).status, 404)
      assert.equal((await choose(caller, uploadId)).status, 404)
    }
    accountsAreThere = true
    assert.deepEqual(await itemsOf(caller), [])
  })

  test('before the news of the account: there is nothing, and nothing comes', async () => {
    const caller = customer()
    const event = wish(caller.sub)
    assert.deepEqual(await erase(event), [])
    await register(caller)
    assert.deepEqual(await itemsOf(caller), [])
    assert.equal((await said(event)).length, 1)
  })

  test('while a picture is being chosen: finished only when that is gone too', async () => {
    const before = pictures()
    const caller = await someone()
    const event = wish(caller.sub)
    const uploadId = await begun(caller)
    service.fakes.fails = async ({ operation, input }) => {
      if (operation !== 'TransactWriteItems' || !JSON.stringify(input).includes(caller.sub)) return false
      service.fakes.fails = undefined
      await erase(event)
      return false
    }
    assert.equal((await choose(caller, uploadId)).status, 404)
    assert.deepEqual(await said(event), [])
    await erase(event)
    assert.deepEqual(
      { items: await itemsOf(caller), pictures: pictures(), said: (await said(event)).length },
      { items: [], pictures: before, said: 1 },
    )
  })

  test('a picture that was announced and not chosen yet is given up at once, and forgotten when it is told again', async () => {
    const before = pictures()
    const caller = await someone()
    const event = wish(caller.sub)
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems'
    await choose(caller, await begun(caller))
    service.fakes.fails = undefined
    await erase(event)
    assert.deepEqual({ pictures: pictures(), said: (await said(event)).length }, { pictures: before, said: 0 })
    await erase(event)
    assert.deepEqual({ items: await itemsOf(caller), said: (await said(event)).length }, { items: [], said: 1 })
  })

  test('ended half-way, it is finished when it is told again', async () => {
    const caller = await someone()
    const event = wish(caller.sub)
    service.fakes.fails = ({ operation }) => operation === 'DeleteItem'
    assert.equal((await erase(event)).length, 1)
    service.fakes.fails = undefined
    assert.deepEqual({ erase: await erase(event), items: await itemsOf(caller) }, { erase: [], items: [] })
    assert.equal((await said(event)).length, 1)
  })
})

describe('export-person', () => {
  test('gives profile and addresses, as their owner sees them; of someone unknown, nothing', async () => {
    const caller = await someone()
    const before = service.database.length
    const { records } = await service.call('exportPerson', { userId: caller.sub })
    assert.equal(service.database.length - before, 2)
    const me = await service.request('readMe', { caller })
    const addresses = await service.request('listAddresses', { caller })
    assert.deepEqual(records, [
      { kind: 'profile', data: me.body },
      ...addresses.body.data.map((data: Json) => ({ kind: 'address', data })),
    ])
    const rest = await service.call('exportPerson', {
      userId: caller.sub,
      after: `address#${addresses.body.data[0]?.id}`,
    })
    assert.deepEqual(rest.records, records.slice(2))
    assert.deepEqual(await service.call('exportPerson', { userId: someId('usr') }), { records: [] })
  })
})
