import type { Messages } from '../en.ts'

export const keys: Messages['keys'] = {
  about: '公钥在实例下次启动时写入实例，私钥由您自行保管。',
  empty: '还没有密钥对。',
  create: '创建密钥对',
  import: '导入密钥对',
  publicKey: '公钥',
  publicKeyHint: 'OpenSSH 格式：ssh-rsa、ssh-ed25519 或 ecdsa-sha2-…，后接 Base64 内容。',
  publicKeyRule: '请输入公钥，例如 ssh-ed25519 AAAA…',
  fingerprint: '指纹',
  once: '私钥仅在此时显示一次，请妥善保管，不要让他人读取。',
  privateKey: '私钥',
  download: '下载',
  instances: '实例',
  attach: '绑定实例',
  detach: '解绑实例',
  attachHint: '实例已有的密钥对会被替换，下次启动后生效。',
  noneLeft: '当前地域没有其他实例。',
  noneAttached: '没有实例绑定该密钥对。',
  deleteHint: (name) => `将删除密钥对 ${name}。已写入公钥的实例不受影响。`,
}
