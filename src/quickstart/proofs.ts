/** The proofs: what ECS1 can do and, more often, what it cannot. */
import { textAt } from './answer.ts'
import { backendWeights, isShare, share, shareText } from './backends.ts'
import { acceptConnection, denyConnection, untilConnection } from './connection.ts'
import { zoneA, zoneB } from './scenario.ts'
import { type Stage, until } from './stage.ts'
import {
  fetchCommand,
  firstAnswerCommand,
  heldConnectionCommand,
  manyPorts,
  openPorts,
  openPortsCommand,
} from './workload.ts'

/** The three ways to the service, and how they are called. */
function ways(stage: Stage) {
  return [
    { id: 'endpoint-domain', host: stage.get('endpointDomain'), en: 'endpoint domain', zh: '终端节点域名' },
    { id: 'zone-domain', host: stage.get('zoneDomain'), en: 'zone domain', zh: '可用区域名' },
    {
      id: 'address',
      host: stage.get('endpointAddress'),
      en: 'address of the endpoint ENI',
      zh: '终端节点网卡地址',
    },
  ]
}

/** No accept, no wire: none of the three ways leads anywhere. */
export async function proveClosed(stage: Stage): Promise<void> {
  await Promise.all(
    ways(stage).map(async ({ id, host, en, zh }) => {
      const { code, stdout, stderr } = await stage.inside('ECS1', fetchCommand(host))
      const title = { en: `Before accept, curl by ${en} fails`, zh: `接受之前，用${zh}访问失败` }
      stage.check(`before-${id}`, title, code !== 0, (code === 0 ? stdout : stderr).trim())
    }),
  )
}

/** How long after the answer to the accept call the first byte of the service arrives at ECS1. */
export async function proveFirstByte(stage: Stage): Promise<void> {
  await acceptConnection(stage)
  const started = performance.now()
  const { code, stdout } = await stage.inside('ECS1', firstAnswerCommand(stage.get('endpointAddress'), 5))
  const ms = performance.now() - started
  await untilConnection(stage, 'Connected')
  const title = { en: 'After accept, the service answers at once', zh: '接受之后，服务立即可用' }
  stage.check('first-byte', title, code === 0, `${stdout.trim()}, ${ms.toFixed(0)} ms`)
}

export async function proveOpen(stage: Stage): Promise<void> {
  for (const { id, host, en, zh } of ways(stage)) {
    const { code, stdout, stderr } = await stage.inside('ECS1', fetchCommand(host, 80, 3))
    const title = { en: `After accept, curl by ${en} succeeds`, zh: `接受之后，用${zh}访问成功` }
    stage.check(
      `after-${id}`,
      title,
      code === 0 && /^ECS[23]$/i.test(stdout.trim()),
      (stdout || stderr).trim(),
    )
  }
  const found = await share(stage, stage.get('endpointDomain'))
  const title = {
    en: 'ECS2 and ECS3 answer in equal parts (100 : 100)',
    zh: 'ECS2 与 ECS3 各答一半（100 : 100）',
  }
  stage.check('equal-weights', title, isShare(found, 100, 100), shareText(found))
}

export async function proveWeights(stage: Stage): Promise<void> {
  await stage.call('provider', 'Slb', 'SetBackendServers', {
    LoadBalancerId: stage.get('balancer'),
    BackendServers: backendWeights(stage, 100, 50),
  })
  const found = await until('the new proportion', 5_000, async () => {
    const counted = await share(stage, stage.get('endpointDomain'))
    return isShare(counted, 100, 50) ? counted : undefined
  })
  const title = { en: 'They answer two to one (100 : 50)', zh: '按二比一应答（100 : 50）' }
  stage.check('changed-weights', title, true, shareText(found))
}

/** The application listens on 8080 as well, and both security groups let it in; the link still does not carry it. */
export async function proveOnlyPort80(stage: Stage): Promise<void> {
  const [first] = stage.scenario.vpc2.backends
  const neighbours = await stage.inside('ECS3', openPortsCommand(first.address, openPorts))
  stage.check(
    'application-ports',
    {
      en: 'Inside VPC2 the application answers on 80 and 8080',
      zh: '在 VPC2 内，应用在 80 与 8080 端口均可访问',
    },
    portsIn(neighbours.stdout) === '80 8080',
    portsIn(neighbours.stdout),
  )
  const through = await stage.inside('ECS1', openPortsCommand(stage.get('endpointAddress'), manyPorts))
  stage.check(
    'only-port-80',
    { en: 'Through the endpoint nothing but port 80 passes', zh: '经终端节点只有 80 端口可通' },
    portsIn(through.stdout) === '80',
    `${portsIn(through.stdout)} / ${manyPorts.join(' ')}`,
  )
  const direct = await stage.inside('ECS1', openPortsCommand(first.address, openPorts))
  stage.check(
    'isolated',
    {
      en: `${first.name}’s own address cannot be reached from VPC1`,
      zh: `从 VPC1 无法访问 ${first.name} 自己的地址`,
    },
    portsIn(direct.stdout) === '',
    portsIn(direct.stdout) || first.address,
  )
  const back = await stage.inside('ECS2', openPortsCommand(stage.get('endpointAddress'), openPorts))
  stage.check(
    'one-way',
    { en: 'From VPC2 the endpoint’s address leads nowhere', zh: '从 VPC2 无法访问终端节点地址' },
    portsIn(back.stdout) === '',
    portsIn(back.stdout) || stage.get('endpointAddress'),
  )
}

function portsIn(output: string): string {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
    .sort((a, b) => a - b)
    .join(' ')
}

/** A connection is open and in use when the owner denies it; it must be cut, and no new one be made. */
export async function proveDenied(stage: Stage): Promise<void> {
  const held = stage.hold('ECS1', heldConnectionCommand(stage.get('endpointAddress')))
  await held.line(/^open$/)
  await denyConnection(stage)
  const denied = performance.now()
  const cut = await held.line(/^cut /)
  const ms = performance.now() - denied
  stage.check(
    'open-connection-cut',
    { en: 'The open connection is cut within a second', zh: '已打开的连接在一秒内被切断' },
    ms < 1000,
    `${cut}, ${ms.toFixed(0)} ms`,
  )
  await untilConnection(stage, 'Disconnected')
  stage.check(
    'denied-status',
    { en: 'The connection is Disconnected', zh: '连接的状态为未连接' },
    true,
    'Disconnected',
  )
  await Promise.all(
    ways(stage).map(async ({ id, host, en, zh }) => {
      const { code, stdout, stderr } = await stage.inside('ECS1', fetchCommand(host))
      const title = { en: `After deny, curl by ${en} fails`, zh: `拒绝之后，用${zh}访问失败` }
      stage.check(`denied-${id}`, title, code !== 0, (code === 0 ? stdout : stderr).trim())
    }),
  )
}

export async function proveOpenAgain(stage: Stage): Promise<void> {
  await acceptConnection(stage)
  await untilConnection(stage, 'Connected')
  const { code, stdout, stderr } = await stage.inside(
    'ECS1',
    firstAnswerCommand(stage.get('endpointDomain'), 5),
  )
  const title = { en: 'Allowed again, the service answers', zh: '再次允许后，服务可用' }
  stage.check('open-again', title, code === 0, (stdout || stderr).trim())
}

export async function proveStrangerRefused(stage: Stage): Promise<void> {
  const { account } = stage.scenario.consumer
  const code = await stage.refusal('consumer', 'Privatelink', 'CreateVpcEndpoint', {
    VpcId: stage.get('vpc1'),
    ServiceName: stage.get('serviceName'),
    SecurityGroupId: [stage.get('endpointGroup')],
    Zone: [{ ZoneId: zoneB, VSwitchId: stage.get('vswitch1') }],
  })
  stage.check(
    'stranger-refused',
    {
      en: `Account ${account} is not in the whitelist and cannot create the endpoint`,
      zh: `账号 ${account} 不在白名单中，不能创建终端节点`,
    },
    code === 'EndpointServiceNotAuthorized',
    code ?? '-',
  )
}

export async function proveNotPrivateRefused(stage: Stage): Promise<void> {
  const common = { LoadBalancerSpec: 'slb.s1.small', MasterZoneId: zoneB, SlaveZoneId: zoneA }
  const inVpc = { ...common, VpcId: stage.get('vpc2'), VSwitchId: stage.get('vswitch2') }
  const kinds = [
    {
      id: 'public-refused',
      title: { en: 'A public CLB is refused as a service resource', zh: '公网 CLB 不能作为服务资源' },
      params: { ...common, AddressType: 'internet', PayType: 'PayOnDemand' },
    },
    {
      id: 'prepaid-refused',
      title: { en: 'A prepaid CLB is refused as a service resource', zh: '包年包月的 CLB 不能作为服务资源' },
      params: { ...inVpc, AddressType: 'intranet', PayType: 'PrePay', PricingCycle: 'month', Duration: 1 },
    },
  ]
  await Promise.all(
    kinds.map(async ({ id, title, params }) => {
      const made = await stage.call('provider', 'Slb', 'CreateLoadBalancer', params)
      const LoadBalancerId = textAt(made, 'LoadBalancerId')
      const code = await stage.refusal('provider', 'Privatelink', 'AttachResourceToVpcEndpointService', {
        ServiceId: stage.get('service'),
        ResourceType: 'slb',
        ResourceId: LoadBalancerId,
      })
      stage.check(id, title, code === 'LoadBalancerNotSupportPrivateLink', code ?? '-')
    }),
  )
}
