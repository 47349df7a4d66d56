/**
 * Every error code the API can answer, with HTTP status and text. A handler throws `ApiError` with one of them;
 * anything else that is thrown becomes `InternalError` and shows the request id only.
 */

export interface ErrorSpec {
  readonly status: number
  /** `{name}` is replaced by the detail of that name. */
  readonly message: string
}

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly data: Readonly<Record<string, string>>

  /** `code` must be listed in `errorSpecs`, or be one of its families (`MissingParam.*`) with the suffix filled in. */
  constructor(code: string, data: Readonly<Record<string, string>> = {}) {
    const spec = errorSpec(code)
    super(spec.message.replace(/\{(\w+)\}/g, (_, name: string) => data[name] ?? suffixOf(code)))
    this.name = 'ApiError'
    this.code = code
    this.status = spec.status
    this.data = data
  }
}

function suffixOf(code: string): string {
  return code.slice(code.indexOf('.') + 1)
}

export function errorSpec(code: string): ErrorSpec {
  const family = code.includes('.') ? `${code.slice(0, code.indexOf('.'))}.*` : code
  const spec = errorSpecs[code] ?? errorSpecs[family]
  if (!spec) throw new Error(`error code ${code} is not listed in errors.ts`)
  return spec
}

/** By code, in alphabetical order. */
export const errorSpecs: Readonly<Record<string, ErrorSpec>> = {
  DryRunOperation: { status: 400, message: 'Request validation has been passed with DryRun flag set.' },
  IdempotentParameterMismatch: {
    status: 400,
    message: 'The request uses the same client token as a previous, but non-identical request.',
  },
  'IllegalParam.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'IllegalParamFormat.*': {
    status: 400,
    message: 'The format of the parameter {name} is not valid: {reason}.',
  },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to the standard: {reason}.',
  },
  InternalError: { status: 500, message: 'The request processing has failed due to some unknown error.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidApi.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  InvalidParameter: { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'InvalidParameter.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'InvalidParameter.Format': { status: 400, message: 'The parameter Format must be JSON or XML.' },
  'InvalidRegionId.NotFound': { status: 404, message: 'The specified RegionId does not exist.' },
  'InvalidSecurityToken.Malformed': {
    status: 400,
    message: 'No security tokens are issued here: sign with the access key of an account.',
  },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not valid.' },
  InvalidSignatureVersion: { status: 400, message: 'Specified signature version is not valid.' },
  'InvalidTimeStamp.Expired': { status: 400, message: 'Specified time stamp or date value is expired.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  InvalidVersion: { status: 400, message: 'Specified parameter Version is not valid.' },
  'MissingParam.*': { status: 400, message: 'The parameter {name} is required.' },
  MissingParameter: { status: 400, message: 'The parameter {name} is required.' },
  'MissingParameter.*': { status: 400, message: 'The parameter {name} is required.' },
  MissingSecurityToken: { status: 400, message: 'SecurityToken is mandatory for this access key.' },
  NoPermission: { status: 403, message: 'You are not authorized to do this operation.' },
  ServiceUnavailable: { status: 503, message: 'The request has failed due to a temporary failure.' },
  // The old Go SDK compares the text after the colon with its own, so it must stay the last part.
  SignatureDoesNotMatch: {
    status: 400,
    message:
      'Specified signature is not matched with our calculation. server string to sign is:{stringToSign}',
  },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  UnsupportedHTTPMethod: { status: 400, message: 'This http method is not supported.' },
}
