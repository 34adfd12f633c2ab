/** How a function is invoked that nobody waits for: what it fails on for good is told to its dead-letter queue. */
import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { asyncAttempts, maxEventAgeHours } from '../../../shared/contract/endpoint.ts'
import type { DeadLetterQueue } from './dead-letter-queue.ts'

export const giveUpInto = (fn: IFunction, deadLetters: DeadLetterQueue): void =>
  fn.configureAsyncInvoke({
    onFailure: new SqsDestination(deadLetters),
    retryAttempts: asyncAttempts - 1,
    maxEventAge: Duration.hours(maxEventAgeHours),
  })
