/** What RAM's tables of refusals start from: one of each kind of identity, all with one policy, and an account that is full. */
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import type { Params } from '../../clients.ts'
import type * as provoke from '../provoke.ts'
import { intoDatabase, makeParty, partyOf, type Party } from '../../stage.ts'

export type Provoke = provoke.Provoke<RamWorld>
export type Refusals = provoke.Refusals<RamWorld>

export interface RamWorld {
  readonly server: RunningServer
  /**
   * Has the users alice, bob (with a password), carol and idle (without anything), the groups staff (of alice) and board, the roles Guest and Idle, and the
   * policies own (of alice, bob, carol, staff and Guest) and spare.
   */
  readonly owner: Party
  /** Users of the owner's who may do everything; carol has no password. */
  readonly bob: Party
  readonly carol: Party
  /** Has as many users, groups, roles and policies as an account may have. */
  readonly full: Party
}

export const allowAll = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
export const trustOf = (account: string) =>
  `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::${account}:root"}}]}`
export const password = 'Example_1234'
export const own = { PolicyType: 'Custom', PolicyName: 'own' }
export const spare = { PolicyType: 'Custom', PolicyName: 'spare' }

export async function makeWorld(server: RunningServer): Promise<RamWorld> {
  const owner = await makeParty(server, '12345678')
  const full = await makeParty(server, '87654321')
  const { ram } = owner
  for (const UserName of ['alice', 'bob', 'carol', 'idle']) await ram('CreateUser', { UserName })
  for (const GroupName of ['staff', 'board']) await ram('CreateGroup', { GroupName })
  for (const RoleName of ['Guest', 'Idle']) {
    await ram('CreateRole', { RoleName, AssumeRolePolicyDocument: trustOf(owner.id) })
  }
  for (const PolicyName of ['own', 'spare'])
    await ram('CreatePolicy', { PolicyName, PolicyDocument: allowAll })
  await ram('AddUserToGroup', { UserName: 'alice', GroupName: 'staff' })
  for (const UserName of ['alice', 'bob', 'carol']) await ram('AttachPolicyToUser', { ...own, UserName })
  await ram('AttachPolicyToGroup', { ...own, GroupName: 'staff' })
  await ram('AttachPolicyToRole', { ...own, RoleName: 'Guest' })
  await ram('CreateLoginProfile', { UserName: 'bob', Password: password })
  fill(server, full.id)
  const [bob, carol] = [await asUser(server, owner, 'bob'), await asUser(server, owner, 'carol')]
  return { server, owner, bob, carol, full }
}

async function asUser(server: RunningServer, owner: Party, UserName: string): Promise<Party> {
  const { AccessKey } = (await owner.ram('CreateAccessKey', { UserName })) as {
    AccessKey: { AccessKeyId: string; AccessKeySecret: string }
  }
  return partyOf(server, { AccountId: owner.id, ...AccessKey }, 'tea-rpc', 'HTTP')
}

/** By calls it would take minutes. */
function fill(server: RunningServer, account: string): void {
  const rows = (count: number) =>
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})`
  const at = `'2026-01-01T00:00:00.000Z'`
  const insert = (into: string, count: number, values: string) =>
    intoDatabase(server, `insert into ${into} ${rows(count)} select ${values} from n`, account)
  insert(
    'ram_user (id, account_id, name, created_at, updated_at, display_name, mobile_phone, email, comments)',
    1000,
    `'2' || (? || printf('%05d', i)), ${account}, 'user-' || i, ${at}, ${at}, '', '', '', ''`,
  )
  insert(
    'ram_group (id, account_id, name, created_at, updated_at, comments)',
    50,
    `'g-' || ? || i, ${account}, 'group-' || i, ${at}, ${at}, ''`,
  )
  insert(
    'ram_role (id, account_id, name, created_at, updated_at, description, trust_policy)',
    1000,
    `'3' || (? || printf('%05d', i)), ${account}, 'role-' || i, ${at}, ${at}, '', ''`,
  )
  insert(
    'ram_policy (account_id, name, description, default_version, last_version, created_at, updated_at)',
    1500,
    `?, 'policy-' || i, '', 1, 1, ${at}, ${at}`,
  )
  insert(
    'ram_policy_version (account_id, policy_name, version, document, created_at)',
    1500,
    `?, 'policy-' || i, 1, '{}', ${at}`,
  )
}

/** The owner asks for this. */
export const asks =
  (params: Params): Provoke =>
  ({ owner }) => [owner, params]

/** The codes that every name can be refused with. */
export function names(parameter: string, params: Params): Readonly<Record<string, Provoke>> {
  return {
    [`InvalidParameter.${parameter}.InvalidChars`]: asks({ ...params, [parameter]: 'a/b' }),
    [`InvalidParameter.${parameter}.Length`]: asks({ ...params, [parameter]: 'x'.repeat(129) }),
  }
}
