import { explainZh } from '../../../../src/cli/messages/explain-zh.ts'
import type { SeenReason } from './answer.ts'
import type { Texts } from './texts-en.ts'

const unsent: Readonly<Record<string, string>> = {
  denied: '没有发送数据包：您没有在实例中执行命令的权限（ecs:RunCommand）。',
  unavailable: '没有发送数据包：目前无法进入该实例。',
}

const askProvider = '请服务方用“到我的服务”进行诊断，服务方一侧会说明原因。'

/** Where the command line's advice is for who sits at it. */
const advice: Readonly<Partial<Record<SeenReason['code'], string>>> = {
  addressUnattached: '请把该弹性网卡绑定到实例。',
  allAbnormal: '请查看实例的控制台日志并打开终端：程序必须在运行，并在所有地址上监听该端口。',
  backendsStopped: '请启动这些实例；如果是可用区故障，由管理员恢复可用区。',
  nameEmpty: '终端节点至少要有一个已连接的可用区，其页面上有各可用区的状态。',
  nameOutside: '请检查拼写：终端节点的页面上有它的域名。',
  nameUnknown: '请检查拼写：终端节点的页面上有它的域名。',
  nobodyListens: '请查看实例的控制台日志并打开终端：程序必须在运行，并在所有地址上监听该端口。',
  routeWithoutHop: '请把该弹性网卡绑定到实例。',
  zoneDown: '可用区由管理员停用，也由管理员恢复。',
}

export const zh: Texts = {
  about: '数据包为什么能通或不能通：逐步给出结论、出问题的对象、处理办法，以及真实数据包的结果。',
  side: '哪一方的路径',
  sides: { instance: '从我的实例', connection: '到我的服务' },
  from: '源实例',
  to: '目标',
  toHint:
    '您的终端节点、实例或传统型负载均衡，或者域名、IP 地址，也可以是以 http:// 或 https:// 开头的 URL。',
  toRule: '请输入 IP 地址、域名、ID 或 URL',
  groups: { endpoints: '终端节点', domains: '域名', instances: '实例', balancers: '传统型负载均衡' },
  connection: '终端节点连接',
  connectionHint: '已连接或请求连接您的终端节点服务的终端节点。',
  noConnections: '没有终端节点请求连接您的服务。',
  noInstances: '还没有实例。数据包从实例内部发出，请先创建实例。',
  createInstance: '创建实例',
  port: '端口',
  portRule: '1 到 65535',
  protocol: '协议',
  host: '请求域名',
  hostHint: '用于 HTTP 和 HTTPS 监听，留空时为所访问的目标。',
  connectionHostHint: '用于 HTTP 和 HTTPS 监听，留空时只判断连接。',
  hostRule: '请输入域名或地址',
  path: '请求路径',
  pathHint: '填写路径或域名后，将按请求判断并发送请求：重定向、转发规则及其服务器。',
  pathRule: '请输入路径，例如 /cart，不能包含空格',
  answered: (status) => `请求得到的响应状态码为 ${status}。`,
  probe: '发送真实数据包',
  probeHint: '从实例内部建立一个连接并立即关闭；需要 ecs:RunCommand 权限。',
  ask: '诊断',
  line: '对应的命令行',
  empty: '请选择源和目标，然后开始诊断。',
  steps: '数据包的路径',
  passes: '通过',
  stops: '在此中断',
  verdict: (passes) => (passes ? '可以通过。' : '不能通过。'),
  toDo: '处理办法',
  open: (id) => `打开 ${id}`,
  resolved: (addresses) => `域名解析为 ${addresses.join('、')}。`,
  outcome: (outcome) => unsent[outcome] ?? explainZh.probed(outcome),
  agrees: '真实数据包的结果与上述步骤一致。',
  differs: explainZh.differs,
  unasked: '没有发送真实数据包。',
  reason(reason) {
    if (reason.code === 'handedOver') return `您这一侧放行；之后由其他账号的服务 ${reason.service} 处理`
    if (reason.code === 'serviceSilent') return `服务方的服务 ${reason.service} 没有应答`
    return explainZh.reason(reason)
  },
  whatToDo(reason) {
    if (reason.code === 'handedOver' || reason.code === 'serviceSilent') return askProvider
    return advice[reason.code] ?? explainZh.whatToDo(reason)
  },
}
