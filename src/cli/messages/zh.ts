import type { Messages } from './messages.ts'
import { explainZh } from './explain-zh.ts'
import { productZh } from './product-zh.ts'

const findingStates = { ok: '正常', missing: '缺少', limited: '受限' }

export const zh = {
  about: '自托管的私网连接（PrivateLink）：让一个隔离网络只把一项服务私密地提供给另一个隔离网络。',
  helpHeadings: { 'Usage:': '用法：', 'Options:': '选项：', 'Commands:': '命令：', 'Arguments:': '参数：' },
  helpOption: '显示本帮助',
  versionOption: '显示版本',
  helpEpilogue: '退出码：0 完成，1 某项检查或调用失败，2 用法不对，3 本机缺少所需条件。',
  optionValues: (choices, fallback) => {
    const parts = [
      ...(choices.length > 0 ? [choices.join(' 或 ')] : []),
      ...(fallback === undefined ? [] : [`默认 ${fallback}`]),
    ]
    return parts.length === 0 ? '' : `（${parts.join('；')}）`
  },
  usage: (detail) => `用法不对：${detail}。请看 --help。`,

  commands: {
    up: '启动服务端与代理，就绪后返回',
    down: '停止它们并清除内核中的一切；已存储的数据保留',
    status: '查看运行状况与地址',
    metrics: '查看每个连接的流量：进出终端节点的字节数与包数',
    capacity: '查看每个连接已用与剩余的源端口数',
    audit: '查看谁调用了什么、结果如何',
    events: '查看哪些连接被切断、由哪个调用引起、用时多久',
    doctor: '检查本机条件，并说明缺少的怎样补上',
    account: '账号及其访问密钥',
    accountCreate: '创建账号及其第一个访问密钥',
    accountList: '列出账号',
    accountPassword: '设置账号登录控制台的密码',
    accountKey: '账号的访问密钥',
    accountKeyCreate: '再创建一个访问密钥',
    zone: '可用区，以及模拟可用区故障',
    zoneList: '列出可用区及其状态',
    zoneDown: '使可用区不可用：其中的资源均不可达',
    zoneUp: '恢复可用区',
    exec: '在实例中运行命令',
    explain: '说明实例的数据包为何通或不通，并发送真实数据包',
    proof: '探测实例、地址与端口的每一种组合，并与模型比较',
    console: '生成一次性的控制台登录链接；指定实例时打印该实例的控制台日志',
    call: '调用一个 API',
    quickstart: '用真实数据包完成两个入门流程，并证明它们有效',
    test: '运行本机能运行的全部测试',
    completion: '打印命令行补全脚本',
  },
  options: {
    state: '部署的数据目录',
    listen: 'API 的监听地址',
    regions: '要提供的地域与可用区（JSON 文件）',
    foreground: '留在前台，按 Ctrl-C 停止',
    output: '结果的输出格式',
    lang: '信息的语言',
    purge: '同时删除已存储的数据',
    accountId: '数字；不给则自动生成',
    account: '账号 ID',
    accountName: '账号名称',
    zone: '可用区 ID',
    noNetns: '不运行需要创建网络命名空间的测试',
    noQuickstart: '不运行端到端流程',
    instance: '实例 ID，i-…',
    command: '命令及其参数',
    shell: 'bash、zsh 或 fish',
    since: '从何时起：15m、2h、7d 或一个时间',
    auditAccount: '只看一个账号的调用',
    auditAction: '只看一个操作的调用',
    auditUser: '只看一个用户的调用',
    eventEndpoint: '只看一个终端节点的事件',
    linkAccount: '链接只用于该账号',
    place: '地址、域名或 ID，以及端口：ep-…:80',
    udp: '使用 UDP 而不是 TCP',
    host: '发往 HTTP 或 HTTPS 监听的请求的域名，默认为所访问的名称或地址',
    path: '该请求的路径',
    proofAccount: '只包括这些账号的资源',
    ports: '要探测的 TCP 端口，例如 80,443；默认为监听端口、规则边界和一个关闭的端口',
    save: '将结果写入此文件',
    limit: '最多探测次数',
    parallel: '同时探测的实例数',
    seconds: '超过此时间不再发起新的探测',
  },

  noDeployment: (state) => `${state} 中没有部署。请用 ./postern up 启动，或用 --state 指定其他目录。`,
  notRunning: (state) => `${state} 中的部署没有运行。请用 ./postern up --state ${state} 启动。`,
  stateTooLong: (state, limit) =>
    `数据目录 ${state} 的路径对 unix 套接字来说太长。请用 --state 指定不超过 ${limit} 字节的目录。`,
  stateBelowRun: (state) =>
    `数据目录 ${state} 位于 /run 之下，而普通用户的部署有自己的 /run。请用 --state 指定其他目录。`,
  closedDirectory: (state, closed) =>
    `服务端以无特权方式运行，无法到达 ${state}，因为 ${closed} 不对其他用户开放。请用 --state 指定其他目录，例如 /var/lib 之下。`,
  notYours: (state, uid) => `${state} 属于用户 ID ${uid}。请以该用户运行，或用 --state 指定其他目录。`,
  runsElsewhere: (listen, state) =>
    `${state} 中的部署已在运行，监听 ${listen}。请先用 ./postern down 停止它。`,
  cannotListen: (listen, trouble) =>
    trouble === 'EADDRINUSE'
      ? `${listen} 已被其他程序占用。请用 --listen 指定其他地址。`
      : `无法监听 ${listen}（${trouble}）。请用 --listen 指定其他地址。`,
  badRegions: (reason) => `地域配置无法使用：${reason}`,
  otherRegions: (state) =>
    `${state} 中的部署已在运行，使用的是另一份地域配置。请先用 ./postern down 停止它。`,
  partEnded: (part, log) => `${part} 在启动过程中结束。最后几行日志：\n${log}`,
  notReady: (seconds, log) => `${seconds} 秒后仍未就绪，已全部停止。最后几行日志：\n${log}`,
  alreadyRuns: 'Postern 已在运行。',
  runs: ({ endpoint, ca, console: web, state, signIn }, root) =>
    [
      'Postern 已就绪。',
      `  API       ${endpoint}  （同一端口支持 HTTP 与 HTTPS）`,
      `  控制台    ${web}`,
      `  CA 文件   ${ca}`,
      `  数据目录  ${state}${root ? '' : '  （普通用户模式：不触碰主机网络）'}`,
      '',
      ...(signIn === undefined ? [] : ['登录控制台（10 分钟内有效，仅可使用一次）：', `  ${signIn}`, '']),
      '使用 SDK 与 Terraform 请创建带密钥的账号；该密钥也可登录控制台：',
      `  ./postern account create --name me --state ${state}`,
    ].join('\n'),
  signInLink: (link) => `登录控制台（10 分钟内有效，仅可使用一次）：\n  ${link}`,
  stopHint: '按 Ctrl-C 停止。',
  stopped: 'Postern 已停止。已存储的数据保留；./postern up 可恢复一切。',
  purged: 'Postern 已停止并删除。',
  nothingThere: '没有这样的部署，无需操作。',

  created: ({ id, name, keyId, secret }, endpoint, ca) => {
    const host = endpoint.replace('https://', '')
    return [
      `账号 ${id}（${name}）。密钥只显示这一次：`,
      '',
      `  export ALIBABA_CLOUD_ACCESS_KEY_ID=${keyId}`,
      `  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`,
      `  export NODE_EXTRA_CA_CERTS=${ca} SSL_CERT_FILE=${ca}`,
      '',
      `SDK 的 endpoint 填 ${host}。使用 Terraform 时再设置：`,
      '',
      `  export ALICLOUD_ACCESS_KEY=${keyId} ALICLOUD_SECRET_KEY=${secret}`,
      `  export PRIVATELINK_ENDPOINT=${host} VPC_ENDPOINT=${host} ECS_ENDPOINT=${host} SLB_ENDPOINT=${host}`,
    ].join('\n')
  },
  accountColumns: ['账号', '名称'],
  zoneColumns: ['可用区', '地域', '状态', '起始时间'],
  zoneIs: (zone, status) => `${zone} ${status === 'down' ? '已不可用' : '已恢复'}。`,
  auditColumns: ['时间', '账号', '用户', '操作', '结果', '来源', '资源', '请求'],
  eventColumns: ['结束时间', '终端节点', '可用区', '原因', '调用', '距调用毫秒数', '结束的流数'],
  badSince: (text) => `“${text}”不是时间；请写成 15m、2h、7d 或 2026-11-24T08:00:00Z`,
  metricsColumns: ['终端节点', '可用区', '入字节', '入包数', '入丢包', '出字节', '出包数', '出丢包'],
  capacityColumns: ['终端节点', '可用区', '已用端口', '剩余端口', '源地址数', '超限拒绝数'],
  newPassword: '新密码：',
  newPasswordAgain: '再次输入：',
  passwordsDiffer: '两次输入不一致',
  passwordSet: (account) => `账号 ${account} 现在使用新密码登录控制台；以旧密码登录的会话均已结束。`,
  badAccountId: (text) => `“${text}”不是账号 ID：应为 1 到 16 位数字，首位不为 0`,
  serverAnswered: (message) => `服务端拒绝：${message}`,

  toolsMissing: (list, command) => `本机缺少\n${list}\n请这样安装：\n  ${command}`,
  toolsMissingElsewhere: (list, packages) =>
    `本机缺少\n${list}\n且没有 apt-get。请安装 Debian 中名为下列的软件包：${packages}`,
  installing: (list, packages) => `本机缺少\n${list}\n正在安装 Debian 软件包：${packages}`,
  installFailed: (command) => `Debian 软件包安装失败（见上）。请自行尝试：${command}`,

  findingState: (state) => findingStates[state],
  rightsRoot: '权限：root 且可用命名空间',
  rightsUser: '权限：自己的用户命名空间',
  rightsUserWhy: '一切都在你自己的命名空间中运行',
  howPrivileged: '此容器不允许：启动时请加 --privileged',
  howUserNamespacesElse: '允许该用户使用用户命名空间，或以 root 运行',
  howNode: '请用 ./postern 启动，它自带该版本',
  cgroup: '控制组（cgroup）',
  cgroupWhy: '限制实例的内存与进程数',
  cgroupLimited: '实例的限制只能按进程生效',
  howCgroupUser: '以 root 运行，或把一个控制组委派给你的用户',
  machineLacks: (names) => `本机缺少：${names.join('、')}。上表说明怎样补上。`,
  machineReady: '本机具备 Postern 所需的一切。',

  skipped: (what, why) => `跳过：${what}（${why}）`,
  needsRoot: '需要 root',
  testsFailed: (count) => `${count} 项失败，见上`,

  explain: explainZh,
  product: productZh,
} satisfies Messages
