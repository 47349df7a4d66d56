import type { Reason, SecurityReason } from '../../explain/judgement.ts'
import type { ExplainMessages } from './explain-messages.ts'

const outcomes: Readonly<Record<string, string>> = {
  open: '真实数据包得到了应答。',
  refused: '真实数据包被拒绝。',
  silent: '真实数据包没有得到应答。',
  unresolved: '在实例中该域名无法解析。',
}

export const explainZh: ExplainMessages = {
  asked: (client, target, port, protocol) => `${client} 访问 ${target} 的 ${protocol} 端口 ${port}：`,
  reason,
  whatToDo,
  answered: (status) => `真实请求得到状态码 ${status}。`,
  judged: (passes) => (passes ? '因此可以通过。' : '因此不能通过。'),
  probed: (outcome) => outcomes[outcome] ?? outcome,
  differs:
    '模型与真实数据包的结果不一致：可能是期间发生了变更（请重试），可能是 Postern 的缺陷，也可能是外部程序改动了内核。',
  badPlace: (text) => `'${text}' 不是可访问的目标；请写地址、域名或 ID 并加端口，例如 ep-…:80`,
  tooMany: (count, limit) =>
    `共 ${count} 次探测，超过上限 ${limit}。请用 --account 或 --ports 缩小范围，或增大 --limit`,
  badPorts: (text) => `'${text}' 不是端口列表，例如 80,443,udp/53`,
  proofStarts: (clients, addresses, ports, probes) =>
    `${clients} 个实例访问 ${addresses} 个地址的端口 ${ports.join('、')}：共 ${probes} 次探测`,
  proofProgress: (done, all) => `${done} / ${all}`,
  differenceColumns: ['客户端', '地址', '端口', '模型', '探测'],
  proofEnds: (probes, open, differences, untried) =>
    `共探测 ${probes} 次，其中 ${open} 次可达；${differences} 次与模型不一致${untried > 0 ? `；${untried} 次因超时未探测` : ''}。`,
  saved: (file, digest) => `已保存到 ${file}；SHA-256 ${digest}`,
  noProof: (file) => `${file} 不是已保存的证明`,
  proofIsWhole: (file, digest) => `${file} 与其中各行一致；SHA-256 ${digest}`,
  proofWasChanged: (file, digest) => `${file} 已被改动：摘要或汇总与其中各行不符，各行的摘要是 ${digest}`,
}

function reason(of: Reason): string {
  switch (of.code) {
    case 'clientUnknown':
      return `没有实例 ${of.client}`
    case 'clientState':
    case 'instanceState':
      return `实例 ${'client' in of ? of.client : of.instance} 的状态是 ${of.status}，其中没有程序在运行`
    case 'clientWithoutAddress':
      return `${of.client} 没有网卡`
    case 'objectUnknown':
      return `没有 ${of.target}`
    case 'nameUnknown':
      return `域名 ${of.name} 在 ${of.vpc} 中不存在`
    case 'nameOutside':
      return `VPC 的解析器只认识 ${of.suffix} 之下的域名，${of.name} 不在其中`
    case 'nameOfOtherVpc':
      return `${of.name} 是 ${of.endpoint} 的域名，只在 ${of.vpc} 中解析，而客户端在 ${of.clientVpc} 中`
    case 'nameEmpty':
      return `${of.name} 当前没有地址：${of.endpoint} 没有已连接的可用区`
    case 'nameResolves':
      return `域名 ${of.name} 解析为 ${of.addresses.join('、')}`
    case 'otherVpc':
      return `${of.address} 是另一个 VPC ${of.vpc} 中 ${of.object} 的地址；客户端所在的 ${of.clientVpc} 中没有该地址`
    case 'addressOfNobody':
      return `${of.vpc} 中没有任何对象使用地址 ${of.address}`
    case 'addressOfRouter':
      return `${of.address} 是 ${of.vpc} 的路由器，本身不提供服务`
    case 'addressUnattached':
      return `${of.address} 属于弹性网卡 ${of.eni}，它没有绑定到运行中的对象`
    case 'addressOf':
      return `${of.address} 是 ${of.object} 的地址`
    case 'ownAddress':
      return `${of.address} 是客户端自己的地址，数据包不会离开实例`
    case 'resolver':
      return `${of.address} 是 VPC 的解析器`
    case 'routed':
      return `自定义路由 ${of.route} 把 ${of.address} 引向 ${of.instance}`
    case 'routeWithoutHop':
      return `自定义路由 ${of.route} 把 ${of.address} 引向一块未绑定实例的网卡`
    case 'leaves':
    case 'mayNotLeave':
    case 'enters':
    case 'mayNotEnter':
      return security(of)
    case 'connectionState':
      return of.status === 'ServiceDeleted'
        ? `${of.endpoint} 所用的服务 ${of.service} 已被删除`
        : `${of.endpoint} 到 ${of.service} 的连接状态是 ${of.status}：服务所有者没有允许连接${of.whitelisted ? '' : `，而且账号 ${of.account} 不在服务白名单中`}`
    case 'endpointZoneState':
      return `${of.endpoint} 的可用区 ${of.zone} 状态是 ${of.status}`
    case 'zoneDown':
      return `可用区 ${of.zone} 不可用，${of.object} 也随之不可用`
    case 'zoneWithoutResource':
      return `服务 ${of.service} 在 ${of.zone} 没有服务资源供 ${of.endpoint} 使用`
    case 'resourceGone':
      return `${of.endpoint} 背后的负载均衡 ${of.balancer} 已不存在`
    case 'sameVpc':
      return `${of.endpoint} 与其服务都在 ${of.vpc} 中：终端节点只通向另一个 VPC`
    case 'noBandwidth':
      return `${of.endpoint} 的连接带宽为 0`
    case 'bandwidthFull':
      return `${of.endpoint} 连接的带宽 ${of.limit} Mbit/s 已用尽：最近一分钟丢弃了 ${of.dropped} 个数据包`
    case 'consumerFull':
      return `账号 ${of.account} 在服务 ${of.service} 上最多可打开 ${of.limit} 个连接，现已用满：最近一分钟丢弃了 ${of.dropped} 个新连接`
    case 'balancerFull':
      return `${of.balancer} 最多承载 ${of.limit} 个连接，现已用满：最近一分钟丢弃了 ${of.dropped} 个新连接`
    case 'balancerBusy':
      return `${of.balancer} 每秒最多接受 ${of.limit} 个新连接：最近一分钟丢弃了超出的 ${of.dropped} 个`
    case 'listenerBusy':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 每秒最多接受 ${of.limit} 个新连接：最近一分钟丢弃了超出的 ${of.dropped} 个`
    case 'connected':
      return `${of.endpoint} 的连接已被允许，在 ${of.zone} 通向 ${of.balancer}`
    case 'balancerState':
      return `负载均衡 ${of.balancer} 的状态是 ${of.status}，不转发流量`
    case 'listenerAbsent':
      return `${of.balancer} 没有 ${of.protocol}/${of.port} 监听${of.existing.length > 0 ? `；已有 ${of.existing.join('、')}` : '，也没有其他监听'}`
    case 'listenerStopped':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 已停止`
    case 'listenerRuns':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 正在运行`
    case 'proxyAnswers':
      return `${of.balancer} 自己接受连接：这是 ${of.protocol.toUpperCase()} 监听，按请求选择后端服务器`
    case 'needsCertificate':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 要求客户端提供由 CA ${of.authority} 签发的证书`
    case 'redirects':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 不转发到服务器，而是把客户端重定向到 ${of.location}（状态码 ${of.status}）`
    case 'ruleFits':
      return `对 ${of.host}${of.path} 的请求匹配转发规则 ${of.rule}（${of.domain === '' ? '任意域名' : of.domain}${of.prefix === '' ? '' : `，路径以 ${of.prefix} 开头`}）`
    case 'noRuleFits':
      return `对 ${of.host}${of.path} 的请求没有匹配的转发规则，转发到监听自己的服务器`
    case 'ruleForOtherPaths':
      return `域名 ${of.domain} 有转发规则，但都不匹配路径 ${of.path}：客户端得到状态码 404`
    case 'noBackends':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 没有后端服务器`
    case 'weightsZero':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 的后端服务器权重都是 0，不接受新连接`
    case 'onlyItself':
      return `${of.balancer} 唯一的后端服务器就是客户端自己，服务器不能经负载均衡访问自己`
    case 'allAbnormal':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 的后端服务器健康检查全部失败：${of.servers.join('、')}`
    case 'backendsStopped':
      return `${of.balancer} 的监听 ${of.protocol}/${of.port} 的后端服务器不在运行（已停止或所在可用区不可用）：${of.servers.join('、')}`
    case 'backendsTake':
      return `新连接转发到 ${of.servers.join('、')}${of.others.length > 0 ? `；不转发到 ${of.others.join('、')}` : ''}`
    case 'arrives':
      return `数据包到达 ${of.instance}`
    case 'nobodyListens':
      return `没有程序监听（${of.protocol}）：${of.places.join('、')}`
    case 'someUnreached':
      return `部分新连接会转发到 ${of.servers.join('、')}，客户端经负载均衡无法访问它（是客户端自己，或其安全组不允许）`
    case 'someListen':
      return `部分后端服务器会应答；没有程序监听（${of.protocol}）：${of.places.join('、')}`
    case 'listens':
      return `有程序监听：${of.places.join('、')}`
  }
}

function security({ code, object, peer, protocol, port, decision, groups }: SecurityReason): string {
  const out = code === 'leaves' || code === 'mayNotLeave'
  const allowed = code === 'leaves' || code === 'enters'
  const may = allowed ? '允许' : '不允许'
  const packet = out ? `${object} ${may}发往 ${peer}` : `${object} ${may} ${peer} 进入`
  return `${packet}，${protocol}/${port}：${because()}`

  function because(): string {
    switch (decision.by) {
      case 'rule':
        return `安全组 ${decision.group} 的规则 ${decision.rule}（优先级 ${decision.priority}）为 ${decision.policy}`
      case 'sameGroup':
        return `双方同在安全组 ${decision.group}`
      case 'default':
        return out ? '没有规则禁止' : `其安全组（${groups.join('、')}）没有规则允许`
    }
  }
}

function whatToDo(of: Reason): string {
  switch (of.code) {
    case 'clientState':
    case 'instanceState':
      return of.status === 'Stopped' ? '启动实例：' : '请等待实例变为 Running 后重试。'
    case 'mayNotLeave':
    case 'mayNotEnter':
      return of.decision.by === 'rule'
        ? '删除该规则，或添加一条优先级数值更小的允许规则：'
        : '添加一条允许规则：'
    case 'connectionState':
      if (of.status === 'ServiceDeleted') return '请为另一个服务创建新的终端节点。'
      if (!of.whitelisted) return '服务所有者先将该账号加入白名单，再允许连接：'
      return ['Disconnected', 'Disconnecting'].includes(of.status)
        ? '服务所有者允许连接：'
        : '请等待状态变为 Connected 后重试。'
    case 'endpointZoneState':
      return '服务所有者允许该可用区的连接：'
    case 'zoneDown':
      return '恢复可用区：'
    case 'noBandwidth':
      return '服务所有者设置带宽（Mbit/s）：'
    case 'zoneWithoutResource':
    case 'resourceGone':
      return '服务所有者用 AttachResourceToVpcEndpointService 添加该可用区的负载均衡。'
    case 'bandwidthFull':
      return '由服务的所有者提高带宽（Mbit/s），或让客户端少发一些：'
    case 'consumerFull':
      return '该账号关闭不再需要的连接（包括经由它其他终端节点的连接），或由管理员放宽限额：'
    case 'balancerFull':
      return '关闭不再需要的连接，或选择更大的规格（slb ModifyLoadBalancerInstanceSpec）。'
    case 'balancerBusy':
    case 'listenerBusy':
      return '复用已打开的连接而不是不断新建，或放宽限额。'
    case 'balancerState':
      return '启用负载均衡：'
    case 'listenerAbsent':
      return '请访问已有监听的端口，或创建监听。'
    case 'needsCertificate':
      return '请使用这样的证书访问（curl --cert），探测请求没有证书；或让监听不再要求证书（CACertificateId 为空）。'
    case 'ruleForOtherPaths':
      return '请为该路径添加规则，或为该域名添加不带路径的规则（slb CreateRules）。'
    case 'listenerStopped':
      return '启动监听：'
    case 'noBackends':
      return '请向负载均衡或监听的服务器组添加后端服务器。'
    case 'weightsZero':
      return '请将后端服务器的权重设为 1 到 100。'
    case 'onlyItself':
      return '请直接访问该服务器，或添加另一台。'
    case 'allAbnormal':
    case 'nobodyListens':
      return '请检查实例中的程序是否在运行（./postern console i-…），并在所有地址上监听该端口。'
    case 'backendsStopped':
      return '请启动这些实例（ecs StartInstance），或恢复其可用区（zone up）。'
    case 'nameUnknown':
    case 'nameOutside':
      return '请检查拼写：privatelink ListVpcEndpoints 会列出域名。'
    case 'nameEmpty':
      return '终端节点须有已连接的可用区：privatelink ListVpcEndpointZones 会列出状态。'
    case 'nameOfOtherVpc':
    case 'otherVpc':
      return 'VPC 之间完全隔离。请在客户端的 VPC 中为对方的服务创建终端节点，然后访问它。'
    case 'addressUnattached':
      return '请将网卡绑定到实例（ecs AttachNetworkInterface）。'
    case 'routeWithoutHop':
      return '请将下一跳绑定到实例，或删除该路由。'
    case 'sameVpc':
      return '请直接访问负载均衡的地址。'
    case 'addressOf':
    case 'addressOfNobody':
    case 'addressOfRouter':
    case 'arrives':
    case 'backendsTake':
    case 'clientUnknown':
    case 'clientWithoutAddress':
    case 'connected':
    case 'enters':
    case 'leaves':
    case 'listenerRuns':
    case 'listens':
    case 'nameResolves':
    case 'noRuleFits':
    case 'objectUnknown':
    case 'ownAddress':
    case 'proxyAnswers':
    case 'redirects':
    case 'resolver':
    case 'routed':
    case 'ruleFits':
    case 'someUnreached':
    case 'someListen':
      return '请检查 ID 与地址。'
  }
}
