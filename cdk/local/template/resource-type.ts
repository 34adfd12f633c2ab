/** Declares what one CloudFormation resource type may say in a template, and what it is called once it is there. */
import * as z from 'zod/mini'
import { StartError } from '../start-error.ts'
import type { Identity } from './resource-names.ts'

export type ResourceType<Properties = unknown> = {
  /** As templates write it: `AWS::SQS::Queue`. */
  name: string
  /** What `Ref` gives. */
  ref: (identity: Identity) => string
  /** What `Fn::GetAtt` gives. */
  attributes: { [name: string]: (identity: Identity) => string }
  /**
   * @param where tells which resource of which stack, for the message
   * @throws StartError with the first property that the local cloud does not have, or has in another form only
   */
  read(properties: unknown, where: string): Properties
}

/** The properties that a type's resources have. */
export type PropertiesOf<Type extends ResourceType> = ReturnType<Type['read']>

/** Places in lists are left out: what one entry may not say, none may. */
const pathOf = (path: readonly PropertyKey[]): string => path.filter((part) => typeof part === 'string').join('.')

const messageOf = ({ issues }: z.core.$ZodError): string => {
  const unknown = issues.find((one) => one.code === 'unrecognized_keys')
  if (unknown !== undefined)
    return `the local cloud does not know property "${pathOf([...unknown.path, unknown.keys[0] ?? ''])}"`
  const [issue] = issues
  const property = `property "${pathOf(issue?.path ?? [])}"`
  switch (issue?.code) {
    case 'invalid_value':
      return `${property} must be ${issue.values.join(' or ')} in the local cloud`
    case 'invalid_type':
      return `${property} must be there, and of type ${issue.expected}`
    default:
      return `${property} has a value that the local cloud does not know`
  }
}

/** @param properties what resources may say, as a strict object; `z.unknown()` where nothing of it makes a difference */
export const resourceType = <Schema extends z.core.$ZodType>(
  name: string,
  properties: Schema,
  names: Pick<ResourceType, 'ref'> & Partial<Pick<ResourceType, 'attributes'>>,
): ResourceType<z.output<Schema>> => ({
  name,
  ref: names.ref,
  attributes: names.attributes ?? {},
  read(given, where) {
    const read = z.safeParse(properties, given)
    if (!read.success) throw new StartError(`${where}: ${messageOf(read.error)}`)
    return read.data
  },
})
