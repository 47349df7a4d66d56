/** The two walkthroughs as steps on the real pages: what to enter, where, and how to tell that it is done. */
import type { Paths } from '../../paths.ts'
import type { Topology } from '../overview/topology.ts'
import { webServer } from './web-server.ts'

export type TourName = 'same-account' | 'cross-account'
export type Side = 'consumer' | 'provider'
export type StepName =
  | 'vpc1'
  | 'vswitch1'
  | 'group1'
  | 'ecs1'
  | 'vpc2'
  | 'vswitch2'
  | 'group2'
  | 'ecs2'
  | 'ecs3'
  | 'balancer'
  | 'listener'
  | 'service'
  | 'whitelist'
  | 'endpoint'
  | 'allow'
  | 'open'

export interface Step {
  readonly name: StepName
  readonly side: Side
  readonly path: (paths: Paths, topology: Topology) => string
  /** Field of the page, by its name in the catalogue, and what to enter. */
  readonly values: readonly (readonly [FieldName, string])[]
  readonly done: (topology: Topology) => boolean
}

export type FieldName =
  | 'name'
  | 'block'
  | 'zone'
  | 'address'
  | 'userData'
  | 'rule'
  | 'port'
  | 'weights'
  | 'network'
  | 'account'
  | 'command'

interface Plan {
  readonly vpc2: string
  readonly vswitch2: string
  readonly ecs2: string
  readonly ecs3: string
}

const plans: Readonly<Record<TourName, Plan>> = {
  'same-account': {
    vpc2: '192.168.0.0/16',
    vswitch2: '192.168.20.0/24',
    ecs2: '192.168.20.200',
    ecs3: '192.168.20.201',
  },
  'cross-account': { vpc2: '10.0.0.0/16', vswitch2: '10.0.0.0/24', ecs2: '10.0.0.200', ecs3: '10.0.0.201' },
}

export function stepsOf(tour: TourName, providerAccount: string): readonly Step[] {
  const plan = plans[tour]
  const steps: readonly Step[] = [
    {
      name: 'vpc1',
      side: 'consumer',
      path: (paths) => paths.vpcs,
      values: [
        ['name', 'VPC1'],
        ['block', '10.0.0.0/16'],
      ],
      done: (all) => hasVpc(all, 'VPC1'),
    },
    {
      name: 'vswitch1',
      side: 'consumer',
      path: (paths) => paths.vswitches,
      values: [
        ['network', 'VPC1'],
        ['zone', 'B'],
        ['block', '10.0.0.0/24'],
      ],
      done: (all) => hasVSwitch(all, 'VPC1'),
    },
    {
      name: 'group1',
      side: 'consumer',
      path: (paths) => paths.securityGroups,
      values: [
        ['network', 'VPC1'],
        ['rule', 'TCP 80/80 ← 0.0.0.0/0'],
      ],
      done: (all) => all.endpoints.length > 0 || hasInstance(all, 'ECS1'),
    },
    {
      name: 'ecs1',
      side: 'consumer',
      path: (paths) => paths.createInstance,
      values: [
        ['name', 'ECS1'],
        ['network', 'VPC1'],
        ['address', '10.0.0.182'],
      ],
      done: (all) => hasInstance(all, 'ECS1'),
    },
    {
      name: 'vpc2',
      side: 'provider',
      path: (paths) => paths.vpcs,
      values: [
        ['name', 'VPC2'],
        ['block', plan.vpc2],
      ],
      done: (all) => hasVpc(all, 'VPC2'),
    },
    {
      name: 'vswitch2',
      side: 'provider',
      path: (paths) => paths.vswitches,
      values: [
        ['network', 'VPC2'],
        ['zone', 'B'],
        ['block', plan.vswitch2],
      ],
      done: (all) => hasVSwitch(all, 'VPC2'),
    },
    {
      name: 'group2',
      side: 'provider',
      path: (paths) => paths.securityGroups,
      values: [
        ['network', 'VPC2'],
        ['rule', 'TCP 80/80 ← 0.0.0.0/0'],
      ],
      done: (all) => hasInstance(all, 'ECS2'),
    },
    {
      name: 'ecs2',
      side: 'provider',
      path: (paths) => paths.createInstance,
      values: [
        ['name', 'ECS2'],
        ['network', 'VPC2'],
        ['address', plan.ecs2],
        ['userData', webServer],
      ],
      done: (all) => hasInstance(all, 'ECS2'),
    },
    {
      name: 'ecs3',
      side: 'provider',
      path: (paths) => paths.createInstance,
      values: [
        ['name', 'ECS3'],
        ['network', 'VPC2'],
        ['address', plan.ecs3],
        ['userData', webServer],
      ],
      done: (all) => hasInstance(all, 'ECS3'),
    },
    {
      name: 'balancer',
      side: 'provider',
      path: (paths) => paths.createLoadBalancer,
      values: [
        ['zone', 'B'],
        ['network', 'VPC2'],
      ],
      done: ({ balancers }) => balancers.length > 0,
    },
    {
      name: 'listener',
      side: 'provider',
      path: (paths, { balancers }) =>
        balancers[0] ? paths.createListener(balancers[0].LoadBalancerId) : paths.loadBalancers,
      values: [
        ['port', '80'],
        ['weights', 'ECS2 100, ECS3 100'],
      ],
      done: ({ health }) => [...health.values()].some((servers) => servers.length >= 2),
    },
    {
      name: 'service',
      side: 'provider',
      path: (paths) => paths.createService,
      values: [['zone', 'B']],
      done: ({ services }) => services.length > 0,
    },
    {
      name: 'whitelist',
      side: 'provider',
      path: (paths, { services }) =>
        services[0] ? `${paths.service(services[0].ServiceId)}?tab=whitelist` : paths.services,
      values: [['account', tour === 'cross-account' ? '12345678' : providerAccount]],
      done: ({ connections }) => connections.length > 0,
    },
    {
      name: 'endpoint',
      side: 'consumer',
      path: (paths) => paths.createEndpoint,
      values: [
        ['network', 'VPC1'],
        ['zone', 'B'],
      ],
      done: ({ endpoints }) => endpoints.length > 0,
    },
    {
      name: 'allow',
      side: 'provider',
      path: (paths, { services }) =>
        services[0] ? `${paths.service(services[0].ServiceId)}?tab=connections` : paths.services,
      values: [],
      done: ({ connections }) => connections.some(({ ConnectionStatus }) => ConnectionStatus === 'Connected'),
    },
    {
      name: 'open',
      side: 'consumer',
      path: (paths, { instances }) => {
        const client = instances.find(({ InstanceName }) => InstanceName === 'ECS1')
        return client ? paths.instance(client.InstanceId) : paths.instances
      },
      values: [['command', 'curl http://']],
      done: () => false,
    },
  ]
  return tour === 'cross-account' ? steps : steps.filter(({ name }) => name !== 'whitelist')
}

function hasVpc({ vpcs }: Topology, name: string): boolean {
  return vpcs.some(({ VpcName }) => VpcName === name)
}

function hasVSwitch({ vpcs }: Topology, name: string): boolean {
  return vpcs.some(({ VpcName, VSwitchIds }) => VpcName === name && VSwitchIds.VSwitchId.length > 0)
}

function hasInstance({ instances }: Topology, name: string): boolean {
  return instances.some(({ InstanceName }) => InstanceName === name)
}
