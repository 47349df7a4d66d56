/** What Postern uses of the machine: commands, the Debian package each comes in, and why it is needed. */
import type { Text } from './language.ts'

/** The narrowest use that needs it: running a deployment, the quickstart too, the tests, or only the benchmarks. */
export type Use = 'run' | 'quickstart' | 'test' | 'bench'

export interface Tool {
  readonly command: string
  readonly debianPackage: string
  readonly use: Use
  readonly why: Text
}

export const tools: readonly Tool[] = [
  {
    command: 'ip',
    debianPackage: 'iproute2',
    use: 'run',
    why: { en: 'network namespaces, addresses and routes', zh: '网络命名空间、地址与路由' },
  },
  {
    command: 'tc',
    debianPackage: 'iproute2',
    use: 'run',
    why: { en: 'bandwidth of connections', zh: '连接的带宽限制' },
  },
  {
    command: 'nft',
    debianPackage: 'nftables',
    use: 'run',
    why: { en: 'links, load balancing and security groups', zh: '私网连接、负载均衡与安全组' },
  },
  {
    command: 'conntrack',
    debianPackage: 'conntrack',
    use: 'run',
    why: { en: 'ending the open flows of a denied connection', zh: '断开被拒绝连接上的现有会话' },
  },
  {
    command: 'perl',
    debianPackage: 'perl-base',
    use: 'run',
    why: { en: 'telling both ends of a connection that is ended', zh: '通知被终止连接的两端' },
  },
  {
    command: 'sysctl',
    debianPackage: 'procps',
    use: 'run',
    why: { en: 'forwarding and source checks of VPCs', zh: 'VPC 的转发与源地址检查' },
  },
  {
    command: 'bwrap',
    debianPackage: 'bubblewrap',
    use: 'run',
    why: { en: 'sandboxes in which instances run', zh: '运行实例的沙箱' },
  },
  {
    command: 'unshare',
    debianPackage: 'util-linux',
    use: 'run',
    why: { en: 'own namespaces for an ordinary user', zh: '普通用户自己的命名空间' },
  },
  {
    command: 'nsenter',
    debianPackage: 'util-linux',
    use: 'run',
    why: { en: 'entering these namespaces', zh: '进入这些命名空间' },
  },
  {
    command: 'setpriv',
    debianPackage: 'util-linux',
    use: 'run',
    why: { en: 'running the server without privileges', zh: '以无特权方式运行服务端' },
  },
  {
    command: 'prlimit',
    debianPackage: 'util-linux',
    use: 'run',
    why: { en: 'limits of what an instance may use', zh: '限制实例可用的资源' },
  },
  {
    command: 'haproxy',
    debianPackage: 'haproxy',
    use: 'run',
    why: { en: 'HTTP listeners of load balancers', zh: '负载均衡的 HTTP 监听' },
  },
  {
    command: 'curl',
    debianPackage: 'curl',
    use: 'quickstart',
    why: { en: 'the client that ECS1 opens the service with', zh: 'ECS1 访问服务所用的客户端' },
  },
  {
    command: 'perl',
    debianPackage: 'perl-base',
    use: 'quickstart',
    why: { en: 'the web server in ECS2 and ECS3', zh: 'ECS2 与 ECS3 上的 Web 服务' },
  },
  {
    command: 'dig',
    debianPackage: 'bind9-dnsutils',
    use: 'test',
    why: { en: 'asking the resolver in tests', zh: '测试中的域名查询' },
  },
  {
    command: 'iperf3',
    debianPackage: 'iperf3',
    use: 'test',
    why: { en: 'measuring bandwidth in tests', zh: '测试中的带宽测量' },
  },
  {
    command: 'chromium',
    debianPackage: 'chromium',
    use: 'test',
    why: { en: 'the browser that the tests of the console drive', zh: '控制台测试所用的浏览器' },
  },
  {
    command: 'wrk',
    debianPackage: 'wrk',
    use: 'bench',
    why: { en: 'load of HTTP requests', zh: 'HTTP 请求负载' },
  },
  {
    command: 'nginx',
    debianPackage: 'nginx-light',
    use: 'bench',
    why: { en: 'the server that the load goes to', zh: '承受负载的服务端' },
  },
]

const order: readonly Use[] = ['run', 'quickstart', 'test', 'bench']

export function toolsFor(use: Use): readonly Tool[] {
  return tools.filter((tool) => order.indexOf(tool.use) <= order.indexOf(use))
}

export function missingTools(use: Use, isPresent: (command: string) => boolean): readonly Tool[] {
  return toolsFor(use).filter((tool) => !isPresent(tool.command))
}

export function packagesOf(missing: readonly Tool[]): string[] {
  return [...new Set(missing.map((tool) => tool.debianPackage))].sort()
}
