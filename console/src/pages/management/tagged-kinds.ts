/** The kinds of resources that can have tags, named as in an ARN: product and type. A test compares them with the server's. */
import type { Paths } from '../../paths.ts'

type PageOf = (paths: Paths, id: string) => string | undefined

const noPage: PageOf = () => undefined

/** And where the page of one is. */
export const taggedKinds = {
  'vpc:vpc': (paths, id) => paths.vpc(id),
  'vpc:vswitch': (paths, id) => `${paths.vswitches}?q=${id}`,
  'vpc:routetable': (paths, id) => paths.routeTable(id),
  'ecs:instance': (paths, id) => paths.instance(id),
  'ecs:disk': noPage,
  'ecs:securitygroup': (paths, id) => paths.securityGroup(id),
  'ecs:eni': noPage,
  'ecs:prefixlist': (paths, id) => paths.prefixList(id),
  'ecs:keypair': (paths, id) => `${paths.keyPairs}?q=${id}`,
  'slb:instance': (paths, id) => paths.loadBalancer(id),
  'slb:vservergroup': noPage,
  'slb:certificate': (paths, id) => `${paths.certificates}?q=${id}`,
  'nlb:loadbalancer': (paths, id) => paths.networkBalancer(id),
  'nlb:listener': noPage,
  'nlb:servergroup': (paths, id) => paths.nlbServerGroup(id),
  'privatelink:vpcendpoint': (paths, id) => paths.endpoint(id),
  'privatelink:vpcendpointservice': (paths, id) => paths.service(id),
  'resourcemanager:resourcegroup': (paths, id) => paths.resourceGroup(id),
} as const satisfies Readonly<Record<string, PageOf>>

export type TaggedKind = keyof typeof taggedKinds

export const kindNames = Object.keys(taggedKinds) as readonly TaggedKind[]

export interface Named {
  /** Undefined for what this console does not know. */
  readonly kind: TaggedKind | undefined
  readonly id: string
}

/** What an ARN names: `arn:acs:<product>:<region>:<account>:<type>/<id>`. */
export function readArn(arn: string): Named {
  const [, product, type, id] = /^arn:acs:([^:]*):[^:]*:[^:]*:([^/]*)\/(.*)$/.exec(arn) ?? []
  return { kind: kindNames.find((kind) => kind === `${product}:${type}`), id: id ?? arn }
}

export function arnOf(kind: TaggedKind, region: string, account: string, id: string): string {
  const [product, type] = kind.split(':')
  // Resource groups are the same in every region.
  const place = kind === 'resourcemanager:resourcegroup' ? '*' : region
  return `arn:acs:${product}:${place}:${account}:${type}/${id}`
}
