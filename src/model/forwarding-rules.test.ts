import { expect, test } from 'vitest'
import { ruleFor } from './forwarding-rules.ts'

const rule = (domain: string, path = '') => ({ domain, path })
const rules = [
  rule('', '/img'),
  rule('*.shop.example'),
  rule('*.eu.shop.example', '/a'),
  rule('www.shop.example', '/abc'),
  rule('www.shop.example', '/abcd'),
  rule('www.shop.example'),
  rule('api.shop.example', '/v1'),
]

test.each([
  ['www.shop.example', '/abcde', rule('www.shop.example', '/abcd')],
  ['www.shop.example', '/abc', rule('www.shop.example', '/abc')],
  ['www.shop.example', '/x', rule('www.shop.example')],
  ['other.shop.example', '/img', rule('*.shop.example')],
  ['x.eu.shop.example', '/abc', rule('*.eu.shop.example', '/a')],
  ['x.eu.shop.example', '/b', 'nothing'],
  ['api.shop.example', '/v2', 'nothing'],
  ['shop.example', '/img/1.png', rule('', '/img')],
  ['shop.example', '/', undefined],
])('%s%s', (host, path, expected) => {
  expect(ruleFor(rules, host, path)).toEqual(expected)
  expect(ruleFor(rules.toReversed(), host, path)).toEqual(expected)
})
