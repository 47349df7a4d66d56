/**
 * Which resources a request is about, as ARNs (`acs:<product>:<region>:<account>:<type>/<id>`). Found by tables instead of by a
 * note at each action, so that no action can be without: by the ids and names its parameters hold, and by the action's own name
 * for what it makes or lists. Read before the parameters are validated, so that a refusal tells nothing about them.
 */
import type { Caller, Product, Action } from './action.ts'
import { collectParams } from './params.ts'

/** What the prefix of an id says about it. */
const kinds: Readonly<Record<string, readonly [product: string, type: string]>> = {
  d: ['ecs', 'disk'],
  eni: ['ecs', 'eni'],
  ep: ['privatelink', 'vpcendpoint'],
  epsrv: ['privatelink', 'vpcendpointservice'],
  i: ['ecs', 'instance'],
  lb: ['slb', 'loadbalancer'],
  lsn: ['nlb', 'listener'],
  nlb: ['nlb', 'loadbalancer'],
  pl: ['ecs', 'prefixlist'],
  rg: ['resourcemanager', 'resourcegroup'],
  rsp: ['slb', 'vservergroup'],
  sg: ['ecs', 'securitygroup'],
  sgp: ['nlb', 'servergroup'],
  ssh: ['ecs', 'keypair'],
  vpc: ['vpc', 'vpc'],
  vrt: ['vpc', 'vrouter'],
  vsw: ['vpc', 'vswitch'],
  vtb: ['vpc', 'routetable'],
}
const id = new RegExp(`(?<![a-z0-9-])(${Object.keys(kinds).join('|')})-[a-z0-9]+(?:@\\d+)?`, 'g')

/** Parameters that hold ids: alone, in lists, in JSON text, or at the end of an ARN or a service's name. */
const holdsIds = /(Ids?|ARNs?|Servers)$|^ServiceName$/

/** Of RAM, where names are the ids. */
const ramNames: Readonly<Record<string, string>> = {
  GroupName: 'group',
  NewGroupName: 'group',
  NewUserName: 'user',
  PolicyName: 'policy',
  RoleName: 'role',
  UserName: 'user',
}

/** What an action is about when no parameter names it, by the action's name; the first that fits. */
const subjects: readonly (readonly [product: string, action: RegExp, type: string])[] = [
  ['ecs', /SecurityGroup/, 'securitygroup'],
  ['ecs', /NetworkInterface/, 'eni'],
  ['ecs', /PrefixList/, 'prefixlist'],
  ['ecs', /Disk/, 'disk'],
  ['ecs', /KeyPair/, 'keypair'],
  ['ecs', /Instance/, 'instance'],
  ['nlb', /ServerGroup/, 'servergroup'],
  ['nlb', /Listener/, 'listener'],
  ['nlb', /LoadBalancer/, 'loadbalancer'],
  ['privatelink', /VpcEndpoint(Service|Connection|ZoneConnection)/, 'vpcendpointservice'],
  ['privatelink', /VpcEndpoint/, 'vpcendpoint'],
  ['ram', /^ListPoliciesForUser|AccessKey|LoginProfile|MFADevice/, 'user'],
  ['ram', /^ListPoliciesForRole/, 'role'],
  ['ram', /^ListPoliciesForGroup/, 'group'],
  ['ram', /Polic/, 'policy'],
  ['ram', /Group/, 'group'],
  ['ram', /Role/, 'role'],
  ['ram', /User/, 'user'],
  ['resourcemanager', /ResourceGroup/, 'resourcegroup'],
  ['slb', /VServerGroup|MasterSlaveServerGroup/, 'vservergroup'],
  ['slb', /LoadBalancer|BackendServers|HealthStatus|Rule/, 'loadbalancer'],
  ['slb', /Certificate/, 'certificate'],
  ['sts', /Role/, 'role'],
  ['vpc', /VSwitch/, 'vswitch'],
  ['vpc', /Route/, 'routetable'],
  ['vpc', /Vpc/, 'vpc'],
]

/** They have no regions, and their ARNs none either. */
const global = new Set(['ram', 'resourcemanager', 'sts'])

interface Resource {
  readonly product: string
  readonly type: string
  readonly arn: string
}

/** The name under which policies know a product. */
export function ramCode(product: Product): string {
  return product.name.toLowerCase()
}

/** Never empty; each of them must be allowed. */
export function resourcesOf(
  { product, action }: { readonly product: Product; readonly action: Action },
  flat: ReadonlyMap<string, string>,
  { account }: Pick<Caller, 'account'>,
  region: string,
): readonly string[] {
  const code = ramCode(product)
  const arn = (of: string, path: string, owner: string = account) =>
    `acs:${of}:${global.has(of) ? '' : region}:${owner}:${path}`
  const values = collectParams(action.params, flat)
  const owner = values['PolicyType'] === 'System' ? 'system' : account
  const all = [...namedValues(values)].flatMap(([name, value]): Resource[] => {
    if (code === 'sts' && name === 'RoleArn') return [{ product: code, type: 'role', arn: value }]
    const ramType = code === 'ram' ? ramNames[name] : undefined
    if (ramType !== undefined) {
      const path = `${ramType}/${value}`
      return [{ product: code, type: ramType, arn: arn(code, path, ramType === 'policy' ? owner : account) }]
    }
    return holdsIds.test(name)
      ? idsIn(value).map((found) => ({ ...found, arn: arn(found.product, found.path) }))
      : []
  })
  const named = all.filter((resource) => counts(resource, code, action))
  const subject = subjects.find(([of, pattern]) => of === code && pattern.test(action.name))?.[2]
  const arns = new Set(named.map((resource) => resource.arn))
  const isNamed = named.some((resource) => resource.product === code && resource.type === subject)
  if (subject !== undefined && !isNamed) arns.add(arn(code, `${subject}/*`))
  if (arns.size === 0) arns.add(arn(code, '*'))
  return [...arns]
}

/** A read is about the product's own resources, others only filter it; and a resource group is no more than a label. */
function counts(resource: Resource, code: string, action: Action): boolean {
  return resource.product === code || (action.effect === 'write' && resource.product !== 'resourcemanager')
}

function idsIn(text: string) {
  return [...text.matchAll(id)].flatMap(([found, prefix = '']) => {
    const kind = kinds[prefix]
    return kind ? [{ product: kind[0], type: kind[1], path: `${kind[1]}/${found}` }] : []
  })
}

/** Every text in the parameters, however deep, with the name it stands under. */
function* namedValues(value: unknown, name = ''): Generator<readonly [name: string, value: string]> {
  if (typeof value === 'string') yield [name, value]
  else if (Array.isArray(value)) for (const item of value) yield* namedValues(item, name)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, field] of Object.entries(value)) yield* namedValues(field, key)
  }
}
