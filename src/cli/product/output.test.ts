import { expect, test } from 'vitest'
import { ExpressionError } from './expression.ts'
import { type Output, printAnswer, readColumns } from './output.ts'

const answer = {
  TotalCount: 2,
  Vpcs: {
    Vpc: [
      { VpcId: 'vpc-1', Name: '一', Tags: { Tag: [{ Key: 'env' }] } },
      { VpcId: 'vpc-22', Name: 'two', Tags: { Tag: [] } },
    ],
  },
}
const print = (output: Partial<Output>, value: unknown = answer) =>
  printAnswer(value, { form: 'table', columns: undefined, rows: undefined, numbered: false, ...output })

test('a table of the first list, with the fields that are no lists', () => {
  expect(print({})).toEqual(['VpcId  | Name', '-----  | ----', 'vpc-1  | 一', 'vpc-22 | two'])
})

test('chosen columns and rows, numbered', () => {
  const columns = readColumns('VpcId,Tag:Tags.Tag[0].Key')
  expect(print({ columns, rows: "Vpcs.Vpc[?VpcId=='vpc-1']", numbered: true })).toEqual([
    'Num | VpcId | Tag',
    '--- | ----- | ---',
    '0   | vpc-1 | env',
  ])
})

test('text has tabs and no titles', () => {
  expect(print({ form: 'text' })).toEqual(['vpc-1\t一', 'vpc-22\ttwo'])
})

test.each([
  [null, []],
  [[], []],
  ['plain', ['@', '-', 'plain']],
  [
    ['a', 'b'],
    ['@', '-', 'a', 'b'],
  ],
  [{ Status: 'Active' }, ['Status', '------', 'Active']],
])('a table of %j', (value, lines) => {
  expect(print({}, value).filter((line) => line !== '')).toEqual(lines)
})

test('a path that does not suit the answer says so', () => {
  expect(() => print({ rows: 'sort_by(TotalCount, &a)' })).toThrow(ExpressionError)
})

test('commas within brackets belong to a column', () => {
  expect(readColumns("Id,Both:join(',',[A,B])").map(({ title }) => title)).toEqual(['Id', 'Both'])
})
