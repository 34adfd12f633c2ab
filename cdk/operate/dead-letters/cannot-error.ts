/** Something that the person who called can mend: told in two lines, the cause and the next step, without a stack. */
export class CannotError extends Error {
  override readonly name = 'CannotError'
  readonly nextStep: string | undefined

  constructor(cause: string, nextStep?: string) {
    super(cause)
    this.nextStep = nextStep
  }
}

const nextSteps: readonly (readonly [RegExp, string])[] = [
  [
    /ECONNREFUSED/,
    'nothing answers there: open the shop with npm start; for an emulator, npm run emulator:start, or correct AWS_ENDPOINT_URL',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT/,
    'is this machine on the network, and is the region (AWS_REGION) or the address (AWS_ENDPOINT_URL) right?',
  ],
  [/Region is missing/i, 'say which: AWS_REGION=eu-central-1, or a profile that names one (AWS_PROFILE)'],
  [/CredentialsProviderError|Could not load credentials/i, 'log in (aws sso login), or choose a profile (AWS_PROFILE)'],
  [
    /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch/i,
    'AWS does not know these credentials: log in again, choose a profile (AWS_PROFILE), or, for an emulator, set AWS_ENDPOINT_URL',
  ],
  [/ExpiredToken|token .* expired/i, 'the log-in has run out: log in again (aws sso login)'],
  [/Function not found/i, 'deploy the shop to this stage and region first, or choose another region (AWS_REGION)'],
  [/not valid for this endpoint|UnknownOperation/i, 'this emulator lacks it: see cdk/operate/EMULATORS.md'],
  [/AccessDenied|not authorized/i, 'use credentials that may do this, such as those that the shop was deployed with'],
]

/** What can be done about an error of the SDK or of the network; undefined where nobody knows. */
export const nextStepFor = (error: unknown): string | undefined => {
  if (error instanceof CannotError) return error.nextStep
  const text = error instanceof Error ? `${error.name} ${error.message} ${String(error.cause ?? '')}` : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return nextSteps.find(([pattern]) => pattern.test(`${code} ${text}`))?.[1]
}
