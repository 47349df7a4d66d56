/** What the tables of refusals of Ecs start from, and ways to put more beside it. */
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import { refusalOf, type Answer, type Params } from '../../clients.ts'
import {
  makeBalancer,
  makeEndpoint,
  makeNetwork,
  makeParty,
  makeService,
  makeVSwitch,
  partyOf,
  otherZone,
  zone,
  type Network,
  type Party,
} from '../../stage.ts'
import type * as provoke from '../provoke.ts'

export type Provoke = provoke.Provoke<EcsWorld>
export type Refusals = provoke.Refusals<EcsWorld>

export interface EcsWorld {
  readonly server: RunningServer
  readonly owner: Party
  readonly network: Network
  /** Another VPC of the owner. */
  readonly elsewhere: Network
  /** Of the owner's first VPC, in another zone. */
  readonly otherVSwitch: string
  readonly enterpriseGroup: string
  readonly instance: string
  /** The interface that the instance has from the start. */
  readonly primary: string
  /** The interface of an endpoint. */
  readonly managed: string
  readonly list: string
  /** Has as many of everything as the quotas allow. */
  readonly hoarder: Party
  readonly hoard: Network
  /** Has as many interfaces as the quota allows, and few instances. */
  readonly collector: Party
  readonly collection: Network
}

export async function makeEcsWorld(server: RunningServer): Promise<EcsWorld> {
  const owner = await makeParty(server, '87654321')
  const network = await makeNetwork(owner)
  const elsewhere = await makeNetwork(owner)
  const otherVSwitch = await makeVSwitch(owner, network.vpc, '10.0.1.0/24', otherZone)
  const enterpriseGroup = await makeGroup(owner, network, 'enterprise')
  const instance = await makeInstance(owner, network)
  const primary = await primaryOf(owner, instance)
  const managed = await managedInterface(owner, network)
  const list = await makeList(owner, ['192.168.0.0/16'])
  const hoarder = await makeParty(server, '12345678')
  const hoard = await makeNetwork(hoarder)
  await makeInstance(hoarder, hoard)
  await makeList(hoarder, [])
  const collector = await makeParty(server, '55555555')
  const collection = await makeNetwork(collector)
  await makeInstance(collector, collection)
  multiply(server, collector.id, 'eni')
  await hoarder.ecs('ImportKeyPair', { KeyPairName: 'pair', PublicKeyBody: publicKey })
  for (const table of ['security_group', 'instance', 'eni', 'prefix_list', 'key_pair'])
    multiply(server, hoarder.id, table)
  return {
    server,
    owner,
    network,
    elsewhere,
    otherVSwitch,
    enterpriseGroup,
    instance,
    primary,
    managed,
    list,
    hoarder,
    hoard,
    collector,
    collection,
  }
}

/** The public half of a key pair that nobody needs. */
export const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMfrk3nrtr1zvOmWHSJEvpKbNfEBCCBKbVdiEXRkuKyf a comment'

export const runParams = (network: Network): Params => ({
  ImageId: 'postern_sandbox',
  InstanceType: 'ecs.t5-lc2m1.nano',
  VSwitchId: network.vswitch,
  SecurityGroupId: network.group,
})

/** A running instance. */
export async function makeInstance(party: Party, network: Network, params: Params = {}): Promise<string> {
  const made = await party.ecs('RunInstances', { ...runParams(network), ...params })
  const [id = ''] = (made['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet
  await instanceIs(party, id, 'Running')
  return id
}

export async function instanceIs({ ecs }: Party, InstanceId: string, status: string): Promise<void> {
  await until(status, async () => {
    const answer = await ecs('DescribeInstanceStatus', { InstanceId: [InstanceId] })
    return (answer['InstanceStatuses'] as { InstanceStatus: { Status: string }[] }).InstanceStatus[0]?.Status
  })
}

/** A role that trusts the service `<service>.aliyuncs.com`. */
export async function makeRole({ ram }: Party, service: string): Promise<string> {
  const RoleName = `${service}-${randomUUID()}`
  const Principal = { Service: [`${service}.aliyuncs.com`] }
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }]
  await ram('CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '1', Statement }) })
  return RoleName
}

/** A user of the owner, who may do this and nothing else, is refused. */
export const byUser =
  (Action: string, params: (world: EcsWorld) => Promise<Params>): Provoke =>
  async (world) => {
    const { owner, server } = world
    const UserName = randomUUID()
    const policy = { PolicyName: `may-${UserName}`, PolicyType: 'Custom' }
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }]
    await owner.ram('CreateUser', { UserName })
    await owner.ram('CreatePolicy', {
      ...policy,
      PolicyDocument: JSON.stringify({ Version: '1', Statement }),
    })
    await owner.ram('AttachPolicyToUser', { ...policy, UserName })
    const { AccessKey } = await owner.ram('CreateAccessKey', { UserName })
    const keys = AccessKey as { AccessKeyId: string; AccessKeySecret: string }
    const user = partyOf(server, { AccountId: owner.id, ...keys }, 'tea-rpc', 'HTTP')
    return [user, await params(world)]
  }

/** Asks for an interface of the network; it is nobody's. */
export async function makeInterface({ ecs }: Party, { vswitch, group }: Network): Promise<string> {
  const made = await ecs('CreateNetworkInterface', { VSwitchId: vswitch, SecurityGroupId: group })
  return String(made['NetworkInterfaceId'])
}

export async function makeGroup(
  { ecs }: Party,
  { vpc }: Network,
  SecurityGroupType: 'normal' | 'enterprise' = 'normal',
): Promise<string> {
  return String((await ecs('CreateSecurityGroup', { VpcId: vpc, SecurityGroupType }))['SecurityGroupId'])
}

export async function makeList({ ecs }: Party, blocks: readonly string[], MaxEntries = 10): Promise<string> {
  const Entry = blocks.map((Cidr) => ({ Cidr }))
  const params = { PrefixListName: 'list', AddressFamily: 'IPv4', MaxEntries, Entry }
  return String((await ecs('CreatePrefixList', params))['PrefixListId'])
}

/** Rules of a group in one direction. */
export async function rulesOf({ ecs }: Party, SecurityGroupId: string, Direction: string): Promise<string[]> {
  const answer = await ecs('DescribeSecurityGroupAttribute', { SecurityGroupId, Direction })
  const { Permission } = answer['Permissions'] as { Permission: { SecurityGroupRuleId: string }[] }
  return Permission.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)
}

/** A vSwitch whose addresses are all taken. */
export async function fullVSwitch({ owner, network }: EcsWorld, block: string): Promise<string> {
  const vswitch = await makeVSwitch(owner, network.vpc, block)
  for (;;) {
    if (await refusalOf(makeInterface(owner, { ...network, vswitch }))) return vswitch
  }
}

/** A vSwitch that stays `Pending`: from here on the agent reports nothing until the test is over. */
export async function pendingVSwitch(
  { server, owner, network }: EcsWorld,
  CidrBlock: string,
): Promise<string> {
  server.agent.pause()
  const params = { VpcId: network.vpc, ZoneId: zone, CidrBlock }
  return String((await owner.vpc('CreateVSwitch', params))['VSwitchId'])
}

async function primaryOf({ ecs }: Party, InstanceId: string): Promise<string> {
  return interfaceIn(await ecs('DescribeNetworkInterfaces', { InstanceId, Type: 'Primary' }))
}

async function managedInterface(party: Party, network: Network): Promise<string> {
  await party.privatelink('OpenPrivateLinkService')
  const service = await makeService(party, [await makeBalancer(party, network)])
  await makeEndpoint(party, service, network)
  return interfaceIn(await party.ecs('DescribeNetworkInterfaces', { ServiceManaged: true }))
}

function interfaceIn(answer: Answer): string {
  const sets = answer['NetworkInterfaceSets'] as { NetworkInterfaceSet: { NetworkInterfaceId: string }[] }
  return sets.NetworkInterfaceSet[0]?.NetworkInterfaceId ?? ''
}

/** What no two rows have in common, made of the number `i`; nobody holds an interface. */
const varied: Readonly<Record<string, string>> = {
  id: `id || '-' || i`,
  name: `name || '-' || i`,
  uid: 'uid + 1000 + i',
  address: `'10.9.' || (i / 250) || '.' || (i % 250)`,
  instance_id: 'null',
}

/** Puts 500 more rows like the account's first one into a table, which is beyond each quota. */
function multiply(server: RunningServer, account: string, table: string): void {
  using database = new DatabaseSync(join(server.state, 'postern.db'), { timeout: 5000 })
  const columns = database
    .prepare('select name from pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name))
  const values = columns.map((name) => varied[name] ?? name)
  database
    .prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)
       insert into ${table} (${columns.join()})
       select ${values.join()} from (select * from ${table} where account_id = ? limit 1), n`,
    )
    .run(account)
}

async function until(status: string, read: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(
    async () => {
      const seen = await read()
      if (seen !== status) throw new Error(`is ${String(seen)}, not ${status}`)
    },
    { timeout: 5000, interval: 10 },
  )
}
