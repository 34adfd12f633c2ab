/** Reads a browser's upload form. */
import { S3Error, unknownHere } from './error.ts'
import type { Fields } from './post-policy.ts'

export type Form = { fields: Fields; file: Buffer }

/** Fields that mean something here; what S3 would do with others would be missed. */
const knownFields = new Set(['key', 'bucket', 'content-type', 'policy', 'success_action_status'])

const malformed = (): S3Error =>
  new S3Error('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.')

const isKnown = (field: string): boolean =>
  knownFields.has(field) ||
  field.startsWith('x-ignore-') ||
  /^x-amz-(algorithm|credential|date|security-token|signature)$/.test(field)

/** Reads a browser's form: its fields up to the file. What comes after the file does not count, as on S3. */
export const readForm = async (body: Buffer, contentType: string): Promise<Form> => {
  const entries = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => {
    // Whatever is wrong with it, this is all that S3 says.
    throw malformed()
  })
  const fields = new Map<string, string>()
  for (const [name, value] of entries) {
    const field = name.toLowerCase()
    if (field === 'file') {
      if (!fields.has('key')) break
      return { fields, file: typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer()) }
    }
    if (typeof value !== 'string') throw new S3Error('InvalidArgument', `The field ${name} must not be a file.`)
    fields.set(field, value)
  }
  if (!fields.has('key'))
    throw new S3Error(
      'InvalidArgument',
      "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
      400,
      { ArgumentName: 'key' },
    )
  throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.', 400, {
    ArgumentName: 'file',
  })
}

/** @throws S3Error naming a field whose effect is missing here */
export const refuseUnknownFields = (fields: Fields): void => {
  const unknown = [...fields.keys()].find((field) => !isKnown(field))
  if (unknown !== undefined) throw unknownHere(`The form field "${unknown}"`)
  if ((fields.get('key') ?? '').includes('${')) throw unknownHere("A variable in a form's key")
}
