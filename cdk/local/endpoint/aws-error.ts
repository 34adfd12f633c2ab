/** An answer that an AWS API gives instead of a result. The SDK throws it under its code. */
export class AwsError extends Error {
  override name = 'AwsError'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export const accessDenied = (message: string): AwsError => new AwsError('AccessDeniedException', message, 400)

export const unknownOperation = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', `${service} ${operation} is not known to the local cloud`, 400)
