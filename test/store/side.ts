/** What each side of a walkthrough builds, under one account's credentials. */
import type { Answer, Deployment, WireParams } from './call.ts'

export const zone = 'eu-central-1b'

export interface Network {
  readonly vpc: string
  readonly vswitch: string
  readonly group: string
}

export type Side = ReturnType<typeof side>

export function side(of: Deployment, account: string) {
  const call = (action: string, params?: WireParams) => of.call(account, action, params)
  return {
    account,
    call,

    async network(vpcBlock: string, vswitchBlock: string): Promise<Network> {
      const VpcId = textOf(await call('Vpc.CreateVpc', { CidrBlock: vpcBlock }), 'VpcId')
      await of.settle()
      const params = { VpcId, ZoneId: zone, CidrBlock: vswitchBlock }
      const vswitch = textOf(await call('Vpc.CreateVSwitch', params), 'VSwitchId')
      await of.settle()
      const group = textOf(await call('Ecs.CreateSecurityGroup', { VpcId }), 'SecurityGroupId')
      await call('Ecs.AuthorizeSecurityGroup', {
        SecurityGroupId: group,
        'Permissions.1.IpProtocol': 'tcp',
        'Permissions.1.PortRange': '80/80',
        'Permissions.1.SourceCidrIp': vpcBlock,
      })
      return { vpc: VpcId, vswitch, group }
    },

    async instance(network: Network, address: string): Promise<string> {
      const answer = await call('Ecs.RunInstances', {
        ImageId: 'postern_sandbox',
        InstanceType: 'ecs.t5-lc1m1.small',
        VSwitchId: network.vswitch,
        SecurityGroupId: network.group,
        PrivateIpAddress: address,
      })
      await of.settle()
      return (answer['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet[0] ?? ''
    },

    async loadBalancer(network: Network, servers: readonly string[]): Promise<string> {
      const LoadBalancerId = textOf(
        await call('Slb.CreateLoadBalancer', {
          VSwitchId: network.vswitch,
          LoadBalancerName: 'CLB1',
          LoadBalancerSpec: 'slb.s1.small',
          MasterZoneId: zone,
          SlaveZoneId: 'eu-central-1a',
        }),
        'LoadBalancerId',
      )
      const listener = { LoadBalancerId, ListenerPort: 80 }
      await call('Slb.CreateLoadBalancerTCPListener', { ...listener, BackendServerPort: 80, Bandwidth: -1 })
      await call('Slb.AddBackendServers', {
        LoadBalancerId,
        BackendServers: `[${servers.map((server) => `{'ServerId':'${server}','Weight':'100'}`).join(',')}]`,
      })
      await call('Slb.StartLoadBalancerListener', listener)
      await of.settle()
      return LoadBalancerId
    },

    /** An active service with this resource; PrivateLink must be open. */
    async service(loadBalancer: string): Promise<string> {
      const ServiceId = textOf(
        await call('Privatelink.CreateVpcEndpointService', {
          AutoAcceptEnabled: false,
          ZoneAffinityEnabled: true,
          ServiceDescription: 'test service',
        }),
        'ServiceId',
      )
      await of.settle()
      await call('Privatelink.AttachResourceToVpcEndpointService', {
        ServiceId,
        ResourceId: loadBalancer,
        ResourceType: 'slb',
        ZoneId: zone,
      })
      return ServiceId
    },

    async endpoint(network: Network, ServiceId: string): Promise<string> {
      const answer = await call('Privatelink.CreateVpcEndpoint', {
        VpcId: network.vpc,
        ServiceId,
        'SecurityGroupId.1': network.group,
        'Zone.1.ZoneId': zone,
        'Zone.1.VSwitchId': network.vswitch,
      })
      await of.settle()
      return textOf(answer, 'EndpointId')
    },
  }
}

export function textOf(answer: Answer, name: string): string {
  const value = answer[name]
  if (typeof value !== 'string') throw new Error(`${name} is not text in the answer`)
  return value
}
