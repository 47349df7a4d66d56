/** Reading answers of the API: what must be there is asked for by its path, and its absence is an error. */
export type Answer = Readonly<Record<string, unknown>>

function at(answer: Answer, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      answer,
    )
}

export function textAt(answer: Answer, path: string): string {
  const value = at(answer, path)
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new Error(`the answer has no ${path}: ${JSON.stringify(answer).slice(0, 300)}`)
}

export function listAt(answer: Answer, path: string): readonly Answer[] {
  const value = at(answer, path)
  if (Array.isArray(value)) return value as Answer[]
  throw new Error(`the answer has no list ${path}: ${JSON.stringify(answer).slice(0, 300)}`)
}

/** The first of a list of plain texts, as `InstanceIdSets.InstanceIdSet`. */
export function firstTextAt(answer: Answer, path: string): string {
  const value = at(answer, path)
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  if (typeof first === 'string') return first
  throw new Error(`the answer has no ${path}: ${JSON.stringify(answer).slice(0, 300)}`)
}

/** What of an answer is worth a line: names, states and addresses, not the request id. */
export function summary(answer: Answer): string {
  const worth = /(Id|Name|Domain|Status|Address|IdSets)$/
  return Object.entries(answer)
    .filter(
      ([name, value]) =>
        worth.test(name) && name !== 'RequestId' && name !== 'ResourceGroupId' && isShort(value),
    )
    .slice(0, 5)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}

function isShort(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '' && value.length <= 100) || typeof value === 'number'
}
