import type { Params } from '../../clients.ts'
import type { Provoke, Refusals } from './world.ts'

const assumes =
  (params: Params = {}): Provoke =>
  ({ user }) => [user, { RoleArn: `acs:ram::${user.id}:role/Reader`, RoleSessionName: 'session', ...params }]

export const stsRefusals: Refusals = {
  GetCallerIdentity: {},
  AssumeRole: {
    'EntityNotExist.Role': assumes({ RoleArn: 'acs:ram::12345678:role/None' }),
    'InvalidParameter.DurationSeconds': assumes({ DurationSeconds: 3601 }),
    'InvalidParameter.ExternalId': assumes({ ExternalId: '!' }),
    'InvalidParameter.PolicyGrammar': assumes({ Policy: '{"Version":"1","Statement":[]}' }),
    'InvalidParameter.PolicySize': assumes({ Policy: ' '.repeat(2049) }),
    'InvalidParameter.RoleArn': assumes({ RoleArn: 'acs:ram::12345678:user/alice' }),
    'InvalidParameter.RoleSessionName': assumes({ RoleSessionName: 'a b' }),
    NoPermission: assumes({ RoleArn: 'acs:ram::12345678:role/Closed' }),
  },
}
