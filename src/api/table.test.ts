import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineAction } from './action.ts'
import { parseJson, printJson } from './json.ts'
import { buildTable } from './table.ts'

const declare = (name: string, result: z.ZodType = z.object({})) =>
  defineAction({
    product: 'Vpc',
    name,
    summary: { en: '', zh: '' },
    status: 'full',
    params: z.object({}),
    result,
    effect: 'read',
    handler: () => Promise.resolve({}),
  })

test('an action is found under the version of its product only', () => {
  const action = declare('DescribeVpcs')
  const table = buildTable([action])
  expect(table.find('2016-04-28', 'DescribeVpcs').action).toBe(action)
  expect(table.find('2016-04-28', 'DescribeVpcs').product.name).toBe('Vpc')
  expect(() => table.find('2020-04-15', 'DescribeVpcs')).toThrow('Specified api is not found')
  expect(() => table.find('2020-04-16', 'DescribeVpcs')).toThrow('Version')
})

test('an action declared twice, or with a result that clients take for an error, is refused', () => {
  expect(() => buildTable([declare('A'), declare('A')])).toThrow('declared twice')
  expect(() => buildTable([declare('A', z.object({ Code: z.string() }))])).toThrow('must not have Code')
  expect(() => buildTable([declare('A', z.object({ RequestId: z.string() }))])).toThrow('RequestId')
})

test('JSON keeps whole numbers exact', () => {
  const text = '{"a":[123456789012345678901,9007199254740991,-1,1.5,1e30,"12345678901234567890"]}'
  expect(parseJson(text)).toEqual({
    a: [123456789012345678901n, 9007199254740991, -1, 1.5, 1e30, '12345678901234567890'],
  })
  expect(printJson(parseJson('{"a":123456789012345678901}'))).toBe('{"a":123456789012345678901}')
})
