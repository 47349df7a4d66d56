import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fits } from './glob.ts'
import { decide, parsePolicy, type Policy } from './policy.ts'

const endpoint = 'acs:privatelink:eu-central-1:12345678:vpcendpoint/ep-1'

function policy(...Statement: object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '1', Statement }))
  if (typeof parsed === 'string') throw new Error(parsed)
  return parsed
}

const allow = (Action: unknown, Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource })
const deny = (Action: unknown, Resource: unknown = '*') => ({ Effect: 'Deny', Action, Resource })

describe('a decision', () => {
  const asked = { action: 'privatelink:DeleteVpcEndpoint', resource: endpoint, circumstances: {} }
  test.each([
    ['nothing said', [], 'ImplicitDeny'],
    ['everything', [allow('*')], 'Allow'],
    ['the product', [allow('privatelink:*')], 'Allow'],
    ['in another case', [allow('PrivateLink:deletevpcendpoint')], 'Allow'],
    ['the verb', [allow('privatelink:Delete*')], 'Allow'],
    ['one of several', [allow(['vpc:*', 'privatelink:DeleteVpcEndpoin?'])], 'Allow'],
    ['another product', [allow('vpc:*')], 'ImplicitDeny'],
    ['the resource', [allow('*', endpoint)], 'Allow'],
    ['any region', [allow('*', 'acs:privatelink:*:12345678:vpcendpoint/*')], 'Allow'],
    ['another resource', [allow('*', `${endpoint}2`)], 'ImplicitDeny'],
    [
      'the resource in another case',
      [allow('*', endpoint.toUpperCase().replace('ACS', 'acs'))],
      'ImplicitDeny',
    ],
    ['denied', [allow('*'), deny('privatelink:*', endpoint)], 'ExplicitDeny'],
    ['denied elsewhere', [allow('*'), deny('*', `${endpoint}2`)], 'Allow'],
    ['all but this', [{ Effect: 'Allow', NotAction: 'privatelink:*', Resource: '*' }], 'ImplicitDeny'],
    ['all but others', [{ Effect: 'Allow', NotAction: ['vpc:*'], Resource: '*' }], 'Allow'],
    ['not this resource', [allow('*'), { Effect: 'Deny', Action: '*', NotResource: endpoint }], 'Allow'],
    ['only others', [{ Effect: 'Allow', Action: '*', NotResource: endpoint }], 'ImplicitDeny'],
  ])('%s', (_, statements, decision) => {
    const policies = statements.map((statement) => policy(statement))
    expect(decide(policies, asked)).toBe(decision)
    expect(decide(policies.toReversed(), asked)).toBe(decision)
  })
})

describe('a statement with a condition', () => {
  const fromHome = { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }
  const decideFor = (statements: object[], address: string) =>
    decide([policy(...statements)], {
      action: 'vpc:DescribeVpcs',
      resource: endpoint,
      circumstances: { 'acs:SourceIp': address },
    })
  test.each([
    ['10.1.2.3', 'Allow', 'ExplicitDeny'],
    ['192.0.2.1', 'ImplicitDeny', 'Allow'],
  ])('counts only while it holds: %s', (address, allowed, denied) => {
    expect(decideFor([{ ...allow('*'), Condition: fromHome }], address)).toBe(allowed)
    expect(decideFor([allow('*'), { ...deny('*'), Condition: fromHome }], address)).toBe(denied)
  })
})

const word = fc.stringMatching(/^[a-z]{1,4}$/)
const action = fc.tuple(word, word).map((parts) => parts.join(':'))
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.array(
    fc.oneof(
      action,
      word.map((product) => `${product}:*`),
      fc.constant('*'),
    ),
    { minLength: 1 },
  ),
  Resource: fc.constantFrom('*', endpoint, 'acs:*:*:*:*'),
})
const policies = fc.array(fc.array(statement, { minLength: 1 }).map((all) => policy(...all)))

describe('properties', () => {
  test('one more Deny never allows more, one more Allow never less but for what is denied', () => {
    fc.assert(
      fc.property(policies, policies, action, (some, more, asked) => {
        const of = (all: readonly Policy[]) =>
          decide(all, { action: asked, resource: endpoint, circumstances: {} })
        const both = of([...some, ...more])
        const either = [of(some), of(more)]
        if (either.includes('ExplicitDeny')) expect(both).toBe('ExplicitDeny')
        else expect(both).toBe(either.includes('Allow') ? 'Allow' : 'ImplicitDeny')
      }),
    )
  })

  test('a wildcard fits what a regular expression made of it fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, text, (glob, given) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(fits(glob, given)).toBe(expression.test(given))
      }),
      { numRuns: 2000 },
    )
  })

  test('any text is a policy or has something wrong with it', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePolicy(text)))
  })
})

test('a pattern of stars takes no time', () => {
  const started = performance.now()
  expect(fits(`${'*a'.repeat(3000)}b`, 'a'.repeat(6000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1000)
})

test.each([
  ['', 'the document is not a JSON object'],
  ['[]', 'the document is not a JSON object'],
  ['{"Version":"2","Statement":[]}', 'Version must be "1"'],
  ['{"Version":"1","Statement":[]}', 'Statement must be a list with a statement'],
  ['{"Version":"1","Statement":[1]}', 'a statement is not a JSON object'],
  ['{"Version":"1","Statement":[{}],"Id":1}', 'the element Id is not known'],
])('%s is refused', (text, reason) => {
  expect(parsePolicy(text)).toBe(reason)
})

test.each([
  [{ ...allow('*'), Condition: {} }, 'Condition must be an object with operators'],
  [
    { ...allow('*'), Condition: { StringEquals: { 'sts:ExternalId': 'a' } } },
    'the condition key sts:ExternalId is not supported here',
  ],
  [{ ...allow('*'), Principal: {} }, 'the element Principal is not known'],
  [{ ...allow('*'), Effect: 'Maybe' }, 'Effect must be Allow or Deny'],
  [{ ...allow('*'), NotAction: '*' }, 'a statement has either Action or NotAction'],
  [{ Effect: 'Allow', Action: '*' }, 'a statement has either Resource or NotResource'],
  [allow([]), 'Action must be a text or a list of texts'],
  [allow('ecs'), 'Action cannot be ecs'],
  [allow('*', 'ep-1'), 'Resource cannot be ep-1'],
])('%j is refused', (statement_, reason) => {
  expect(parsePolicy(JSON.stringify({ Version: '1', Statement: [statement_] }))).toBe(reason)
})
