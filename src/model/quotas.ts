/**
 * Defaults of the public quotas. Where the cloud's own default is low and is raised on request (VPCs, security
 * groups, load balancers), the number is one that a single host carries.
 */
export const quotas = {
  vpcsPerRegion: 500,
  vswitchesPerVpc: 150,
  securityGroupsPerRegion: 500,
  rulesPerSecurityGroup: 200,
  securityGroupsPerEni: 10,
  instancesPerRegion: 500,
  loadBalancersPerRegion: 100,
  listenersPerLoadBalancer: 50,
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
} as const
