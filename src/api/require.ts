import { ApiError } from './errors.ts'

/** What was found, or the error that says it was not. */
export function found<Value>(
  value: Value | undefined,
  code: string,
  data?: Readonly<Record<string, string>>,
): Value {
  if (value === undefined) throw new ApiError(code, data)
  return value
}

/** The rule that must hold, or the error that says it does not. */
export function demand(holds: boolean, code: string, data?: Readonly<Record<string, string>>): asserts holds {
  if (!holds) throw new ApiError(code, data)
}
