/**
 * What the kernel must be able to do, tried for real in namespaces that end with the command. Nothing is read from
 * version numbers or configuration files: what works here is what the agent will use.
 */
import { runCommand } from './command.ts'
import type { Text } from './language.ts'

export interface Feature {
  readonly id: string
  readonly name: Text
  readonly why: Text
  readonly how: Text
  readonly argv: readonly [string, ...string[]]
  readonly input?: string
  /** Postern runs without it, with less. */
  readonly optional?: true
}

const module = (name: string): Text => ({
  en: `load it (modprobe ${name}) or use a kernel that has it; Debian's own has`,
  zh: `加载它（modprobe ${name}），或换用带有它的内核；Debian 自带内核就有`,
})

const ruleset = (...lines: string[]) => `table ip t {\n${lines.join('\n')}\n}\n`

export const features: readonly Feature[] = [
  {
    id: 'netns',
    name: { en: 'network namespaces', zh: '网络命名空间' },
    why: { en: 'a VPC is one', zh: '每个 VPC 就是一个' },
    how: {
      en: 'run on a machine (or in a container with --privileged) that may make them',
      zh: '在允许创建它的机器上运行（容器须加 --privileged）',
    },
    argv: ['sh', '-ec', 'mount -t tmpfs tmpfs /run; ip netns add left; ip -n left link set lo up'],
  },
  {
    id: 'veth',
    name: { en: 'veth pairs', zh: 'veth 设备对' },
    why: { en: 'the cable between instance, VPC and link', zh: '实例、VPC 与私网连接之间的线缆' },
    how: module('veth'),
    argv: ['ip', 'link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right'],
  },
  {
    id: 'nft-nat',
    name: { en: 'nftables: NAT and connection tracking', zh: 'nftables：NAT 与连接跟踪' },
    why: { en: 'links and load balancers', zh: '私网连接与负载均衡' },
    how: module('nft_nat'),
    argv: ['nft', '-f', '-'],
    input: ruleset(
      'chain p { type nat hook prerouting priority -100; ct state new tcp dport 80 dnat to 10.0.0.1:80; }',
      'chain q { type nat hook postrouting priority 100; masquerade; }',
    ),
  },
  {
    id: 'nft-map',
    name: { en: 'nftables: verdict maps, concatenations', zh: 'nftables：判决映射与组合键' },
    why: { en: 'rules whose cost does not grow with their number', zh: '规则开销不随数量增长' },
    how: module('nf_tables'),
    argv: ['nft', '-f', '-'],
    input: ruleset(
      'map m { type inet_proto . inet_service : verdict; }',
      'chain p { type filter hook forward priority 0; meta l4proto . th dport vmap @m; }',
    ),
  },
  {
    id: 'nft-balance',
    name: { en: 'nftables: numgen and jhash', zh: 'nftables：numgen 与 jhash' },
    why: { en: 'weights and hashing of a load balancer', zh: '负载均衡的权重与散列' },
    how: module('nft_numgen nft_hash'),
    argv: ['nft', '-f', '-'],
    input: ruleset(
      'chain p { type nat hook prerouting priority -100;',
      'tcp dport 80 dnat to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
      'tcp dport 81 dnat to jhash ip saddr mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
      '}',
    ),
  },
  {
    id: 'nft-reject',
    name: { en: 'nftables: reject', zh: 'nftables：reject' },
    why: { en: 'cutting the open flows of a denied connection', zh: '切断被拒绝连接上的会话' },
    how: module('nft_reject_ipv4'),
    argv: ['nft', '-f', '-'],
    input: ruleset('chain f { type filter hook forward priority 0; ip protocol tcp reject with tcp reset; }'),
  },
  {
    id: 'tc-tbf',
    name: { en: 'traffic control: token bucket', zh: '流量控制：令牌桶' },
    why: { en: 'bandwidth of connections', zh: '连接的带宽' },
    how: module('sch_tbf'),
    argv: [
      'tc',
      'qdisc',
      'add',
      'dev',
      'lo',
      'root',
      'tbf',
      'rate',
      '100mbit',
      'burst',
      '128k',
      'latency',
      '50ms',
    ],
  },
  {
    id: 'sandbox',
    name: { en: 'sandboxes in a user namespace', zh: '用户命名空间中的沙箱' },
    why: { en: 'instances run a tenant’s code', zh: '实例运行租户的代码' },
    how: {
      en: 'allow user namespaces (sysctl user.max_user_namespaces=15000)',
      zh: '允许用户命名空间（sysctl user.max_user_namespaces=15000）',
    },
    argv: [
      'bwrap',
      '--unshare-all',
      '--unshare-user',
      '--uid',
      '1000',
      '--disable-userns',
      '--ro-bind',
      '/',
      '/',
      '--proc',
      '/proc',
      'true',
    ],
  },
]

/** Runs in a user namespace of its own when the caller is not root, in fresh network and mount namespaces always. */
export function probeArgv(feature: Feature, root: boolean): [string, ...string[]] {
  return ['unshare', ...(root ? ['-nm'] : ['-Urnm']), '--', ...feature.argv]
}

/** What the kernel said when it could not, or undefined when it could. */
export async function tryFeature(feature: Feature, root: boolean): Promise<string | undefined> {
  const result = await runCommand(probeArgv(feature, root), {
    timeoutMs: 10_000,
    ...(feature.input === undefined ? {} : { input: feature.input }),
  })
  if (result.code === 0) return undefined
  return result.stderr.trim().split('\n')[0] ?? `exit code ${result.code}`
}
