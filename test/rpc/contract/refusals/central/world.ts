/** What the tables of the central products start from: an account with a VPC, a group and a role, and a user of it. */
import { expect } from 'vitest'
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import type { Params } from '../../clients.ts'
import type * as provoke from '../provoke.ts'
import { makeParty, partyOf, type Party } from '../../stage.ts'

export type Provoke = provoke.Provoke<CentralWorld>
export type Refusals = provoke.Refusals<CentralWorld>

export interface CentralWorld {
  readonly owner: Party
  /** A user who may do everything, trusted by the role Reader and not by the role Closed. */
  readonly user: Party
  /** Has as many resource groups as an account may have. */
  readonly full: Party
  readonly vpcArn: string
  /** Of the owner, with the VPC in it. */
  readonly group: string
}

export async function makeWorld(server: RunningServer): Promise<CentralWorld> {
  const owner = await makeParty(server, '12345678')
  const full = await makeParty(server, '87654321')
  const user = await makeUser(server, owner)
  for (const [RoleName, trusted] of [
    ['Reader', owner.id],
    ['Closed', full.id],
  ]) {
    const Principal = { RAM: `acs:ram::${trusted}:root` }
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }]
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement })
    await owner.ram('CreateRole', { RoleName, AssumeRolePolicyDocument })
  }
  const group = await makeGroup(owner, 'mine')
  const vpc = String((await owner.vpc('CreateVpc', { ResourceGroupId: group }))['VpcId'])
  for (let count = 1; count < 30; count += 1) await makeGroup(full, `group-${count}`)
  return { owner, user, full, vpcArn: `arn:acs:vpc:eu-central-1:${owner.id}:vpc/${vpc}`, group }
}

async function makeUser(server: RunningServer, owner: Party): Promise<Party> {
  const UserName = 'alice'
  await owner.ram('CreateUser', { UserName })
  const everything = { PolicyType: 'System', PolicyName: 'AdministratorAccess' }
  await owner.ram('AttachPolicyToUser', { ...everything, UserName })
  const { AccessKey } = await owner.ram('CreateAccessKey', { UserName })
  const key = AccessKey as { AccessKeyId: string; AccessKeySecret: string }
  return partyOf(server, { AccountId: owner.id, ...key }, 'tea-rpc', 'HTTP')
}

async function makeGroup({ resourceManager }: Party, Name: string): Promise<string> {
  const { ResourceGroup } = await resourceManager('CreateResourceGroup', { Name, DisplayName: Name })
  const { Id } = ResourceGroup as { Id: unknown }
  expect(Id).toMatch(/^rg-/)
  return String(Id)
}

/** The owner asks for this. */
export const asks =
  (params: Params): Provoke =>
  ({ owner }) => [owner, params]
