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

export const errorSpecs: Readonly<Record<string, ErrorSpec>> = {
  InternalError: { status: 500, message: 'The request processing has failed due to some unknown error.' },
  MissingParameter: { status: 400, message: 'The parameter {name} is required.' },
  'MissingParam.*': { status: 400, message: 'The parameter {name} is required.' },
  InvalidParameter: { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'InvalidParameter.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'IllegalParam.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'IllegalParamFormat.*': {
    status: 400,
    message: 'The format of the parameter {name} is not valid: {reason}.',
  },
}
