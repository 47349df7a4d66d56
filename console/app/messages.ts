const en = {
  signIn: 'Sign in',
  signOut: 'Sign out',
  accessKeyId: 'AccessKey ID',
  accessKeySecret: 'AccessKey secret',
  signInHint: 'Keys come from `postern account create`. They stay in this tab.',
  account: 'Account',
  services: 'Endpoint services',
  endpoints: 'Endpoints',
  network: 'Networks',
  compute: 'Instances and load balancers',
  connections: 'Connections',
  vpcs: 'VPCs',
  vswitches: 'vSwitches',
  instances: 'Instances',
  loadBalancers: 'Load balancers',
  health: 'Backend servers',
  name: 'Name',
  id: 'ID',
  description: 'Description',
  status: 'Status',
  connection: 'Connection',
  service: 'Service',
  endpoint: 'Endpoint',
  owner: 'Owner',
  domain: 'Domain',
  zones: 'Zones',
  zone: 'Zone',
  address: 'Address',
  block: 'Address block',
  listener: 'Listener',
  server: 'Server',
  bandwidth: 'Bandwidth',
  vpc: 'VPC',
  actions: 'Actions',
  allow: 'Allow',
  deny: 'Deny',
  nothing: 'Nothing here yet.',
  language: '中文',
}

export type Messages = typeof en

const zh = {
  signIn: '登录',
  signOut: '退出',
  accessKeyId: 'AccessKey ID',
  accessKeySecret: 'AccessKey Secret',
  signInHint: '密钥由 `postern account create` 生成,仅保存在此标签页中。',
  account: '账号',
  services: '终端节点服务',
  endpoints: '终端节点',
  network: '专有网络',
  compute: '实例与负载均衡',
  connections: '终端节点连接',
  vpcs: '专有网络',
  vswitches: '交换机',
  instances: '实例',
  loadBalancers: '负载均衡',
  health: '后端服务器',
  name: '名称',
  id: 'ID',
  description: '描述',
  status: '状态',
  connection: '连接状态',
  service: '服务',
  endpoint: '终端节点',
  owner: '所属账号',
  domain: '域名',
  zones: '可用区',
  zone: '可用区',
  address: '地址',
  block: '网段',
  listener: '监听',
  server: '服务器',
  bandwidth: '带宽',
  vpc: '专有网络',
  actions: '操作',
  allow: '允许',
  deny: '拒绝',
  nothing: '暂无数据。',
  language: 'English',
} satisfies Messages

export type Language = 'en' | 'zh'

export function preferredLanguage(): Language {
  const chosen = localStorage.getItem('language') ?? navigator.language
  return chosen.startsWith('zh') ? 'zh' : 'en'
}

export function messagesIn(language: Language): Messages {
  return language === 'zh' ? zh : en
}
