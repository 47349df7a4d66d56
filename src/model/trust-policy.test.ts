import { expect, test } from 'vitest'
import { parseTrustPolicy, trusts } from './trust-policy.ts'

const root = 'acs:ram::12345678:root'
const alice = 'acs:ram::12345678:user/alice'
const statement = (RAM: unknown, Effect = 'Allow') => ({
  Effect,
  Action: 'sts:AssumeRole',
  Principal: { RAM },
})
const document = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement })

test.each([
  ['the whole account', [statement(root)], true],
  ['the user', [statement([alice])], true],
  ['another user', [statement('acs:ram::12345678:user/bob')], false],
  ['another account', [statement('acs:ram::87654321:root')], false],
  ['the account but not the user', [statement(root), statement(alice, 'Deny')], false],
])('%s', (_, statements, trusted) => {
  const trust = parseTrustPolicy(document(...statements))
  if (typeof trust === 'string') throw new Error(trust)
  expect(trusts(trust, [root, alice], {})).toBe(trusted)
})

test.each([
  [{ 'sts:ExternalId': 'shared' }, true],
  [{ 'sts:ExternalId': 'other' }, false],
  [{}, false],
])('under a condition, knowing %j', (known, trusted) => {
  const Condition = { StringEquals: { 'sts:ExternalId': 'shared' } }
  const trust = parseTrustPolicy(document({ ...statement(root), Condition }))
  if (typeof trust === 'string') throw new Error(trust)
  expect(trusts(trust, [root], known)).toBe(trusted)
})

test.each(['ecs.aliyuncs.com', ['fc.aliyuncs.com', 'ecs.aliyuncs.com']])('the service %j', (Service) => {
  const trust = parseTrustPolicy(document({ ...statement(root), Principal: { RAM: alice, Service } }))
  if (typeof trust === 'string') throw new Error(trust)
  expect(trusts(trust, ['ecs.aliyuncs.com'], {})).toBe(true)
  expect(trusts(trust, ['slb.aliyuncs.com'], {})).toBe(false)
  expect(trusts(trust, [alice], {})).toBe(true)
})

test.each([
  [
    { ...statement(root), Principal: { Federated: 'acs:ram::12345678:saml-provider/idp' } },
    'a Principal of the kind Federated is not supported',
  ],
  [{ ...statement(root), Action: 'ecs:*' }, 'Action must be sts:AssumeRole'],
  [{ ...statement(root), Condition: {} }, 'Condition must be an object with operators'],
  [statement('*'), 'Principal.RAM cannot be *'],
  [{ ...statement(root), Principal: { Service: 'ecs' } }, 'Principal.Service cannot be ecs'],
  [{ ...statement(root), Principal: {} }, 'Principal must name somebody'],
  [statement([]), 'Principal.RAM must be a text or a list of texts'],
])('%j is refused', (value, reason) => {
  expect(parseTrustPolicy(document(value))).toBe(reason)
})
