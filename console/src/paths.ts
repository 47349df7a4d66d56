/** The only maker of the console's addresses. All but sign-in are below a region, so that a link says where it leads. */
import { useApi } from './api/context.ts'

export const signInPath = '/sign-in'

export function pathsIn(region: string) {
  const at = (...parts: readonly string[]) => `/${[region, ...parts].map(encodeURIComponent).join('/')}`
  return {
    overview: at(),
    vpcs: at('vpcs'),
    vpc: (id: string) => at('vpcs', id),
    vswitches: at('vswitches'),
    routeTables: at('route-tables'),
    routeTable: (id: string) => at('route-tables', id),
    prefixLists: at('prefix-lists'),
    prefixList: (id: string) => at('prefix-lists', id),
    securityGroups: at('security-groups'),
    securityGroup: (id: string) => at('security-groups', id),
    instances: at('instances'),
    createInstance: at('instances', 'create'),
    instance: (id: string) => at('instances', id),
    keyPairs: at('key-pairs'),
    loadBalancers: at('load-balancers'),
    createLoadBalancer: at('load-balancers', 'create'),
    loadBalancer: (id: string) => at('load-balancers', id),
    createListener: (id: string) => at('load-balancers', id, 'listeners', 'create'),
    certificates: at('server-certificates'),
    networkBalancers: at('network-load-balancers'),
    createNetworkBalancer: at('network-load-balancers', 'create'),
    networkBalancer: (id: string) => at('network-load-balancers', id),
    nlbServerGroups: at('nlb-server-groups'),
    nlbServerGroup: (id: string) => at('nlb-server-groups', id),
    services: at('endpoint-services'),
    createService: at('endpoint-services', 'create'),
    service: (id: string) => at('endpoint-services', id),
    endpoints: at('endpoints'),
    createEndpoint: at('endpoints', 'create'),
    endpoint: (id: string) => at('endpoints', id),
    account: at('account'),
    users: at('ram-users'),
    user: (name: string) => at('ram-users', name),
    ramGroups: at('ram-groups'),
    ramGroup: (name: string) => at('ram-groups', name),
    roles: at('ram-roles'),
    role: (name: string) => at('ram-roles', name),
    policies: at('ram-policies'),
    policy: (type: 'System' | 'Custom', name: string) => at('ram-policies', type, name),
    resourceGroups: at('resource-groups'),
    resourceGroup: (id: string) => at('resource-groups', id),
    tags: at('tags'),
    events: at('events'),
    quotas: at('quotas'),
    explain: at('explain'),
    proof: at('proof'),
    tours: at('tours'),
    tour: (name: string) => at('tours', name),
  }
}

export type Paths = ReturnType<typeof pathsIn>

export function usePaths(): Paths {
  return pathsIn(useApi().region)
}
