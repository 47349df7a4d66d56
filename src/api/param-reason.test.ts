import { expect, test } from 'vitest'
import { z } from 'zod'
import { resourceName } from '../model/rules.ts'
import { ApiError } from './errors.ts'
import { choice, flag, integer, json, readParams, text } from './params.ts'

const params = z.object({
  Count: integer(1, 5).optional(),
  Kind: choice(['a', 'b']).optional(),
  List: z.array(text()).max(2).optional(),
  Name: text({ pattern: resourceName }).optional(),
  Note: text({ max: 3 }).optional(),
  On: flag().optional(),
  Servers: json(z.array(z.string())).optional(),
})
const style = { missing: () => 'MissingParameter', invalid: () => 'InvalidParameter' }

test.each([
  [{ Count: '6' }, 'Count', 'a whole number from 1 to 5 is meant'],
  [{ Count: 'x' }, 'Count', 'a whole number from 1 to 5 is meant'],
  [{ Kind: 'c' }, 'Kind', 'one of these is meant: a, b'],
  [{ 'List.1': 'x', 'List.2': 'y', 'List.3': 'z' }, 'List', 'at most 2 of them'],
  [{ Name: '1a' }, 'Name', resourceName.says],
  [{ Note: 'long' }, 'Note', 'at most 3 characters'],
  [{ On: 'yes' }, 'On', 'true or false is meant'],
  [{ Servers: '{' }, 'Servers', 'not valid JSON'],
])('%o is refused with words', (sent, name, reason) => {
  const read = () => readParams(params, new Map(Object.entries(sent)), style)
  expect(read).toThrow(new ApiError('InvalidParameter', { name, reason }))
})
