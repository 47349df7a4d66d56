/** Value rules of the public API: names, descriptions, blocks, ports. Each says what the documents say. */
import { containsBlock, overlaps, parseCidr, type Cidr } from './ipv4.ts'

/** A form that a text must have, and the words for whoever gives another. */
export interface TextRule {
  readonly pattern: RegExp
  readonly says: string
}

/** PrivateLink, ECS. */
export const resourceName: TextRule = {
  pattern: /^[a-zA-Z\u4e00-\u9fff][a-zA-Z0-9\u4e00-\u9fff_.:-]{1,127}$/,
  says: '2 to 128 characters, a letter or Chinese character first; then also digits and `-_.:`',
}
/** PrivateLink, CreateVpcEndpoint. */
export const endpointName: TextRule = {
  pattern: /^[a-zA-Z\u4e00-\u9fff][a-zA-Z0-9\u4e00-\u9fff_-]{1,127}$/,
  says: '2 to 128 characters, a letter or Chinese character first; then also digits and `-_`',
}
/** Slb, CreateLoadBalancer. */
export const loadBalancerName: TextRule = {
  pattern: /^[a-zA-Z\u4e00-\u9fff][a-zA-Z0-9\u4e00-\u9fff._-]{0,79}$/,
  says: '1 to 80 characters, a letter or Chinese character first; then also digits and `._-`',
}
/** Slb, SetLoadBalancerName: as at creation, but a digit may come first. */
export const loadBalancerNewName: TextRule = {
  pattern: /^[a-zA-Z0-9\u4e00-\u9fff][a-zA-Z0-9\u4e00-\u9fff._-]{0,79}$/,
  says: '1 to 80 characters, a letter, digit or Chinese character first; then also `._-`',
}
/** Slb, listeners. */
export const listenerDescription: TextRule = {
  pattern: /^[a-zA-Z0-9\u4e00-\u9fff/._-]{1,256}$/,
  says: '1 to 256 letters, digits, Chinese characters and `-/._`',
}
/** Nlb. */
export const nlbName: TextRule = {
  pattern: /^[a-zA-Z\u4e00-\u9fff][a-zA-Z0-9\u4e00-\u9fff._-]{1,127}$/,
  says: '2 to 128 characters, a letter or Chinese character first; then also digits and `._-`',
}
/** Nlb, listeners and servers. */
export const nlbDescription: TextRule = {
  pattern: /^[a-zA-Z0-9\u4e00-\u9fff,.;/@_-]{2,256}$/,
  says: '2 to 256 letters, digits, Chinese characters and `,.;/@_-`',
}
/** ResourceManager, CreateResourceGroup. */
export const resourceGroupName: TextRule = {
  pattern: /^[a-zA-Z][a-zA-Z0-9-]{2,49}$/,
  says: '3 to 50 characters, a letter first; then also digits and `-`',
}
/** ECS, CreatePrefixList. */
export const prefixListName: TextRule = {
  pattern: /^(?!com\.(?:aliyun|alibabacloud))[a-zA-Z][a-zA-Z0-9_.:-]{1,127}$/,
  says: '2 to 128 characters, a letter first; then also digits and `-_.:`; `com.aliyun` must not begin it',
}
/** Linux host names as ECS takes them. */
export const hostName: TextRule = {
  pattern: /^(?=.{2,64}$)[a-zA-Z0-9]+(?:[.-][a-zA-Z0-9]+)*$/,
  says: '2 to 64 characters: letters, digits and dashes, in parts that dots join',
}

/** ECS, RunInstances. */
export const instancePassword: TextRule = {
  pattern:
    /^(?=.{8,30}$)(?:(?=.*[A-Z])(?=.*[a-z])(?=.*\d)|(?=.*[A-Z])(?=.*[a-z])(?=.*[^A-Za-z0-9])|(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9])|(?=.*[a-z])(?=.*\d)(?=.*[^A-Za-z0-9]))[A-Za-z0-9()`~!@#$%^&*_+=|{}[\]:;'<>,.?/-]+$/,
  says: '8 to 30 characters of at least three kinds: capital letters, small letters, digits, signs',
}

/** `minimum` to 256 characters, no link (VPC: 1, ECS and PrivateLink: 2). */
export function freeText(minimum: number, maximum: number): TextRule {
  return {
    pattern: new RegExp(`^(?!https?://)[^]{${minimum},${maximum}}$`),
    says: `${minimum} to ${maximum} characters, and neither \`http://\` nor \`https://\` first`,
  }
}

/** Tag keys (1-64) and values (0-128): no `aliyun` or `acs:` first, no link anywhere. */
export function isTagText(text: string, maximum: number): boolean {
  return text.length <= maximum && !/^(aliyun|acs:)|https?:\/\//i.test(text)
}

/** Where the services of the cloud are (Vpc, CreateRouteEntry): the resolver, health checks, and transit between namespaces. */
export const cloudServices = parseCidr('100.64.0.0/10')

/** Blocks no VPC may touch: shared address space carries transit, the others never leave a host. */
const unusable: readonly Cidr[] = [
  '0.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
]
  .map(parseCidr)
  .filter((block) => block !== undefined)

/** Where a route may lead, whatever the VPC's own blocks are; a bare address is a block of its own (Vpc, CreateRouteEntry). */
export function routeDestination(text: string): Cidr | 'malformed' | 'reserved' {
  const block = parseCidr(text.includes('/') ? text : `${text}/32`)
  if (!block) return 'malformed'
  return unusable.some((other) => containsBlock(other, block)) ? 'reserved' : block
}

/** The block of a VPC, or what is wrong with it (Vpc, CreateVpc). */
export function vpcBlock(text: string): Cidr | string {
  const block = parseCidr(text)
  if (!block) return 'not a block such as 10.0.0.0/16'
  if (block.prefix < 8 || block.prefix > 28) return 'the mask must be 8 to 28 bits long'
  if (unusable.some((other) => overlaps(block, other))) return 'the block is reserved'
  return block
}
