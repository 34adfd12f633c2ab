/** The part of the contract that is about pictures of people. */
import * as z from 'zod/mini'
import { endpoint } from '../../../shared/contract/endpoint.ts'
import { Bytes, Timestamp } from '../../../shared/contract/schema.ts'
import { findUser } from '../../published/identity.ts'
import { Profile } from '../schema.ts'

/** 128 random bits. */
const UploadId = z.string().check(z.maxLength(32), z.regex(/^[0-9a-f]{32}$/))

/** As `avatarUrl` shows it. */
const PictureName = z.string().check(z.maxLength(60), z.regex(/^(default\.svg|[A-Za-z0-9_-]{43}\.(png|jpg|webp))$/))

export const pictureEndpoints = {
  beginAvatar: endpoint({
    method: 'POST',
    path: '/me/avatar',
    caller: 'customer',
    summary: 'Get a form to upload a picture of me with, of up to 2 MB, within ten minutes; then choose it by PUT',
    body: z.strictObject({ contentType: z.enum(['image/png', 'image/jpeg', 'image/webp']) }),
    success: {
      status: 200,
      body: z.strictObject({
        uploadId: UploadId,
        /** Post a form (multipart/form-data) with these fields here, and after them the picture as `file`. */
        url: z.string(),
        fields: z.record(z.string(), z.string()),
        expiresAt: Timestamp,
      }),
    },
    uses: ['let-upload'],
  }),
  chooseAvatar: endpoint({
    method: 'PUT',
    path: '/me/avatar',
    caller: 'customer',
    summary: 'Be shown by an uploaded picture; the one before goes',
    body: z.strictObject({ uploadId: UploadId }),
    success: { status: 200, body: Profile },
    problems: { NOT_FOUND: 404, UPLOAD_MISSING: 409, NOT_A_PICTURE: 422 },
    table: ['GetItem', 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
    calls: [findUser],
    uses: ['take-upload', 'write-pictures'],
  }),
  removeAvatar: endpoint({
    method: 'DELETE',
    path: '/me/avatar',
    caller: 'customer',
    summary: 'Be shown by the default picture again',
    success: { status: 204 },
    table: ['GetItem', 'PutItem'],
  }),
  readAvatar: endpoint({
    method: 'GET',
    path: '/avatars/{name}',
    caller: 'anyone',
    summary: 'Show a picture of someone',
    params: z.strictObject({ name: PictureName }),
    success: { status: 200, body: Bytes, contentType: 'image/*' },
    uses: ['read-pictures'],
  }),
}
