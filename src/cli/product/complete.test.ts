import { expect, test } from 'vitest'
import { allActions } from '../../api/actions/all.ts'
import { completions } from './complete.ts'

const complete = (line: string) => {
  const [product = '', ...words] = line.split(' ')
  return completions({ product, words, profiles: ['home', 'work'] }, allActions)
}

test.each([
  ['vpc CreateV', ['CreateVSwitch', 'CreateVpc']],
  ['vpc CreateVpc --Cid', ['--CidrBlock']],
  ['vpc CreateVpc --Tag.1.', ['--Tag.1.Key', '--Tag.1.Value']],
  ['vpc CreateVpc --Tag.1.Key env --Tag.1.Value x --Tag.', ['--Tag.2.Key', '--Tag.2.Value']],
  ['vpc CreateVpc --EnableIpv6 ', ['true', 'false']],
  ['vpc CreateVpc --profile w', ['work']],
  ['vpc CreateVpc --dry', ['--dryrun']],
  ['vpc CreateVpc --output t', ['table', 'text']],
  ['nothing Create', []],
])('%j', (line, words) => {
  expect(complete(line)).toEqual(words)
})

test('a parameter that is given is not offered again', () => {
  expect(complete('vpc CreateVpc --CidrBlock 10.0.0.0/8 --C')).not.toContain('--CidrBlock')
})
