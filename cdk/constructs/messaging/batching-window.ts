import { Duration } from 'aws-cdk-lib'

/** How long messages may wait for others to be worked off with; they wait for nothing where nothing is said. */
export const batchingWindow = (seconds: number | undefined): { maxBatchingWindow?: Duration } =>
  seconds === undefined ? {} : { maxBatchingWindow: Duration.seconds(seconds) }
