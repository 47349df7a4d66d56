import { describe, expect, test } from 'vitest'
import { readWords, WordsError } from './words.ts'

const parametersOf = (...words: string[]) => readWords(words).parameters

test.each([
  [['--CidrBlock', '10.0.0.0/16'], [['CidrBlock', '10.0.0.0/16']]],
  [['--CidrBlock=10.0.0.0/16'], [['CidrBlock', '10.0.0.0/16']]],
  [['CidrBlock=10.0.0.0/16'], [['CidrBlock', '10.0.0.0/16']]],
  [
    ['--Tag.1.Key', 'env', '--Zone.1.ZoneId', 'eu-central-1b'],
    [
      ['Tag.1.Key', 'env'],
      ['Zone.1.ZoneId', 'eu-central-1b'],
    ],
  ],
  [['--PortRange', '-1/-1'], [['PortRange', '-1/-1']]],
  [['--Description=--odd'], [['Description', '--odd']]],
  [['--Description', 'a = b\nc'], [['Description', 'a = b\nc']]],
  [['--Description', ''], [['Description', '']]],
  [['--ip', '10.0.0.9'], [['ip', '10.0.0.9']]],
])('%j are parameters', (words, parameters) => {
  expect(parametersOf('SomeAction', ...words)).toEqual(parameters)
})

test('flags stand anywhere and are no parameters', () => {
  const { action, parameters, flags } = readWords(
    '--profile x DescribeVpcs -q --region=eu-central-1 --PageSize 5 --force'.split(' '),
  )
  expect(action).toBe('DescribeVpcs')
  expect(parameters).toEqual([['PageSize', '5']])
  expect(flags.values).toEqual({ profile: 'x', region: 'eu-central-1' })
  expect([...flags.switches]).toEqual(['quiet', 'force'])
})

test('output is JSON unless columns or another form are asked for', () => {
  const outputOf = (...words: string[]) => readWords(['A', ...words]).flags.output
  expect(outputOf()).toMatchObject({ form: 'json' })
  expect(outputOf('--output', 'text')).toMatchObject({ form: 'text', columns: undefined })
  expect(outputOf('--output', 'cols=VpcId,Tag:Tags.Tag[0].Key', 'rows=Vpcs.Vpc[]', '--Name', 'x')).toEqual({
    form: 'table',
    columns: [
      { title: 'VpcId', path: 'VpcId' },
      { title: 'Tag', path: 'Tags.Tag[0].Key' },
    ],
    rows: 'Vpcs.Vpc[]',
    numbered: false,
  })
})

test('a waiter has its times, and the usual ones', () => {
  const waiterOf = (...words: string[]) => readWords(['A', '--waiter', ...words]).flags.waiter
  expect(waiterOf('expr=Status', 'to=Available')).toEqual({
    expression: 'Status',
    to: 'Available',
    timeoutS: 180,
    intervalS: 5,
  })
  expect(waiterOf('expr=S', 'to=', 'timeout=3', 'interval=0.5')).toMatchObject({
    timeoutS: 3,
    intervalS: 0.5,
  })
})

test('a pager finds its list, or is told', () => {
  expect(readWords(['A']).flags.pager).toBeUndefined()
  expect(readWords(['A', '--pager']).flags.pager).toBe('')
  expect(readWords(['A', '--pager', 'path=Vpcs.Vpc', '--PageSize', '1']).flags.pager).toBe('Vpcs.Vpc')
})

describe('wrong', () => {
  test.each([
    ['A --VpcId', 'no-value'],
    ['A --VpcId --force', 'no-value'],
    ['A --profile', 'no-value'],
    ['A --VpcId x --VpcId y', 'twice'],
    ['A --region x --region y', 'twice'],
    ['A B', 'extra-word'],
    ['A -z', 'extra-word'],
    ['A --output yaml', 'bad-field'],
    ['A --waiter expr=x', 'no-value'],
    ['A --waiter expr=x to=y timeout=soon', 'bad-field'],
  ])('%s is %s', (line, kind) => {
    const read = () => readWords(line.split(' '))
    expect(read).toThrow(WordsError)
    expect(read).toThrow(kind)
  })
})
