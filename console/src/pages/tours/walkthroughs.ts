/** The two walkthroughs as steps on the real pages: what is filled in where, and how the API shows that it is done. */
import type { Paths } from '../../paths.ts'
import { suggesting, type Suggestion } from '../../ui/suggestion.ts'
import type { Side, TourName } from './tour-state.ts'
import { webServer } from './web-server.ts'
import { groupIn, instanceNamed, vpcNamed, vswitchIn, type World } from './world.ts'

export type StepName =
  | 'vpc1'
  | 'vswitch1'
  | 'group1'
  | 'rule1'
  | 'ecs1'
  | 'vpc2'
  | 'vswitch2'
  | 'group2'
  | 'rule2'
  | 'ecs2'
  | 'ecs3'
  | 'balancer'
  | 'listener'
  | 'service'
  | 'whitelist'
  | 'endpoint'
  | 'allow'
  | 'open'

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
  | 'service'
  | 'resource'
  | 'group'

export interface Step {
  readonly name: StepName
  readonly side: Side
  /** Where it is done, with the form filled in. */
  readonly path: (paths: Paths, world: World) => string
  /** Whether a form is filled in there. */
  readonly fills: boolean
  /** What is entered, to read and to copy. */
  readonly values: (world: World) => readonly (readonly [FieldName, string])[]
  readonly done: (world: World) => boolean
}

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

/** `consumer` is the account that plays that side, where it is known. */
export function stepsOf(tour: TourName, consumer: string | undefined): readonly Step[] {
  const plan = plans[tour]
  return [
    vpcStep('vpc1', 'consumer', 'VPC1', '10.0.0.0/16'),
    vswitchStep('vswitch1', 'consumer', 'VPC1', 'vsw1', '10.0.0.0/24'),
    groupStep('group1', 'consumer', 'VPC1', 'clients'),
    ruleStep('rule1', 'consumer', 'VPC1'),
    instanceStep('ecs1', 'consumer', 'ECS1', 'VPC1', '10.0.0.182', ''),
    vpcStep('vpc2', 'provider', 'VPC2', plan.vpc2),
    vswitchStep('vswitch2', 'provider', 'VPC2', 'vsw2', plan.vswitch2),
    groupStep('group2', 'provider', 'VPC2', 'backends'),
    ruleStep('rule2', 'provider', 'VPC2'),
    instanceStep('ecs2', 'provider', 'ECS2', 'VPC2', plan.ecs2, webServer),
    instanceStep('ecs3', 'provider', 'ECS3', 'VPC2', plan.ecs3, webServer),
    balancerStep,
    listenerStep,
    serviceStep,
    ...(tour === 'cross-account' ? [whitelistStep(consumer)] : []),
    endpointStep(tour),
    allowStep,
    openStep,
  ]
}

/** Without what is not there yet. */
function given(values: Suggestion): Suggestion {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function vpcStep(name: StepName, side: Side, vpc: string, block: string): Step {
  return {
    name,
    side,
    fills: true,
    path: (paths) => suggesting(paths.vpcs, { VpcName: vpc, CidrBlock: block }, 'vpc'),
    values: () => [
      ['name', vpc],
      ['block', block],
    ],
    done: (world) => vpcNamed(world, vpc) !== undefined,
  }
}

function vswitchStep(step: StepName, side: Side, vpc: string, name: string, block: string): Step {
  return {
    name: step,
    side,
    fills: true,
    path: (paths, world) => {
      const VpcId = vpcNamed(world, vpc)?.VpcId
      const values = given({ VpcId, VSwitchName: name, ZoneId: world.zone, CidrBlock: block })
      return suggesting(paths.vswitches, values, 'vswitch')
    },
    values: ({ zone }) => [
      ['network', vpc],
      ['zone', zone],
      ['block', block],
    ],
    done: (world) => vswitchIn(world, vpc) !== undefined,
  }
}

function groupStep(step: StepName, side: Side, vpc: string, name: string): Step {
  return {
    name: step,
    side,
    fills: true,
    path: (paths, world) => {
      const values = given({ VpcId: vpcNamed(world, vpc)?.VpcId, SecurityGroupName: name })
      return suggesting(paths.securityGroups, values, 'group')
    },
    values: () => [
      ['name', name],
      ['network', vpc],
    ],
    done: (world) => groupIn(world, vpc) !== undefined,
  }
}

function ruleStep(step: StepName, side: Side, vpc: string): Step {
  return {
    name: step,
    side,
    fills: true,
    path: (paths, world) => {
      const group = groupIn(world, vpc)
      const rule = { IpProtocol: 'TCP', PortRange: '80/80', Policy: 'accept', peer: '0.0.0.0/0' }
      return group
        ? suggesting(paths.securityGroup(group.SecurityGroupId), rule, 'ingress-rule')
        : paths.securityGroups
    },
    values: () => [['rule', 'TCP 80/80 ← 0.0.0.0/0']],
    done: (world) => (groupIn(world, vpc)?.RuleCount ?? 0) > 0,
  }
}

function instanceStep(
  step: StepName,
  side: Side,
  name: string,
  vpc: string,
  address: string,
  userData: string,
): Step {
  return {
    name: step,
    side,
    fills: true,
    path: (paths, world) => {
      const group = groupIn(world, vpc)?.SecurityGroupId
      const values = given({
        InstanceName: name,
        VpcId: vpcNamed(world, vpc)?.VpcId,
        VSwitchId: vswitchIn(world, vpc),
        SecurityGroupIds: group === undefined ? undefined : [group],
        PrivateIpAddress: address,
        userData: userData || undefined,
      })
      return suggesting(paths.createInstance, values)
    },
    values: () => [
      ['name', name],
      ['network', vpc],
      ['address', address],
      ...(userData === '' ? [] : [['userData', userData] as const]),
    ],
    done: (world) => instanceNamed(world, name)?.Status === 'Running',
  }
}

const balancerStep: Step = {
  name: 'balancer',
  side: 'provider',
  fills: true,
  path: (paths, world) =>
    suggesting(
      paths.createLoadBalancer,
      given({
        LoadBalancerName: 'clb',
        MasterZoneId: world.zone,
        VpcId: vpcNamed(world, 'VPC2')?.VpcId,
        VSwitchId: vswitchIn(world, 'VPC2'),
      }),
    ),
  values: ({ zone }) => [
    ['name', 'clb'],
    ['zone', zone],
    ['network', 'VPC2'],
  ],
  done: ({ balancers }) => balancers.length > 0,
}

const listenerStep: Step = {
  name: 'listener',
  side: 'provider',
  fills: true,
  path: (paths, world) => {
    const [balancer] = world.balancers
    if (!balancer) return paths.loadBalancers
    const servers = ['ECS2', 'ECS3'].flatMap((name) => instanceNamed(world, name)?.InstanceId ?? [])
    const weights = Object.fromEntries(servers.map((id) => [id, 100]))
    const values = { ListenerPort: 80, BackendServerPort: 80, weights }
    return suggesting(paths.createListener(balancer.LoadBalancerId), values)
  },
  values: () => [
    ['port', '80'],
    ['weights', 'ECS2 100, ECS3 100'],
  ],
  done: ({ health }) =>
    [...health.values()].some(
      (servers) => servers.filter((one) => one.ServerHealthStatus === 'normal').length >= 2,
    ),
}

const serviceStep: Step = {
  name: 'service',
  side: 'provider',
  fills: true,
  path: (paths, { zone, balancers }) =>
    suggesting(
      paths.createService,
      given({ ZoneId: zone, resource: balancers[0]?.LoadBalancerId, AutoAcceptEnabled: false }),
    ),
  values: ({ zone, balancers }) => [
    ['zone', zone],
    ['resource', balancers[0]?.LoadBalancerId ?? 'clb'],
  ],
  done: ({ services }) => services.some(({ ServiceStatus }) => ServiceStatus === 'Active'),
}

function whitelistStep(consumer: string | undefined): Step {
  return {
    name: 'whitelist',
    side: 'provider',
    fills: consumer !== undefined,
    path: (paths, { services }) => {
      const [service] = services
      if (!service) return paths.services
      const path = `${paths.service(service.ServiceId)}?tab=whitelist`
      return suggesting(path, given({ UserId: consumer }), 'user')
    },
    values: () => (consumer === undefined ? [] : [['account', consumer]]),
    done: ({ users }) => users > 1,
  }
}

function endpointStep(tour: TourName): Step {
  return {
    name: 'endpoint',
    side: 'consumer',
    fills: true,
    path: (paths, world) => {
      const group = groupIn(world, 'VPC1')?.SecurityGroupId
      const values = given({
        EndpointName: tour === 'same-account' ? 'quickstart' : 'cross-account',
        VpcId: vpcNamed(world, 'VPC1')?.VpcId,
        SecurityGroupId: group === undefined ? undefined : [group],
        zones: [given({ ZoneId: world.zone, VSwitchId: vswitchIn(world, 'VPC1') })],
      })
      return suggesting(paths.createEndpoint, values)
    },
    values: ({ zone }) => [
      ['network', 'VPC1'],
      ['zone', zone],
    ],
    done: ({ endpoints }) => endpoints.length > 0,
  }
}

const allowStep: Step = {
  name: 'allow',
  side: 'provider',
  fills: false,
  path: (paths, { services }) =>
    services[0] ? `${paths.service(services[0].ServiceId)}?tab=connections` : paths.services,
  values: () => [],
  done: ({ connections }) => connections.some(({ ConnectionStatus }) => ConnectionStatus === 'Connected'),
}

const openStep: Step = {
  name: 'open',
  side: 'consumer',
  fills: false,
  path: (paths, world) => {
    const client = instanceNamed(world, 'ECS1')
    return client ? `${paths.instance(client.InstanceId)}?tab=shell` : paths.instances
  },
  values: ({ endpoints }) => [['command', `curl http://${endpoints[0]?.EndpointDomain ?? ''}/`]],
  done: ({ endpoints, traffic }) =>
    endpoints.some(({ EndpointId }) => {
      const flow = traffic.get(EndpointId)
      return flow !== undefined && flow.inBytes > 0 && flow.outBytes > 0
    }),
}
