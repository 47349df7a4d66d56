import { expect, test } from 'vitest'
import type { AccountId } from '../model/ids.ts'
import { callerOf } from './caller.ts'

test.each([
  [{ kind: 'account' }, 'acs:ram::12345678:root'],
  [{ kind: 'user', id: '2001', name: 'alice' }, 'acs:ram::12345678:user/alice'],
  [{ kind: 'role', id: '3001', name: 'Reader', session: 'ci' }, 'acs:ram::12345678:assumed-role/Reader/ci'],
] as const)('%j is named by its ARN', (principal, arn) => {
  expect(callerOf('12345678' as AccountId, principal, 'LTAI1').arn).toBe(arn)
})
