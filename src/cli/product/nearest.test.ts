import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each([
  ['DescribVpcs', 'DescribeVpcs'],
  ['describevpcs', 'DescribeVpcs'],
  ['DescribeVSwitch', 'DescribeVSwitches'],
  ['Frobnicate', undefined],
])('%s means %s', (name, meant) => {
  expect(nearest(name, ['CreateVpc', 'DescribeVpcs', 'DescribeVSwitches'])).toBe(meant)
})
