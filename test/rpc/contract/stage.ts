/** Two accounts on a running server, and what they build for a test. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { vi } from 'vitest'
import type { Credentials, RunningServer } from '../../fixtures/running-server.ts'
import { client, versions, type Answer, type Call, type Family, type Protocol } from './clients.ts'

export const zone = 'eu-central-1b'
export const otherZone = 'eu-central-1a'

/** An account, with a client of each product. */
export interface Party extends Readonly<Record<keyof typeof versions, Call>> {
  readonly id: string
  readonly credentials: Credentials
}

export interface Network {
  readonly vpc: string
  readonly vswitch: string
  readonly group: string
}

export async function makeParty(server: RunningServer, id: string): Promise<Party> {
  return partyOf(server, await server.createAccount(id, `account ${id}`), 'tea-rpc', 'HTTP')
}

/** The same account through another kind of client. */
export function partyOf(
  server: RunningServer,
  credentials: Credentials,
  family: Family,
  protocol: Protocol,
): Party {
  const to = (version: string) => client(family, { server, credentials, version, protocol })
  return {
    id: credentials.AccountId,
    credentials,
    actiontrail: to(versions.actiontrail),
    bss: to(versions.bss),
    cms: to(versions.cms),
    ecs: to(versions.ecs),
    location: to(versions.location),
    nlb: to(versions.nlb),
    privatelink: to(versions.privatelink),
    ram: to(versions.ram),
    resourceManager: to(versions.resourceManager),
    slb: to(versions.slb),
    sts: to(versions.sts),
    tag: to(versions.tag),
    vpc: to(versions.vpc),
  }
}

export async function makeNetwork({ vpc, ecs }: Party): Promise<Network> {
  const made = await vpc('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = String(made['VpcId'])
  await until('Available', async () => (await vpc('DescribeVpcAttribute', { VpcId }))['Status'])
  const vswitch = await makeVSwitch({ vpc }, VpcId, '10.0.0.0/24')
  const group = String((await ecs('CreateSecurityGroup', { VpcId }))['SecurityGroupId'])
  return { vpc: VpcId, vswitch, group }
}

export async function makeVSwitch(
  { vpc }: Pick<Party, 'vpc'>,
  VpcId: string,
  CidrBlock: string,
  ZoneId = zone,
): Promise<string> {
  const VSwitchId = String((await vpc('CreateVSwitch', { VpcId, ZoneId, CidrBlock }))['VSwitchId'])
  await until('Available', async () => (await vpc('DescribeVSwitchAttributes', { VSwitchId }))['Status'])
  return VSwitchId
}

/** A running instance. */
export async function makeInstance({ ecs }: Party, { vswitch, group }: Network): Promise<string> {
  const made = await ecs('RunInstances', {
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc2m1.nano',
    VSwitchId: vswitch,
    SecurityGroupId: group,
  })
  const [InstanceId = ''] = (made['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet
  await until('Running', async () => (await ecs('DescribeInstanceAttribute', { InstanceId }))['Status'])
  return InstanceId
}

export async function makeBalancer({ slb }: Party, { vswitch }: Network, master = zone): Promise<string> {
  const made = await slb('CreateLoadBalancer', {
    VSwitchId: vswitch,
    LoadBalancerSpec: 'slb.s1.small',
    MasterZoneId: master,
    SlaveZoneId: master === zone ? otherZone : zone,
  })
  return String(made['LoadBalancerId'])
}

/** An active service with these resources; `others` are in its whitelist. */
export async function makeService(
  { privatelink }: Party,
  balancers: readonly string[],
  others: readonly Party[] = [],
  options: Answer = {},
): Promise<string> {
  const Resource = balancers.map((ResourceId) => ({ ResourceType: 'slb', ResourceId }))
  const made = await privatelink('CreateVpcEndpointService', { Resource, ...options })
  const ServiceId = String(made['ServiceId'])
  await serviceIs({ privatelink }, ServiceId, 'Active')
  for (const { id } of others) await privatelink('AddUserToVpcEndpointService', { ServiceId, UserId: id })
  return ServiceId
}

export async function serviceIs(
  { privatelink }: Pick<Party, 'privatelink'>,
  ServiceId: string,
  status: string,
): Promise<void> {
  const read = async () =>
    (await privatelink('GetVpcEndpointServiceAttribute', { ServiceId }))['ServiceStatus']
  await until(status, read)
}

/** An active endpoint, with a zone unless the network has no vSwitch for it. */
export async function makeEndpoint(
  { privatelink }: Party,
  ServiceId: string,
  network: Network,
  zones: readonly { readonly ZoneId: string; readonly VSwitchId: string }[] = [
    { ZoneId: zone, VSwitchId: network.vswitch },
  ],
): Promise<string> {
  const made = await privatelink('CreateVpcEndpoint', {
    ServiceId,
    VpcId: network.vpc,
    SecurityGroupId: [network.group],
    Zone: zones,
  })
  const EndpointId = String(made['EndpointId'])
  await endpointIs({ privatelink }, EndpointId, 'EndpointStatus', 'Active')
  return EndpointId
}

export async function endpointIs(
  { privatelink }: Pick<Party, 'privatelink'>,
  EndpointId: string,
  field: 'EndpointStatus' | 'ConnectionStatus',
  status: string,
): Promise<void> {
  await until(status, async () => (await privatelink('GetVpcEndpointAttribute', { EndpointId }))[field])
}

export async function zoneIs(
  { privatelink }: Pick<Party, 'privatelink'>,
  EndpointId: string,
  status: string | undefined,
): Promise<void> {
  await until(status, async () => {
    const answer = await privatelink('ListVpcEndpointZones', { EndpointId })
    return (answer['Zones'] as { ZoneStatus: string }[])[0]?.ZoneStatus
  })
}

/** For what no call can make quickly, or at all: writes into the server's own database, beside it. */
export function intoDatabase(server: RunningServer, sql: string, ...values: readonly string[]): void {
  const database = new DatabaseSync(join(server.state, 'postern.db'), { timeout: 5000 })
  try {
    database.prepare(sql).run(...values)
  } finally {
    database.close()
  }
}

async function until(status: string | undefined, read: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(
    async () => {
      const seen = await read()
      if (seen !== status) throw new Error(`is ${String(seen)}, not ${status}`)
    },
    { timeout: 5000, interval: 10 },
  )
}
