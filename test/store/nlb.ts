/** An NLB of the scene's provider: in two zones, with a TCP listener on port 80 for ECS2. */
import { provider, type Scene } from './scene.ts'
import { textOf, zone } from './side.ts'

export const otherZone = 'eu-central-1a'

export interface Nlb {
  readonly id: string
  /** Its vSwitch in the other zone. */
  readonly vswitch: string
  readonly group: string
  readonly listener: string
}

export async function makeNlb(scene: Scene): Promise<Nlb> {
  const { of, vpc2 } = scene
  const vswitch = textOf(
    await of.call(provider, 'Vpc.CreateVSwitch', {
      VpcId: vpc2.vpc,
      ZoneId: otherZone,
      CidrBlock: '10.0.1.0/24',
    }),
    'VSwitchId',
  )
  await of.settle()
  const made = await of.call(provider, 'Nlb.CreateLoadBalancer', {
    LoadBalancerName: 'NLB1',
    AddressType: 'Intranet',
    VpcId: vpc2.vpc,
    'ZoneMappings.1.ZoneId': zone,
    'ZoneMappings.1.VSwitchId': vpc2.vswitch,
    'ZoneMappings.2.ZoneId': otherZone,
    'ZoneMappings.2.VSwitchId': vswitch,
  })
  const id = textOf(made, 'LoadbalancerId')
  const grouped = await of.call(provider, 'Nlb.CreateServerGroup', {
    ServerGroupName: 'web',
    VpcId: vpc2.vpc,
  })
  const group = textOf(grouped, 'ServerGroupId')
  await of.settle()
  await of.call(provider, 'Nlb.AddServersToServerGroup', {
    ServerGroupId: group,
    'Servers.1.ServerId': scene.ecs2,
    'Servers.1.ServerType': 'Ecs',
    'Servers.1.Port': 80,
  })
  const listening = await of.call(provider, 'Nlb.CreateListener', {
    LoadBalancerId: id,
    ListenerProtocol: 'TCP',
    ListenerPort: 80,
    ServerGroupId: group,
  })
  await of.settle()
  return { id, vswitch, group, listener: textOf(listening, 'ListenerId') }
}
