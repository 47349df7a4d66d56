/** Fields and JSON types of the answers, as the public reference of PrivateLink 2020-04-15 lists them. */

export type Shape = 'string' | 'number' | 'boolean' | readonly [Shape] | { readonly [field: string]: Shape }

const tags = [{ Key: 'string', Value: 'string' }] as const
const page = { MaxResults: 'number', NextToken: 'string' } as const
const supportedRegions = [
  {
    SupportedRegionId: 'string',
    RegionServiceStatus: 'string',
    RegionBusinessStatus: 'string',
    ServiceRegionId: 'string',
  },
] as const

const service = {
  ServiceId: 'string',
  ServiceName: 'string',
  ServiceDomain: 'string',
  ServiceStatus: 'string',
  ServiceBusinessStatus: 'string',
  ServiceDescription: 'string',
  AutoAcceptEnabled: 'boolean',
  ZoneAffinityEnabled: 'boolean',
  ServiceSupportIPv6: 'boolean',
  AddressIpVersion: 'string',
  CreateTime: 'string',
  ResourceGroupId: 'string',
  SupportedRegionSet: supportedRegions,
} as const

const serviceDetails = {
  ...service,
  RegionId: 'string',
  Payer: 'string',
  ServiceResourceType: 'string',
  ServiceType: 'string',
  ConnectBandwidth: 'number',
  MinBandwidth: 'number',
  MaxBandwidth: 'number',
} as const

const endpoint = {
  EndpointId: 'string',
  EndpointName: 'string',
  EndpointDescription: 'string',
  EndpointDomain: 'string',
  EndpointStatus: 'string',
  EndpointBusinessStatus: 'string',
  ConnectionStatus: 'string',
  Bandwidth: 'number',
  CrossRegionBandwidth: 'number',
  AddressIpVersion: 'string',
  CreateTime: 'string',
  ServiceId: 'string',
  ServiceName: 'string',
  ServiceRegionId: 'string',
  VpcId: 'string',
  ZoneAffinityEnabled: 'boolean',
} as const

const endpointDetails = {
  ...endpoint,
  RegionId: 'string',
  EndpointType: 'string',
  ResourceGroupId: 'string',
  ResourceOwner: 'boolean',
  PolicyDocument: 'string',
  ProtectedEnabled: 'boolean',
} as const

/** Actions that are not here answer with nothing but RequestId. */
export const shapes: Readonly<Record<string, { readonly [field: string]: Shape }>> = {
  CreateVpcEndpointService: service,
  GetVpcEndpointServiceAttribute: { ...serviceDetails, Zones: ['string'] },
  ListVpcEndpointServices: {
    Services: [{ ...serviceDetails, Tags: tags }],
    TotalCount: 'number',
    ...page,
  },
  ListVpcEndpointServicesByEndUser: {
    Services: [
      {
        ServiceId: 'string',
        ServiceName: 'string',
        ServiceDomain: 'string',
        ServiceType: 'string',
        ServiceResourceType: 'string',
        ServiceSupportIPv6: 'boolean',
        AddressIpVersion: 'string',
        AutoAcceptEnabled: 'boolean',
        Payer: 'string',
        ResourceGroupId: 'string',
        ZoneAffinityEnabled: 'boolean',
        VpcEndpointPolicySupported: 'boolean',
        Zones: ['string'],
        Tags: tags,
      },
    ],
    TotalCount: 'string',
    ...page,
  },
  ListVpcEndpointServiceResources: {
    Resources: [
      {
        ResourceId: 'string',
        ResourceType: 'string',
        RegionId: 'string',
        ZoneId: 'string',
        VpcId: 'string',
        VSwitchId: 'string',
        Ip: 'string',
        AutoAllocatedEnabled: 'boolean',
        ResourceSupportIPv6: 'boolean',
        RelatedEndpointCount: 'number',
        RelatedDeprecatedEndpointCount: 'number',
      },
    ],
    ...page,
  },
  ListVpcEndpointServiceUsers: {
    Users: [{ UserId: 'number' }],
    UserARNs: [{ UserARN: 'string' }],
    TotalCount: 'string',
    ...page,
  },
  CreateVpcEndpoint: endpoint,
  GetVpcEndpointAttribute: { ...endpointDetails, Payer: 'string', ZonePrivateIpAddressCount: 'number' },
  ListVpcEndpoints: { Endpoints: [{ ...endpointDetails, Tags: tags }], TotalCount: 'number', ...page },
  ListVpcEndpointZones: {
    Zones: [
      {
        ZoneId: 'string',
        VSwitchId: 'string',
        RegionId: 'string',
        EniId: 'string',
        EniIp: 'string',
        ZoneIpv6Address: 'string',
        ZoneDomain: 'string',
        ZoneStatus: 'string',
      },
    ],
    TotalCount: 'number',
    ...page,
  },
  ListVpcEndpointSecurityGroups: {
    SecurityGroups: [{ SecurityGroupId: 'string', SecurityGroupStatus: 'string' }],
    TotalCount: 'number',
    ...page,
  },
  ListVpcEndpointConnections: {
    Connections: [
      {
        ServiceId: 'string',
        EndpointId: 'string',
        EndpointOwnerId: 'number',
        EndpointVpcId: 'string',
        EndpointRegionId: 'string',
        ServiceRegionId: 'string',
        ConnectionStatus: 'string',
        Bandwidth: 'number',
        TrafficControlMode: 'string',
        ModifiedTime: 'string',
        ResourceGroupId: 'string',
        ResourceOwner: 'boolean',
        Zones: [
          {
            ZoneId: 'string',
            VSwitchId: 'string',
            EniId: 'string',
            ResourceId: 'string',
            ZoneStatus: 'string',
            ZoneDomain: 'string',
            ReplacedResourceId: 'string',
            ReplacedEniId: 'string',
          },
        ],
      },
    ],
    TotalCount: 'string',
    ...page,
  },
  ListTagResources: {
    TagResources: [{ ResourceId: 'string', ResourceType: 'string', TagKey: 'string', TagValue: 'string' }],
    NextToken: 'string',
  },
  DescribeRegions: {
    Regions: {
      Region: [
        {
          RegionId: 'string',
          LocalName: 'string',
          RegionEndpoint: 'string',
          ServiceResourceTypes: { ServiceResourceType: ['string'] },
        },
      ],
    },
  },
  DescribeZones: { Zones: { Zone: [{ ZoneId: 'string', LocalName: 'string' }] } },
  CheckProductOpen: { Success: 'boolean' },
  OpenPrivateLinkService: { OrderId: 'string' },
}

/** Where a value differs from its shape; empty when it does not. */
export function differences(shape: Shape, value: unknown, at = 'answer'): readonly string[] {
  if (typeof shape === 'string')
    return typeOf(value) === shape ? [] : [`${at} is ${typeOf(value)}, not ${shape}`]
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${at} is no list`]
    return value.flatMap((item, index) => differences(shape[0], item, `${at}[${index}]`))
  }
  if (typeof value !== 'object' || value === null) return [`${at} is no object`]
  const fields = value as Readonly<Record<string, unknown>>
  const missing = Object.keys(shape).filter((name) => !(name in fields))
  const strange = Object.keys(fields).filter((name) => !(name in shape))
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...strange.map((name) => `${at}.${name} is not in the reference`),
    ...Object.entries(shape).flatMap(([name, inner]) =>
      name in fields ? differences(inner, fields[name], `${at}.${name}`) : [],
    ),
  ]
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape)
}

/** pop-core reads numbers as objects, so that none is rounded. */
function typeOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'toFixed' in value ? 'number' : typeof value
}
