/** Resolves templates to plain values in one pass, before anything has started. */
import { StartError } from '../start-error.ts'
import type { Assembly, StackTemplate, TemplateResource } from './assembly.ts'
import { isObject, type Json, listOf, objectOf, textOf } from './json.ts'
import type { Identity } from './resource-names.ts'
import type { PropertiesOf, ResourceType } from './resource-type.ts'
import { resourceTypes } from './resource-types.ts'

/** A resource with every intrinsic function resolved. */
export type Resource<Properties> = {
  stack: string
  logicalId: string
  /** Which resource of which stack, for messages. */
  where: string
  properties: Properties
  /** What `Ref` gives. */
  name: string
  attribute: (name: string) => string
}

/** The whole cloud as the templates describe it. */
export type Template = {
  ofType<Properties>(type: ResourceType<Properties>): Resource<Properties>[]
  /** By stack name, then output name. */
  outputs: { [stack: string]: { [output: string]: string } }
}

/** A resource of a type that is declared somewhere: `ResourceOf<typeof queueType>`. */
export type ResourceOf<Type extends ResourceType> = Resource<PropertiesOf<Type>>

export type Place = Pick<Identity, 'region' | 'account' | 'apiId' | 'apiUrl' | 'awsEndpoint'>

type Found = { type: ResourceType; identity: Identity }

const whereIs = ({ stack, logicalId, type }: TemplateResource): string =>
  `stack ${stack}, resource ${logicalId} (${type})`

const typeOf = (resource: TemplateResource): ResourceType => {
  const type = resourceTypes.get(resource.type)
  if (type === undefined) throw new StartError(`${whereIs(resource)}: the local cloud does not know this type`)
  return type
}

/** Resolves one stack's intrinsic functions: Ref, GetAtt, Join, Sub, Select, Split, ImportValue. */
const resolver = (stack: StackTemplate, exports: Map<string, string>, place: Place) => {
  const found = new Map<string, Found>()

  const find = (logicalId: string): Found => {
    const known = found.get(logicalId)
    if (known !== undefined) return known
    const resource = stack.resources.get(logicalId)
    if (resource === undefined) throw new StartError(`stack ${stack.name}: no resource ${logicalId} to refer to`)
    const type = typeOf(resource)
    // Names are plain text or built from other names, so the properties resolve one by one and only when read.
    const properties = new Proxy(resource.properties, {
      get: (target, property) => resolve(target[String(property)] ?? null),
    })
    const entry = { type, identity: { ...place, stack: stack.name, logicalId, properties } }
    found.set(logicalId, entry)
    return entry
  }

  const attribute = (logicalId: string, name: string): string => {
    const { type, identity } = find(logicalId)
    const value = type.attributes[name]
    if (value === undefined)
      throw new StartError(`stack ${stack.name}, resource ${logicalId}: attribute "${name}" is not known here`)
    return value(identity)
  }

  const pseudo: { [name: string]: string } = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stack.name}/local`,
  }

  const refer = (name: string): string => {
    const value = pseudo[name]
    if (value !== undefined) return value
    const { type, identity } = find(name)
    return type.ref(identity)
  }

  const substitute = (argument: Json): string => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument]
    return textOf(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      const given = objectOf(variables)[name]
      if (given !== undefined) return textOf(resolve(given))
      const [logicalId, attributeName] = name.split(/\.(.*)/)
      return attributeName === undefined ? refer(name) : attribute(logicalId ?? '', attributeName)
    })
  }

  const intrinsics: { [name: string]: (argument: Json) => Json } = {
    Ref: (argument) => refer(textOf(argument)),
    'Fn::GetAtt': (argument) => {
      const [logicalId = '', name = ''] = Array.isArray(argument) ? argument.map(String) : textOf(argument).split('.')
      return attribute(logicalId, name)
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = listOf(argument)
      return listOf(resolve(parts ?? []))
        .map((part) => textOf(part))
        .join(textOf(separator))
    },
    'Fn::Sub': substitute,
    'Fn::Select': (argument) => {
      const [index, list] = listOf(argument)
      return listOf(resolve(list ?? []))[Number(index)] ?? ''
    },
    'Fn::Split': (argument) => {
      const [separator, text] = listOf(argument)
      return textOf(resolve(text ?? '')).split(textOf(separator))
    },
    'Fn::ImportValue': (argument) => {
      const name = textOf(resolve(argument))
      const value = exports.get(name)
      if (value === undefined) throw new StartError(`stack ${stack.name}: no stack before it exports "${name}"`)
      return value
    },
  }

  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve)
    if (!isObject(value)) return value
    const [name, ...others] = Object.keys(value)
    if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const intrinsic = intrinsics[name]
      if (intrinsic === undefined) throw new StartError(`stack ${stack.name}: ${name} is not known to the local cloud`)
      return intrinsic(value[name] ?? null)
    }
    return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, resolve(content)]))
  }
  return { resolve, refer, attribute }
}

/** Resolves every stack in order. Throws a `StartError` that names the first type or property not known here. */
export const resolveTemplates = (assembly: Assembly, place: Place): Template => {
  const exports = new Map<string, string>()
  const resources: (Resource<Json> & { type: string })[] = []
  const outputs: Template['outputs'] = {}
  for (const stack of assembly.stacks) {
    const { resolve, refer, attribute } = resolver(stack, exports, place)
    for (const resource of stack.resources.values()) {
      const { logicalId, type } = resource
      const where = whereIs(resource)
      const properties = resolve(resource.properties)
      // Also where nobody will ask for it: what is not known must not pass unseen.
      typeOf(resource).read(properties, where)
      const name = refer(logicalId)
      const attributeOf = (attributeName: string) => attribute(logicalId, attributeName)
      resources.push({ stack: stack.name, logicalId, where, type, properties, name, attribute: attributeOf })
    }
    for (const [name, definition] of Object.entries(stack.outputs)) {
      const value = textOf(resolve(objectOf(definition).Value ?? ''))
      outputs[stack.name] = { ...outputs[stack.name], [name]: value }
      const exported = objectOf(definition).Export
      if (exported !== undefined) exports.set(textOf(resolve(objectOf(exported).Name ?? '')), value)
    }
  }
  const byType = Map.groupBy(resources, ({ type }) => type)
  return {
    ofType: (type) =>
      (byType.get(type.name) ?? []).map((resource) => ({
        ...resource,
        properties: type.read(resource.properties, resource.where),
      })),
    outputs,
  }
}
