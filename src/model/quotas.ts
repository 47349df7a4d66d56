/**
 * Defaults of the public quotas. Where the cloud's own default is low and is raised on request (VPCs, security
 * groups, load balancers), the number is one that a single host carries.
 */
export const quotas = {
  vpcsPerRegion: 500,
  vswitchesPerVpc: 150,
  blocksPerVpc: 5,
  routeTablesPerVpc: 9,
  routesPerTable: 200,
  securityGroupsPerRegion: 500,
  rulesPerSecurityGroup: 200,
  securityGroupsPerEni: 10,
  enisPerRegion: 500,
  prefixListsPerRegion: 100,
  entriesPerPrefixList: 200,
  instancesPerRegion: 500,
  keyPairsPerRegion: 500,
  addressesPerEni: 10,
  loadBalancersPerRegion: 100,
  listenersPerLoadBalancer: 50,
  rulesPerListener: 40,
  serversPerLoadBalancer: 200,
  serverGroupsPerLoadBalancer: 100,
  networkLoadBalancersPerRegion: 60,
  zonesPerNetworkLoadBalancer: 10,
  listenersPerNetworkLoadBalancer: 50,
  nlbServerGroupsPerRegion: 200,
  serversPerNlbServerGroup: 400,
  servicesPerRegion: 200,
  resourcesPerService: 500,
  resourcesPerServiceZone: 100,
  endpointsPerVpc: 1000,
  zonesPerEndpoint: 10,
  securityGroupsPerEndpoint: 10,
  tagsPerResource: 20,
  resourceGroupsPerAccount: 30,
  usersPerAccount: 1000,
  accessKeysPerAccount: 5,
  accessKeysPerUser: 2,
  groupsPerAccount: 50,
  groupsPerUser: 50,
  rolesPerAccount: 1000,
  policiesPerAccount: 1500,
  versionsPerPolicy: 5,
  systemPoliciesPerPrincipal: 20,
  customPoliciesPerPrincipal: 10,
} as const

/** Bandwidth of a connection through a CLB, in Mbit/s (PrivateLink, limits). */
export const bandwidth = { minimum: 100, usual: 3072, maximum: 10240 } as const

/** Of one connection, in Mbit/s (PrivateLink, EnableVpcEndpointConnection). */
export const mostBandwidth = { slb: bandwidth.maximum, nlb: 50_000 } as const
