/** The shop's stacks on an emulator, as CloudFormation knows them. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { clientSettings, type Emulator, stage } from './which.ts'

const cloudFormation = (emulator: Emulator) => new CloudFormationClient(clientSettings(emulator))

export const stackNames = async (emulator: Emulator): Promise<string[]> => {
  const names: string[] = []
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: cloudFormation(emulator) }, {}))
    for (const { StackName = '', StackStatus } of Stacks)
      if (StackName.startsWith(`${stage.prefix}-`) && StackStatus !== 'DELETE_COMPLETE') names.push(StackName)
  return names
}

/** @throws CannotError when the shop is not deployed there */
export const apiUrlOf = async (emulator: Emulator): Promise<string> => {
  const StackName = `${stage.prefix}-gateway`
  const answer = await cloudFormation(emulator)
    .send(new DescribeStacksCommand({ StackName }))
    .catch(() => undefined)
  const url = answer?.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue
  if (url) return url
  throw new CannotError(
    `the shop is not deployed on ${emulator.name} at ${emulator.endpoint}`,
    'npm run emulator:deploy',
  )
}

export type Resource = { type: string; id: string }

/** Everything that the shop's stacks made. */
export const resourcesOf = async (emulator: Emulator): Promise<Resource[]> => {
  const found: Resource[] = []
  for (const StackName of await stackNames(emulator))
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: cloudFormation(emulator) },
      { StackName },
    ))
      for (const { ResourceType = '', PhysicalResourceId = '' } of StackResourceSummaries)
        found.push({ type: ResourceType, id: PhysicalResourceId })
  return found
}
