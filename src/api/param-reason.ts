import type { z } from 'zod'

/** What a parameter should have been, for whoever sent another: what zod says is about its own types. */
export function reasonOf(issue: z.core.$ZodIssue, { wire, minimum, maximum, about }: z.GlobalMeta): string {
  if (wire === 'boolean') return 'true or false is meant'
  if (wire === 'integer') return `a whole number from ${minimum} to ${maximum} is meant`
  if (wire === 'json') return issue.message
  if (issue.code === 'invalid_value') return `one of these is meant: ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_big' && issue.origin === 'string') return `at most ${issue.maximum} characters`
  if (issue.code === 'too_big' && issue.origin === 'array') return `at most ${issue.maximum} of them`
  if (issue.code === 'invalid_format' && about !== undefined) return about
  return issue.message
}
