import { BlockList, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hold, parseConditions, type Circumstances, type ConditionKey } from './policy-conditions.ts'

const keys: readonly ConditionKey[] = [
  'acs:CurrentTime',
  'acs:MFAPresent',
  'acs:SecureTransport',
  'acs:SourceIp',
  'sts:ExternalId',
]

function holds(condition: object, known: Circumstances): boolean {
  const parsed = parseConditions(condition, keys)
  if (typeof parsed === 'string') throw new Error(parsed)
  return hold(parsed, known)
}

describe('a condition', () => {
  const known = {
    'acs:CurrentTime': '2026-11-23T08:00:00.500Z',
    'acs:MFAPresent': 'false',
    'acs:SecureTransport': 'true',
    'acs:SourceIp': '203.0.113.7',
    'sts:ExternalId': 'Shared-1',
  }
  test.each([
    [{ StringEquals: { 'sts:ExternalId': 'Shared-1' } }, true],
    [{ StringEquals: { 'sts:ExternalId': ['other', 'Shared-1'] } }, true],
    [{ StringEquals: { 'sts:ExternalId': 'shared-1' } }, false],
    [{ StringEqualsIgnoreCase: { 'sts:ExternalId': 'shared-1' } }, true],
    [{ StringNotEquals: { 'sts:ExternalId': ['other', 'Shared-1'] } }, false],
    [{ StringNotEquals: { 'sts:ExternalId': 'other' } }, true],
    [{ StringLike: { 'sts:ExternalId': 'Shared-?' } }, true],
    [{ StringLike: { 'sts:ExternalId': 'other*' } }, false],
    [{ StringNotLike: { 'sts:ExternalId': 'Shared*' } }, false],
    [{ IpAddress: { 'acs:SourceIp': '203.0.113.0/24' } }, true],
    [{ IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '203.0.113.7'] } }, true],
    [{ IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }, false],
    [{ IpAddress: { 'acs:SourceIp': '::/0' } }, false],
    [{ NotIpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } }, false],
    [{ Bool: { 'acs:SecureTransport': 'true' } }, true],
    [{ Bool: { 'acs:SecureTransport': true } }, true],
    [{ Bool: { 'acs:MFAPresent': 'true' } }, false],
    [{ DateLessThan: { 'acs:CurrentTime': '2026-11-23T16:00:01+08:00' } }, true],
    [{ DateLessThan: { 'acs:CurrentTime': '2026-11-23T08:00:00Z' } }, false],
    [{ DateGreaterThan: { 'acs:CurrentTime': '2026-11-23T08:00Z' } }, true],
    [{ DateEquals: { 'acs:CurrentTime': '2026-11-23T08:00:00.5Z' } }, true],
    [{ IpAddress: { 'acs:SourceIp': '203.0.113.7' }, Bool: { 'acs:MFAPresent': 'true' } }, false],
    [{ Bool: { 'acs:MFAPresent': 'false', 'acs:SecureTransport': 'true' } }, true],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition, known)).toBe(expected)
  })

  test.each([
    [{ StringEquals: { 'sts:ExternalId': 'a' } }, false],
    [{ StringLike: { 'sts:ExternalId': '*' } }, false],
    [{ StringNotEquals: { 'sts:ExternalId': 'a' } }, true],
  ])('%j without the key is %s', (condition, expected) => {
    expect(holds(condition, {})).toBe(expected)
  })
})

test.each([
  [{}, 'Condition must be an object with operators'],
  [[], 'Condition must be an object with operators'],
  [null, 'Condition must be an object with operators'],
  [{ StringIs: { 'sts:ExternalId': 'a' } }, 'the condition operator StringIs is not supported'],
  [{ toString: { 'sts:ExternalId': 'a' } }, 'the condition operator toString is not supported'],
  [{ Bool: 'true' }, 'Bool must be an object with keys'],
  [{ Bool: {} }, 'Bool must be an object with keys'],
  [{ StringEquals: { 'ecs:tag/a': 'b' } }, 'the condition key ecs:tag/a is not supported here'],
  [
    { StringEquals: { 'acs:SourceIp': '10.0.0.1' } },
    'the condition key acs:SourceIp cannot be compared by StringEquals',
  ],
  [{ Bool: { 'acs:MFAPresent': [] } }, 'acs:MFAPresent must be compared with a text or a list of texts'],
  [{ Bool: { 'acs:MFAPresent': 1 } }, 'acs:MFAPresent must be compared with a text or a list of texts'],
  [{ Bool: { 'acs:MFAPresent': 'yes' } }, 'acs:MFAPresent cannot be compared with yes'],
  [{ IpAddress: { 'acs:SourceIp': '10.0.0.0/33' } }, 'acs:SourceIp cannot be compared with 10.0.0.0/33'],
  [
    { DateLessThan: { 'acs:CurrentTime': '2026-13-01T00:00:00Z' } },
    'acs:CurrentTime cannot be compared with 2026-13-01T00:00:00Z',
  ],
  [{ DateLessThan: { 'acs:CurrentTime': 'now' } }, 'acs:CurrentTime cannot be compared with now'],
])('%j is refused', (condition, reason) => {
  expect(parseConditions(condition, keys)).toBe(reason)
})

test('a key has no meaning where it is not known', () => {
  const external = { StringEquals: { 'sts:ExternalId': 'a' } }
  expect(parseConditions(external, ['acs:SourceIp'])).toContain('is not supported here')
})

const ipv6 = fc.ipV6().filter((text) => !text.includes('.'))
const external = fc.string({ unit: fc.constantFrom('a', 'A', '*', '?'), minLength: 1, maxLength: 4 })
const instant = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

describe('properties', () => {
  test('a negated operator says the opposite, of what is known and of what is not', () => {
    const known = fc.option(external, { nil: undefined })
    const some = fc.array(external, { minLength: 1 })
    fc.assert(
      fc.property(
        known,
        some,
        fc.constantFrom('Equals', 'EqualsIgnoreCase', 'Like'),
        (have, wanted, word) => {
          const of = have === undefined ? {} : { 'sts:ExternalId': have }
          const plain = holds({ [`String${word}`]: { 'sts:ExternalId': wanted } }, of)
          expect(holds({ [`StringNot${word}`]: { 'sts:ExternalId': wanted } }, of)).toBe(!plain)
        },
      ),
    )
  })

  test('more conditions hold no more often, more values no less often', () => {
    const some = fc.array(external, { minLength: 1 })
    fc.assert(
      fc.property(external, some, some, (have, one, other) => {
        const of = { 'sts:ExternalId': have }
        const like = (wanted: readonly string[]) => ({ StringLike: { 'sts:ExternalId': wanted } })
        const equals = { StringEquals: { 'sts:ExternalId': other } }
        expect(holds({ ...like(one), ...equals }, of)).toBe(holds(like(one), of) && holds(equals, of))
        expect(holds(like([...one, ...other]), of)).toBe(holds(like(one), of) || holds(like(other), of))
      }),
    )
  })

  test('of two moments one is before, the same or after', () => {
    fc.assert(
      fc.property(instant, instant, (have, wanted) => {
        const is = (word: string) =>
          holds({ [`Date${word}`]: { 'acs:CurrentTime': wanted } }, { 'acs:CurrentTime': have })
        expect([is('LessThan'), is('Equals'), is('GreaterThan')].filter(Boolean)).toHaveLength(1)
        expect(is('LessThanEquals')).toBe(is('LessThan') || is('Equals'))
        expect(is('GreaterThanEquals')).toBe(!is('LessThan'))
        expect(is('NotEquals')).toBe(!is('Equals'))
      }),
    )
  })

  test('an address is in a block when the system says so', () => {
    const inFamily = (address: fc.Arbitrary<string>, bits: number) =>
      fc.record({ have: address, block: address, prefix: fc.nat({ max: bits }), near: fc.boolean() })
    fc.assert(
      fc.property(fc.oneof(inFamily(fc.ipV4(), 32), inFamily(ipv6, 128)), ({ have, block, prefix, near }) => {
        const base = near ? have : block
        const list = new BlockList()
        const family = isIPv6(base) ? 'ipv6' : 'ipv4'
        list.addSubnet(base, prefix, family)
        const condition = { IpAddress: { 'acs:SourceIp': `${base}/${prefix}` } }
        expect(holds(condition, { 'acs:SourceIp': have })).toBe(list.check(have, family))
      }),
      { numRuns: 500 },
    )
  })

  test('any value is a condition or has something wrong with it', () => {
    const value = fc.jsonValue()
    const nearly = fc.dictionary(
      fc.constantFrom('Bool', 'IpAddress', 'DateEquals', 'StringLike', 'x'),
      fc.dictionary(fc.constantFrom(...keys, 'x'), value),
    )
    fc.assert(
      fc.property(fc.oneof(value, nearly), (condition) => {
        const parsed = parseConditions(condition, keys)
        if (typeof parsed !== 'string') expect([true, false]).toContain(hold(parsed, {}))
      }),
    )
  })
})
