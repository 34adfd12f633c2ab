/** Reads a synthesised app: its stacks in the order of their dependencies, and where its assets lie. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StartError } from '../start-error.ts'
import { type Json, type JsonObject, listOf, objectOf, parseObject, textOf } from './json.ts'

/** One resource as the template writes it, its intrinsic functions unresolved. */
export type TemplateResource = { stack: string; logicalId: string; type: string; properties: JsonObject }

export type StackTemplate = { name: string; resources: Map<string, TemplateResource>; outputs: JsonObject }

/** A synthesised cloud assembly: its stacks in the order of their dependencies, and the folders of its assets. */
export type Assembly = { stacks: StackTemplate[]; assetFolder: (objectKey: string) => string }

const readObject = (file: string): JsonObject => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartError(`${file} cannot be read (${(error as Error).message}); has the app been synthesised?`)
  }
  const content = parseObject(text)
  if (content === undefined) throw new StartError(`${file} is not a JSON object`)
  return content
}

const topLevel = new Set(['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Outputs', 'Resources'])
const resourceLevel = new Set(['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'])

const onlyHolds = (stack: string, section: string, content: Json, allowed: string): void => {
  const other = Object.keys(objectOf(content)).find((key) => key !== allowed)
  if (other !== undefined) throw new StartError(`stack ${stack}: ${section} "${other}" is not known to the local cloud`)
}

const toResource = (stack: string, logicalId: string, definition: Json): TemplateResource => {
  const resource = objectOf(definition)
  const type = textOf(resource.Type)
  const unknown = Object.keys(resource).find((key) => !resourceLevel.has(key))
  if (unknown !== undefined)
    throw new StartError(
      `stack ${stack}, resource ${logicalId} (${type}): "${unknown}" is not known to the local cloud`,
    )
  return { stack, logicalId, type, properties: objectOf(resource.Properties) }
}

const toStack = (name: string, template: JsonObject): StackTemplate => {
  for (const [section, content] of Object.entries(template)) {
    if (topLevel.has(section)) continue
    // What CDK itself adds for its bootstrap stack and its own analytics; nothing depends on it here.
    if (section === 'Parameters') onlyHolds(name, section, content, 'BootstrapVersion')
    else if (section === 'Rules') onlyHolds(name, section, content, 'CheckBootstrapVersion')
    else if (section === 'Conditions') onlyHolds(name, section, content, 'CDKMetadataAvailable')
    else throw new StartError(`stack ${name}: template section "${section}" is not known to the local cloud`)
  }
  const resources = Object.entries(objectOf(template.Resources))
    .filter(([, definition]) => objectOf(definition).Type !== 'AWS::CDK::Metadata')
    .map(([logicalId, definition]) => [logicalId, toResource(name, logicalId, definition)] as const)
  return { name, resources: new Map(resources), outputs: objectOf(template.Outputs) }
}

const inOrder = (artifacts: JsonObject, names: string[]): string[] => {
  const ordered: string[] = []
  const visit = (name: string, path: string[]): void => {
    if (ordered.includes(name)) return
    if (path.includes(name)) throw new StartError(`stacks depend on each other: ${[...path, name].join(' -> ')}`)
    for (const dependency of listOf(objectOf(artifacts[name]).dependencies)) {
      if (names.includes(textOf(dependency))) visit(textOf(dependency), [...path, name])
    }
    ordered.push(name)
  }
  for (const name of names) visit(name, [])
  return ordered
}

const artifactsIn = (directory: string): JsonObject => objectOf(readObject(join(directory, 'manifest.json')).artifacts)

const ofType = (artifacts: JsonObject, type: string): string[] =>
  Object.keys(artifacts).filter((name) => objectOf(artifacts[name]).type === type)

const property = (artifacts: JsonObject, name: string, key: string): string =>
  textOf(objectOf(objectOf(artifacts[name]).properties)[key])

/** Where the assets of an assembly lie, by the name of the object that they would be in the bucket. */
export const assetFolders = (directory: string): ReadonlyMap<string, string> => {
  const artifacts = artifactsIn(directory)
  const folders = new Map<string, string>()
  for (const name of ofType(artifacts, 'cdk:asset-manifest')) {
    const files = objectOf(readObject(join(directory, property(artifacts, name, 'file'))).files)
    for (const file of Object.values(files)) {
      const path = textOf(objectOf(objectOf(file).source).path)
      for (const destination of Object.values(objectOf(objectOf(file).destinations)))
        folders.set(textOf(objectOf(destination).objectKey), resolve(directory, path))
    }
  }
  return folders
}

/** Reads `manifest.json`, every stack's template and the manifests of its assets. */
export const readAssembly = (directory: string): Assembly => {
  const artifacts = artifactsIn(directory)
  const folders = assetFolders(directory)
  const names = ofType(artifacts, 'aws:cloudformation:stack')
  if (names.length === 0) throw new StartError(`${directory} holds no stack`)
  return {
    stacks: inOrder(artifacts, names).map((name) => {
      const stackName = property(artifacts, name, 'stackName') || name
      return toStack(stackName, readObject(join(directory, property(artifacts, name, 'templateFile'))))
    }),
    assetFolder(objectKey) {
      const folder = folders.get(objectKey)
      if (folder === undefined) throw new StartError(`${directory} holds no asset ${objectKey}`)
      return folder
    },
  }
}
