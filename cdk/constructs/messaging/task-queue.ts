/** The queue of a task: functions of its service put messages aside in it, and one works them off later. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { TaskDeclaration } from '../../../shared/contract/endpoint.ts'
import { queueVariable } from '../../../shared/contract/task-queue.ts'
import { WorkQueue } from './work-queue.ts'

export type TaskQueueProps = {
  /** As its function's file: `send-mail`. */
  task: string
  functionName: string
  declaration: TaskDeclaration
}

export class TaskQueue extends WorkQueue {
  private readonly task: string

  constructor(scope: Construct, id: string, { task, functionName, declaration }: TaskQueueProps) {
    super(scope, id, { functionName, needs: declaration, delaySeconds: declaration.delaySeconds })
    this.task = task
  }

  /** Lets a function put messages into it. */
  openTo(fn: LambdaFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }))
    fn.addEnvironment(queueVariable(this.task), this.queue.queueUrl)
  }
}
