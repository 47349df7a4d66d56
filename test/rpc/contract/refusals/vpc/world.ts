/** What the tables of refusals start from: a network with one vSwitch, its owner, and somebody else. */
import { randomInt } from 'node:crypto'
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import type { Params } from '../../clients.ts'
import { intoDatabase, makeNetwork, makeParty, zone, type Network, type Party } from '../../stage.ts'
import type * as provoke from '../provoke.ts'

export type Provoke = provoke.Provoke<RefusalWorld>
export type Refusals = provoke.Refusals<RefusalWorld>

export interface RefusalWorld {
  readonly server: RunningServer
  readonly owner: Party
  /** Of what is not his he learns nothing. */
  readonly stranger: Party
  /** 10.0.0.0/16, with the vSwitch 10.0.0.0/24. */
  readonly network: Network
  /** The system route table of the network. */
  readonly systemTable: string
  /** In the vSwitch. */
  readonly instance: string
}

export async function makeWorld(server: RunningServer): Promise<RefusalWorld> {
  const owner = await makeParty(server, '12345678')
  const stranger = await makeParty(server, '87654321')
  const network = await makeNetwork(owner)
  const [systemTable = ''] = await tablesOf(owner, network.vpc)
  await owner.privatelink('OpenPrivateLinkService')
  const instance = await makeInstance(owner, network)
  return { server, owner, stranger, network, systemTable, instance }
}

async function makeInstance({ ecs }: Party, { vswitch, group }: Network): Promise<string> {
  const made = await ecs('RunInstances', {
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc1m1.small',
    VSwitchId: vswitch,
    SecurityGroupId: group,
  })
  return (made['InstanceIdSets'] as { readonly InstanceIdSet: readonly string[] }).InstanceIdSet[0] ?? ''
}

/** The owner asks, with these parameters. */
export const ask =
  (params: Params): Provoke =>
  ({ owner }) => [owner, params]

/** An account that has nothing yet. */
export async function newcomer({ server }: RefusalWorld): Promise<Party> {
  return await makeParty(server, String(randomInt(10 ** 9, 10 ** 10)))
}

/** From here on the agent reports nothing: what is asked for now stays on its way until the test is over. */
export function freeze({ server }: RefusalWorld): void {
  server.agent.pause()
}

/** A VPC that stays `Pending`. */
export async function pendingVpc(world: RefusalWorld): Promise<string> {
  freeze(world)
  return await emptyVpc(world.owner)
}

/** A vSwitch that stays `Pending`. */
export async function pendingVSwitch(world: RefusalWorld, CidrBlock: string): Promise<string> {
  freeze(world)
  const { owner, network } = world
  const made = await owner.vpc('CreateVSwitch', { VpcId: network.vpc, ZoneId: zone, CidrBlock })
  return String(made['VSwitchId'])
}

/** A VPC that may still be `Pending`. */
export async function emptyVpc({ vpc }: Party): Promise<string> {
  return String((await vpc('CreateVpc', { CidrBlock: '10.0.0.0/16' }))['VpcId'])
}

/** A VPC that is `Available`. */
export async function readyVpc({ owner, server }: RefusalWorld): Promise<string> {
  const made = await emptyVpc(owner)
  await server.settled()
  return made
}

/** A custom route table of the VPC. */
export async function makeTable({ vpc }: Party, VpcId: string): Promise<string> {
  return String((await vpc('CreateRouteTable', { VpcId }))['RouteTableId'])
}

/** The route tables of a VPC, the system one first. */
export async function tablesOf({ vpc }: Party, VpcId: string): Promise<readonly string[]> {
  const { RouterTableList } = await vpc('DescribeRouteTableList', { VpcId })
  const { RouterTableListType: tables } = RouterTableList as {
    readonly RouterTableListType: readonly { readonly RouteTableId: string }[]
  }
  return tables.map(({ RouteTableId }) => RouteTableId)
}

/** Puts rows into the database, as many as a quota allows: `n(i)` counts them. */
export function fill(
  { server }: RefusalWorld,
  count: number,
  sql: string,
  ...values: readonly string[]
): void {
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`
  intoDatabase(server, `${numbers} ${sql}`, ...values)
}
