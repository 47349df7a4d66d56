/** Something on every page, made through the public API: two VPCs, connected, and what belongs to an account. */
import { webServer } from '../../console/src/pages/tours/web-server.ts'
import { until, type Account } from '../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../fixtures/topology.ts'

export interface Furnished {
  readonly vpc: string
  readonly group: string
  readonly instance: string
  readonly balancer: string
  readonly backends: readonly string[]
  readonly service: string
  readonly endpoint: string
  readonly user: string
}

export async function furnish(account: Account): Promise<Furnished> {
  const { call } = account
  const [near, far] = [await makeNetwork(account, 'VPC1'), await makeNetwork(account, 'VPC2')]
  const client = await makeNamed(account, near, 'ECS1')
  const backends = [await makeNamed(account, far, 'ECS2'), await makeNamed(account, far, 'ECS3')]
  const balancer = await makeBalancer(account, { ...far, backends })
  await call('Slb', 'SetLoadBalancerName', { LoadBalancerId: balancer, LoadBalancerName: 'clb' })
  await call('Slb', 'CreateVServerGroup', {
    LoadBalancerId: balancer,
    VServerGroupName: 'second',
    BackendServers: JSON.stringify([{ ServerId: backends[0], Port: 8080, Weight: 50 }]),
  })
  const service = await makeService(account, [{ balancer, zone }], true)
  await call('Privatelink', 'AddUserToVpcEndpointService', { ServiceId: service, UserId: '12345678' })
  const { endpoint } = await makeEndpoint(account, service, near, ['Connected'])
  await call('Privatelink', 'UpdateVpcEndpointAttribute', {
    EndpointId: endpoint,
    EndpointName: 'quickstart',
  })
  await call('Ram', 'CreateUser', { UserName: 'alice', DisplayName: 'Alice' })
  const rights = { UserName: 'alice', PolicyType: 'System', PolicyName: 'AdministratorAccess' }
  await call('Ram', 'AttachPolicyToUser', rights)
  await call('Ram', 'CreateAccessKey', { UserName: 'alice' })
  await call('Tag', 'TagResources', {
    ResourceARN: [`arn:acs:vpc:eu-central-1:${account.id}:vpc/${near.vpc}`],
    Tags: JSON.stringify({ env: 'test' }),
  })
  await call('ResourceManager', 'CreateResourceGroup', { Name: 'shop', DisplayName: 'Shop' })
  await until('the balancer’s servers to be healthy', async () => {
    const { BackendServers } = await call('Slb', 'DescribeHealthStatus', { LoadBalancerId: balancer })
    const servers = (BackendServers as { BackendServer: { ServerHealthStatus: string }[] }).BackendServer
    return servers.every(({ ServerHealthStatus }) => ServerHealthStatus === 'normal') || undefined
  })
  return {
    vpc: near.vpc,
    group: near.group,
    instance: client,
    balancer,
    backends,
    service,
    endpoint,
    user: 'alice',
  }
}

async function makeNetwork(account: Account, name: string): Promise<Consumer> {
  const network = await makeConsumer(account)
  await account.call('Vpc', 'ModifyVpcAttribute', { VpcId: network.vpc, VpcName: name })
  return network
}

async function makeNamed(account: Account, { vswitch, group }: Consumer, name: string): Promise<string> {
  const instance = await makeInstance(account, vswitch, group, name === 'ECS1' ? '' : webServer)
  await account.call('Ecs', 'ModifyInstanceAttribute', { InstanceId: instance, InstanceName: name })
  return instance
}
