import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { profiles } from '../../../functions/profiles/contract.ts'
import { userRegistered } from '../../../functions/published/identity.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'
import { jpeg, png, webp } from './pictures.ts'

const service = await startService(profiles, { procedures: { 'identity-find-user': () => ({}) } })
after(() => {
  service.stop()
})
const resident = async (): Promise<TestCaller> => {
  const caller = customer()
  await service.deliver('openProfile', [someEvent(userRegistered, caller.sub, { userId: caller.sub, nickname: 'Ada' })])
  return caller
}
const begin = (caller: TestCaller, contentType = 'image/png') =>
  service.request('beginAvatar', { caller, body: { contentType } })
/** Posts a form as a browser does. */
const post = async (form: { url: string; fields: Record<string, string> }, bytes: Uint8Array): Promise<number> => {
  const body = new FormData()
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value)
  body.append('file', new Blob([new Uint8Array(bytes)]))
  return (await fetch(form.url, { method: 'POST', body })).status
}
const upload = async (caller: TestCaller, bytes: Uint8Array = png()): Promise<string> => {
  const { body } = await begin(caller)
  assert.equal(await post(body, bytes), 204)
  return body.uploadId
}
const choose = (caller: TestCaller, uploadId: string, headers = {}) =>
  service.request('chooseAvatar', { caller, body: { uploadId }, headers })
const remove = (caller: TestCaller, headers = {}) => service.request('removeAvatar', { caller, headers })
const me = async (caller: TestCaller) => (await service.request('readMe', { caller })).body
const nameOf = (avatarUrl: string): string => avatarUrl.replace('/avatars/', '')
const show = (name: string) => service.request('readAvatar', { params: { name } })
const stored = (prefix: string): string[] =>
  service
    .objects()
    .all()
    .map(({ key }) => key)
    .filter((key) => key.startsWith(prefix))
/** Pictures of this person that are to be removed, now or later. */
const listed = async ({ sub }: TestCaller): Promise<string[]> =>
  (await service.items())
    .filter(({ pk, sk }) => pk === `user#${sub}` && String(sk).startsWith('picture#'))
    .map(({ sk }) => String(sk).slice('picture#'.length))
/** Makes everything that is announced due. */
const letTimePass = async (): Promise<void> => {
  for (const item of await service.items())
    if (String(item.sk).startsWith('picture#'))
      await service.put({ ...item, gsi1sk: `2000-01-01T00:00:00.000Z${String(item.gsi1sk).slice(24)}` })
}

describe('begin-avatar', () => {
  test('gives a form that takes one picture of its type, up to 2 MB, for ten minutes; without a database', async () => {
    const caller = await resident()
    const { status, body, database } = await begin(caller)
    assert.deepEqual({ status, database }, { status: 200, database: [] })
    const lifeMs = Date.parse(body.expiresAt) - Date.now()
    assert.ok(lifeMs > 590_000 && lifeMs <= 600_000, String(lifeMs))
    assert.equal(await post(body, Buffer.alloc(2 * 1024 * 1024 + 1)), 400)
    assert.equal(await post({ ...body, fields: { ...body.fields, 'Content-Type': 'text/html' } }, png()), 403)
    assert.equal(await post({ ...body, fields: { ...body.fields, key: 'avatars/x.png' } }, png()), 403)
    assert.equal(await post(body, png()), 204)
    assert.ok(!body.fields.key?.includes(caller.sub), 'the key names nobody')
    assert.notEqual((await begin(caller)).body.uploadId, body.uploadId)
  })

  test('for pictures, and for people with an account', async () => {
    for (const contentType of ['image/svg+xml', 'text/html', 'image/gif'])
      assert.equal((await begin(customer(), contentType)).status, 400)
    assert.equal((await begin({ sub: someId('gst'), scope: 'shop' })).problem.code, 'ACCOUNT_NEEDED')
  })
})

describe('choose-avatar', () => {
  test('shows a person by what they uploaded, and tells others; the upload itself is gone', async () => {
    const caller = await resident()
    const uploadId = await upload(caller)
    const before = stored('incoming/').length
    const answer = await choose(caller, uploadId)
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 200, trips: budgets['choose-avatar'] },
    )
    assert.match(answer.body.avatarUrl, /^\/avatars\/[\w-]{43}\.png$/)
    assert.ok(!answer.body.avatarUrl.includes(uploadId))
    assert.deepEqual(await me(caller), answer.body)
    assert.equal(stored('incoming/').length, before - 1)
    assert.deepEqual(await listed(caller), [])
    const event = (await service.outbox()).find(({ aggregateId }) => aggregateId === caller.sub)
    assert.deepEqual(
      { sequence: event?.sequence, avatarUrl: event?.data.avatarUrl },
      { sequence: 2, avatarUrl: answer.body.avatarUrl },
    )
  })

  test('by content, whatever it was called: PNG, JPEG and WebP, and nothing else', async () => {
    const caller = await resident()
    for (const [bytes, ending, type] of [
      [jpeg(), 'jpg', 'image/jpeg'],
      [webp(), 'webp', 'image/webp'],
      [png(), 'png', 'image/png'],
    ] as const) {
      const { body } = await choose(caller, await upload(caller, bytes))
      assert.ok(body.avatarUrl.endsWith(`.${ending}`))
      assert.equal((await show(nameOf(body.avatarUrl))).headers['content-type'], type)
    }
    const { avatarUrl } = await me(caller)
    for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', 'GIF89a', 'RIFF....WAVE', 'x']) {
      const answer = await choose(caller, await upload(caller, Buffer.from(text)))
      assert.deepEqual(
        { status: answer.status, code: answer.problem.code },
        { status: 422, code: 'NOT_A_PICTURE' },
        text,
      )
    }
    assert.equal((await me(caller)).avatarUrl, avatarUrl)
  })

  test('again, it answers the same; another’s upload, or none, is missing', async () => {
    const [caller, other] = [await resident(), await resident()]
    const uploadId = await upload(caller)
    assert.equal((await choose(other, uploadId)).problem.code, 'UPLOAD_MISSING')
    const first = await choose(caller, uploadId)
    const again = await choose(caller, uploadId)
    assert.deepEqual(
      { body: again.body, trips: spent(again.database) },
      { body: first.body, trips: budgets['choose-avatar: unchanged'] },
    )
    for (const unknown of ['0'.repeat(32), (await begin(caller)).body.uploadId])
      assert.equal((await choose(caller, unknown)).problem.code, 'UPLOAD_MISSING')
    assert.equal((await choose(caller, '../../secret')).status, 400)
    assert.equal((await choose(customer(), uploadId)).status, 404)
  })

  test('at once, one is shown, and the others go', async () => {
    const caller = await resident()
    const uploads = [await upload(caller), await upload(caller), await upload(caller)]
    const answers = await Promise.all(uploads.map((uploadId) => choose(caller, uploadId)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const { avatarUrl } = await me(caller)
    const names = answers.map(({ body }) => nameOf(body.avatarUrl))
    assert.deepEqual((await listed(caller)).toSorted(), names.filter((name) => name !== nameOf(avatarUrl)).toSorted())
  })

  test('honours If-Match, before and after the picture is written', async () => {
    const caller = await resident()
    const uploadId = await upload(caller)
    assert.equal((await choose(caller, uploadId, { 'if-match': '"9"' })).status, 412)
    assert.deepEqual(await listed(caller), [])
    let changed = false
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems' || changed) return false
      changed = true
      await service.request('changeMe', { caller, body: { bio: 'meanwhile' } })
      return false
    }
    assert.equal((await choose(caller, uploadId, { 'if-match': '"1"' })).status, 412)
    service.fakes.fails = undefined
    const { body } = await choose(caller, uploadId)
    assert.deepEqual({ bio: body.bio, version: body.version }, { bio: 'meanwhile', version: 3 })
  })

  test('wherever it ends, nothing is left in the store that is neither shown nor on the list', async () => {
    for (const failing of ['PutItem', 'TransactWriteItems']) {
      const caller = await resident()
      const uploadId = await upload(caller)
      const before = new Set(stored('avatars/'))
      service.fakes.fails = ({ operation }) => operation === failing
      assert.equal((await choose(caller, uploadId)).status, 500)
      service.fakes.fails = undefined
      const orphans = stored('avatars/').filter((key) => !before.has(key))
      assert.deepEqual(
        orphans,
        (await listed(caller)).map((name) => `avatars/${name}`),
      )
      const again = await choose(caller, uploadId)
      assert.deepEqual({ status: again.status, listed: await listed(caller) }, { status: 200, listed: [] })
    }
  })
})

describe('remove-avatar', () => {
  test('shows the default again; where there is none, there is nothing to do', async () => {
    const caller = await resident()
    await choose(caller, await upload(caller))
    assert.equal((await remove(caller, { 'if-match': '"1"' })).status, 412)
    const gone = await remove(caller)
    assert.deepEqual(
      { status: gone.status, trips: spent(gone.database) },
      { status: 204, trips: budgets['remove-avatar'] },
    )
    assert.equal((await me(caller)).avatarUrl, '/avatars/default.svg')
    assert.deepEqual(spent((await remove(caller)).database), budgets['remove-avatar: unchanged'])
    assert.equal((await remove(customer())).status, 204)
  })
})

describe('remove-pictures', () => {
  test('removes what is shown no more, leaves what is shown, and comes again where it ended', async () => {
    await service.run('removePictures')
    const caller = await resident()
    const first = nameOf((await choose(caller, await upload(caller))).body.avatarUrl)
    const second = nameOf((await choose(caller, await upload(caller))).body.avatarUrl)
    assert.equal((await show(first)).status, 200)
    service.fakes.fails = ({ operation }) => operation === 'DeleteItem'
    await assert.rejects(service.run('removePictures'))
    service.fakes.fails = undefined
    assert.deepEqual(
      { status: (await show(first)).status, listed: await listed(caller) },
      { status: 404, listed: [first] },
    )
    const before = service.database.length
    await service.run('removePictures')
    assert.deepEqual(await listed(caller), [])
    assert.deepEqual(spent(service.database.slice(before)), budgets['remove-pictures'])
    await service.run('removePictures')
    assert.equal((await show(second)).status, 200)
  })

  test('what was announced and never chosen goes when its time is over, and cannot be chosen any more', async () => {
    const caller = await resident()
    const uploadId = await upload(caller)
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems'
    await choose(caller, uploadId)
    service.fakes.fails = undefined
    const [name = ''] = await listed(caller)
    await service.run('removePictures')
    assert.equal((await show(name)).status, 200, 'its time is not over')
    await letTimePass()
    service.fakes.fails = async ({ operation }) => {
      // Just as it is about to be chosen after all.
      if (operation === 'TransactWriteItems') {
        service.fakes.fails = undefined
        await service.run('removePictures')
      }
      return false
    }
    assert.equal((await choose(caller, uploadId)).problem.code, 'UPLOAD_MISSING')
    assert.equal((await show(name)).status, 404)
    assert.equal((await me(caller)).avatarUrl, '/avatars/default.svg')
  })
})

describe('read-avatar', () => {
  test('shows the very picture, to be kept for ever, as nothing but a picture; without a database', async () => {
    const caller = await resident()
    const { body } = await choose(caller, await upload(caller, jpeg()))
    const answer = await show(nameOf(body.avatarUrl))
    assert.deepEqual({ status: answer.status, database: answer.database }, { status: 200, database: [] })
    assert.deepEqual(answer.bytes, Buffer.from(jpeg()))
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.match(answer.headers['content-security-policy'] ?? '', /default-src 'none'/)
  })

  test('has one for those who have none, and knows no other names', async () => {
    const standard = await show('default.svg')
    assert.deepEqual(
      { status: standard.status, contentType: standard.headers['content-type'] },
      { status: 200, contentType: 'image/svg+xml' },
    )
    assert.match(standard.bytes.toString(), /^<svg /)
    const unknown = await show(`${'x'.repeat(43)}.png`)
    assert.deepEqual(
      { status: unknown.status, cacheControl: unknown.headers['cache-control'] },
      { status: 404, cacheControl: 'no-store' },
    )
    for (const name of ['..', 'x.png', 'default.png', `${'x'.repeat(43)}.svg`])
      assert.equal((await show(name)).status, 400)
  })
})
