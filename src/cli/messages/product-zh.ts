import type { ProductMessages } from './product-messages.ts'

const perhaps = (meant: string | undefined) => (meant === undefined ? '' : `是否想用 ${meant}？`)

export const productZh: ProductMessages = {
  about: (name, version) => `调用 ${name} ${version}`,
  heading: 'API 产品：',
  usageOfProduct: (product) => `用法：postern ${product} <API> [--参数 值 …] [选项]`,
  usageOfAction: (product, action) => `用法：postern ${product} ${action} [--参数 值 …] [选项]`,
  flagsHelp: [
    '选项：',
    '  --profile 名称、--region 地域、--endpoint 主机:端口 或 URL、--ca 文件',
    '  --account 账号 ID               以本机部署（--state 目录）中某个账号的身份',
    '  --access-key-id、--access-key-secret、--sts-token、--ram-role-arn、--role-session-name、--expired-seconds',
    '  --output json | table | text [cols=A,B] [rows=JMESPATH] [num=true]',
    '  --query JMESPATH                只打印这一部分（也可写 --cli-query）',
    '  --waiter expr=JMESPATH to=值 [timeout=180] [interval=5]',
    '  --pager [path=JMESPATH]         合并全部分页',
    '  --dryrun、--force、--quiet、--help、--lang en|zh',
    '列表与对象：--Tag.1.Key env --Tag.1.Value test',
  ],
  required: '必填',
  requiredWithin: '给出该对象时必填',
  partial: (note) => `与公共云不同：${note}`,
  refused: (note) => `拒绝：${note}`,
  unknownProduct: (product, known) => `没有产品 ${product}；可用的产品有 ${known.join('、')}`,
  unknownAction: (action, product, meant) =>
    `${product} 没有 API ${action}。${perhaps(meant)}postern ${product} --help 可列出全部；--force 照样发送。`,
  unknownParameter: (name, action, meant) =>
    `${action} 没有参数 ${name}。${perhaps(meant && `--${meant}`)}请看 ${action} --help；--force 照样发送。`,
  wrongWords: (problem) => {
    switch (problem.kind) {
      case 'no-value':
        return `${problem.name} 需要一个值。以两个短横线开头的值请用 = 连接。`
      case 'twice':
        return `${problem.name} 给了两次。`
      case 'extra-word':
        return `“${problem.word}”不应出现在这里：API 名称之后是 --参数 值。请看 --help。`
      case 'bad-field':
        return `--${problem.flag} 不接受“${problem.word}”。请看 --help。`
    }
  },
  badExpression: (expression, reason) => `“${expression}”不是 JMESPath 表达式：${reason}`,
  apiError: (code, text, requestId) => `${code}：${text}\n  RequestId：${requestId}`,
  unreachable: (endpoint, reason) => `无法调用 ${endpoint}：${reason}`,
  waitedInVain: ({ expression, to, timeoutS }, last) =>
    `${timeoutS} 秒后 ${expression} 为 ${last}，而不是 ${to}`,
  noEndpoint: (state) =>
    `不知道该调用哪里：请给出 --endpoint 或 POSTERN_ENDPOINT，或用 postern configure 建立配置，或启动部署（${state} 中没有）。`,
  badCa: (file, reason) => `无法读取 CA 文件 ${file}：${reason}`,
  whichAccount: (accounts) =>
    accounts.length === 0
      ? '还没有账号。请用 ./postern account create --name 名称 创建。'
      : `请用 --account 指定账号：${accounts.join('、')}；或通过配置、环境变量、选项给出密钥。`,

  configure: {
    about: '管理配置：调用哪里，用哪个密钥',
    list: '列出配置；* 表示当前配置',
    get: '打印配置或其中的字段',
    set: '用选项修改或新建配置',
    delete: '删除配置',
    switch: '切换当前配置',
    profile: '配置名称',
    field: '配置的字段',
    fields: 'mode、access-key-id、access-key-secret、sts-token、ram-role-arn、region、endpoint、ca …',
  },
  profileColumns: ['配置', '方式', '访问密钥 ID', '地域', '地址'],
  badProfileFile: (file, reason) => `${file} 无法使用：${reason}`,
  unknownProfile: (name, known) =>
    `没有配置 ${name}${known.length === 0 ? '；请用 postern configure 建立' : `；现有 ${known.join('、')}`}`,
  unknownMode: (mode, known) => `“${mode}”不是认证方式；可用的有 ${known.join('、')}`,
  unknownField: (name, known) => `配置没有字段 ${name}；可用的有 ${known.join('、')}`,
}
