/** The steps of a walkthrough, in the order and with the data of the public quick start. */
import { listAt, textAt } from './answer.ts'
import { backendWeights } from './backends.ts'
import { connectionStatus, untilConnection } from './connection.ts'
import { makeVSwitch, preparation } from './prepare.ts'
import {
  proveClosed,
  proveDenied,
  proveFirstByte,
  proveNotPrivateRefused,
  proveOnlyPort80,
  proveOpen,
  proveOpenAgain,
  proveStrangerRefused,
  proveWeights,
} from './proofs.ts'
import { isCrossAccount, type Scenario, zoneA, zoneB } from './scenario.ts'
import { until } from './stage.ts'
import type { Step } from './step.ts'

export function stepsOf(scenario: Scenario): readonly Step[] {
  return [
    ...preparation,
    createBalancer,
    configureBalancer,
    createService,
    ...(isCrossAccount(scenario) ? [strangerRefused, allowConsumer, createEndpointVSwitch] : [refuseOthers]),
    createEndpoint,
    closedBefore,
    accept,
    useService,
    changeWeights,
    changeBandwidth,
    onlyPort80,
    deny,
    acceptAgain,
  ]
}

const createBalancer: Step = {
  id: 'clb',
  title: { en: 'Create a CLB that supports PrivateLink', zh: '创建支持私网连接的 CLB 实例' },
  async run(stage) {
    const made = await stage.call('provider', 'Slb', 'CreateLoadBalancer', {
      LoadBalancerName: 'postern-quickstart',
      AddressType: 'intranet',
      PayType: 'PayOnDemand',
      LoadBalancerSpec: 'slb.s1.small',
      AddressIPVersion: 'ipv4',
      VpcId: stage.get('vpc2'),
      VSwitchId: stage.get('vswitch2'),
      MasterZoneId: zoneB,
      SlaveZoneId: zoneA,
    })
    stage.note('balancer', textAt(made, 'LoadBalancerId'))
  },
}

const configureBalancer: Step = {
  id: 'listener',
  title: {
    en: 'Configure it: TCP 80, ECS2 and ECS3 with weight 100 each, health check',
    zh: '配置 CLB：TCP 80 监听，ECS2 与 ECS3 权重各 100，健康检查',
  },
  async run(stage) {
    const LoadBalancerId = stage.get('balancer')
    await stage.call('provider', 'Slb', 'AddBackendServers', {
      LoadBalancerId,
      BackendServers: backendWeights(stage, 100, 100),
    })
    await stage.call('provider', 'Slb', 'CreateLoadBalancerTCPListener', {
      LoadBalancerId,
      ListenerPort: 80,
      BackendServerPort: 80,
      Bandwidth: -1,
      Scheduler: 'wrr',
      healthCheckInterval: 1,
      HealthyThreshold: 2,
      UnhealthyThreshold: 2,
    })
    await stage.call('provider', 'Slb', 'StartLoadBalancerListener', { LoadBalancerId, ListenerPort: 80 })
    await until('both backends healthy', 15_000, async () => {
      const answer = await stage.ask('provider', 'Slb', 'DescribeHealthStatus', { LoadBalancerId })
      const servers = listAt(answer, 'BackendServers.BackendServer')
      const normal = servers.filter(({ ServerHealthStatus }) => ServerHealthStatus === 'normal')
      return normal.length === 2 || undefined
    })
    stage.check(
      'healthy',
      { en: 'The health status of ECS2 and ECS3 is normal', zh: 'ECS2 与 ECS3 的健康状态为正常' },
      true,
      'normal, normal',
    )
  },
}

const createService: Step = {
  id: 'service',
  title: {
    en: 'Create the endpoint service in zone B with that CLB: no automatic accept, zone affinity',
    zh: '以该 CLB 在可用区 B 创建终端节点服务：不自动接受连接，开启同可用区优先',
  },
  async run(stage) {
    const made = await stage.call('provider', 'Privatelink', 'CreateVpcEndpointService', {
      ServiceDescription: 'The application of ECS2 and ECS3',
      ServiceResourceType: 'slb',
      AutoAcceptEnabled: false,
      ZoneAffinityEnabled: true,
      Resource: [{ ResourceType: 'slb', ResourceId: stage.get('balancer'), ZoneId: zoneB }],
    })
    const ServiceId = textAt(made, 'ServiceId')
    stage.note('service', ServiceId)
    stage.note('serviceName', textAt(made, 'ServiceName'))
    await until('service active', 5_000, async () => {
      const answer = await stage.ask('provider', 'Privatelink', 'GetVpcEndpointServiceAttribute', {
        ServiceId,
      })
      return textAt(answer, 'ServiceStatus') === 'Active' || undefined
    })
    const { account } = stage.scenario.provider
    const users = await stage.call('provider', 'Privatelink', 'ListVpcEndpointServiceUsers', { ServiceId })
    stage.check(
      'owner-whitelisted',
      { en: 'The owner’s account is in the whitelist by itself', zh: '服务所有者的账号自动加入白名单' },
      listAt(users, 'Users').some(({ UserId }) => String(UserId) === account),
      account,
    )
  },
}

const refuseOthers: Step = {
  id: 'not-private',
  title: {
    en: 'Try CLBs that are not private, or not pay-as-you-go',
    zh: '尝试非私网或非按量付费的 CLB',
  },
  run: proveNotPrivateRefused,
}

const strangerRefused: Step = {
  id: 'stranger',
  title: {
    en: 'Try to create the endpoint before the consumer is in the whitelist',
    zh: '在使用方加入白名单之前尝试创建终端节点',
  },
  run: proveStrangerRefused,
}

const allowConsumer: Step = {
  id: 'whitelist',
  title: { en: 'The provider puts the consumer in the whitelist', zh: '服务方把使用方账号加入白名单' },
  async run(stage) {
    await stage.call('provider', 'Privatelink', 'AddUserToVpcEndpointService', {
      ServiceId: stage.get('service'),
      UserId: stage.scenario.consumer.account,
    })
  },
}

const createEndpointVSwitch: Step = {
  id: 'endpoint-vswitch',
  title: {
    en: 'Make a vSwitch for the endpoint in the CLB’s primary zone',
    zh: '在 CLB 主可用区为终端节点创建交换机',
  },
  async run(stage) {
    const cidr = stage.scenario.endpointVSwitch
    if (cidr === undefined) return
    stage.note('endpointVSwitch', await makeVSwitch(stage, 'consumer', stage.get('vpc1'), cidr))
  },
}

const createEndpoint: Step = {
  id: 'endpoint',
  title: { en: 'Create the endpoint in VPC1', zh: '在 VPC1 创建终端节点' },
  async run(stage) {
    if (stage.scenario.endpointVSwitch === undefined) stage.note('endpointVSwitch', stage.get('vswitch1'))
    const offered = await stage.call('consumer', 'Privatelink', 'ListVpcEndpointServicesByEndUser', {
      ServiceName: stage.get('serviceName'),
    })
    const made = await stage.call('consumer', 'Privatelink', 'CreateVpcEndpoint', {
      EndpointName: 'quickstart',
      VpcId: stage.get('vpc1'),
      ServiceName: textAt(listAt(offered, 'Services')[0] ?? {}, 'ServiceName'),
      SecurityGroupId: [stage.get('endpointGroup')],
      Zone: [{ ZoneId: zoneB, VSwitchId: stage.get('endpointVSwitch') }],
    })
    const EndpointId = textAt(made, 'EndpointId')
    stage.note('endpoint', EndpointId)
    stage.note('endpointDomain', textAt(made, 'EndpointDomain'))
    await until('endpoint active', 5_000, async () => {
      const answer = await stage.ask('consumer', 'Privatelink', 'GetVpcEndpointAttribute', { EndpointId })
      return textAt(answer, 'EndpointStatus') === 'Active' || undefined
    })
    const zone = await until('endpoint zone waiting', 5_000, async () => {
      const answer = await stage.ask('consumer', 'Privatelink', 'ListVpcEndpointZones', { EndpointId })
      return listAt(answer, 'Zones').find(({ ZoneStatus }) => ZoneStatus === 'Wait')
    })
    stage.note('zoneDomain', textAt(zone, 'ZoneDomain'))
    stage.note('endpointAddress', textAt(zone, 'EniIp'))
    const status = await connectionStatus(stage)
    stage.check(
      'disconnected',
      { en: 'The new connection is Disconnected', zh: '新连接的状态为未连接' },
      status === 'Disconnected',
      status,
    )
  },
}

const closedBefore: Step = {
  id: 'before-accept',
  title: { en: 'ECS1 tries before the connection is accepted', zh: '连接被接受之前，ECS1 尝试访问' },
  run: proveClosed,
}

const accept: Step = {
  id: 'accept',
  title: { en: 'The service owner allows the connection', zh: '服务方允许连接' },
  run: proveFirstByte,
}

const useService: Step = {
  id: 'open',
  title: { en: 'ECS1 opens the service in all three ways', zh: 'ECS1 以三种方式访问服务' },
  run: proveOpen,
}

const changeWeights: Step = {
  id: 'weights',
  title: { en: 'Change the weights to 100 and 50', zh: '把权重改为 100 与 50' },
  run: proveWeights,
}

const changeBandwidth: Step = {
  id: 'bandwidth',
  title: { en: 'Change the bandwidth of the connection to 1024 Mbit/s', zh: '把连接带宽改为 1024 Mbit/s' },
  async run(stage) {
    const which = { ServiceId: stage.get('service'), EndpointId: stage.get('endpoint') }
    await stage.call('provider', 'Privatelink', 'UpdateVpcEndpointConnectionAttribute', {
      ...which,
      Bandwidth: 1024,
    })
    await untilConnection(stage, 'Connected')
    const answer = await stage.ask('provider', 'Privatelink', 'ListVpcEndpointConnections', which)
    const bandwidth = textAt(listAt(answer, 'Connections')[0] ?? {}, 'Bandwidth')
    stage.check(
      'bandwidth',
      { en: 'The connection has its new bandwidth', zh: '连接使用新的带宽' },
      bandwidth === '1024',
      `${bandwidth} Mbit/s`,
    )
  },
}

const onlyPort80: Step = {
  id: 'ports',
  title: { en: 'ECS1 tries other ports and other ways', zh: 'ECS1 尝试其他端口与其他途径' },
  run: proveOnlyPort80,
}

const deny: Step = {
  id: 'deny',
  title: {
    en: 'The service owner denies the connection while ECS1 is using it',
    zh: 'ECS1 正在使用时，服务方拒绝连接',
  },
  run: proveDenied,
}

const acceptAgain: Step = {
  id: 'accept-again',
  title: { en: 'The service owner allows it again', zh: '服务方再次允许连接' },
  run: proveOpenAgain,
}
