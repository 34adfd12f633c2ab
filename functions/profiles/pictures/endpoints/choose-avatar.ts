import type { PartsOf } from '../../../../shared/runtime/instance.ts'
import type { IfMatch } from '../../../../shared/runtime/preconditions.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { type Answer, isStale, notFound, problem, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import type { Profile } from '../../domain.ts'
import { myProfile } from '../../my-profile.ts'
import * as parts from '../../parts.ts'
import { answerOf } from '../../view.ts'
import {
  contentTypeOf,
  isPictureOf,
  pictureIn,
  pictureKeyOf,
  pictureLimits,
  pictureNameOf,
  uploadKeyOf,
} from '../domain.ts'

const uploadMissing = () =>
  problem('UPLOAD_MISSING', 'Nothing was uploaded with this form, or it is gone; get a new one.')

const needed = {
  profiles: parts.profiles,
  findUser: parts.findUser,
  currency: parts.currency,
  pictures: parts.pictures,
  store: parts.store,
}

/** Again where another write came first. */
const choose = (given: PartsOf<typeof needed>, read: Profile, name: string, ifMatch: IfMatch) => {
  let before: Profile | undefined = read
  return retryOnConflict<Answer<typeof endpoints.chooseAvatar> | 'gone'>(async () => {
    if (!before) return notFound('account')
    if (isStale(ifMatch, before.version)) return staleVersion()
    const chosen = await given.pictures.choose({ ...before, avatar: name }, before)
    if (chosen === 'gone') return chosen
    if (chosen === 'lost') before = await myProfile(given, read.userId)
    return chosen === 'lost' ? undefined : answerOf(chosen.profile)
  })
}

/**
 * Announce, write, choose: wherever this ends, what it has written is either shown or on the list of what is to be removed.
 * Choosing the same upload again answers as the first time did.
 */
export const handler = serve(
  endpoints.chooseAvatar,
  needed,
  async function chooseAvatar({ caller: { id: userId }, body: { uploadId }, ifMatch }, given) {
    const { pictures, store } = given
    const profile = await myProfile(given, userId)
    if (!profile) return notFound('account')
    if (isPictureOf(profile.avatar, userId, uploadId)) return answerOf(profile)
    if (isStale(ifMatch, profile.version)) return staleVersion()

    const uploadKey = uploadKeyOf(userId, uploadId)
    const uploaded = await store.get(uploadKey, pictureLimits)
    if (uploaded === 'absent') return uploadMissing()
    const picture = uploaded === 'too-large' ? undefined : pictureIn(uploaded.bytes)
    if (!picture)
      return problem(
        'NOT_A_PICTURE',
        'Its content is not that of a PNG, JPEG or WebP picture of up to 2 MB and 25 million pixels.',
      )

    const name = pictureNameOf(userId, uploadId, picture.kind)
    if (!(await pictures.stage({ userId, name }))) return uploadMissing()
    await store.put(pictureKeyOf(name), { bytes: picture.bytes, contentType: contentTypeOf(name) })
    const answer = await choose(given, profile, name, ifMatch)
    // Its time was over before it was written.
    if (answer === 'gone') await store.remove(pictureKeyOf(name))
    if (answer === 'gone') return uploadMissing()
    if (!('problem' in answer)) await store.remove(uploadKey)
    return answer
  },
)
