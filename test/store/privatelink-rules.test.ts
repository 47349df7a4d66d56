/** Rules of the Privatelink product, each with the code that breaking it is refused with. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, refuses, type Scene, setScene, stranger } from './scene.ts'
import { side, zone } from './side.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const attach = (change: WireParams) => () => ({
  ServiceId: scene.service,
  ResourceType: 'slb',
  ResourceId: scene.clb,
  ...change,
})
const endpointIn = (change: WireParams) => () => ({
  VpcId: scene.vpc1.vpc,
  ServiceId: scene.service,
  'SecurityGroupId.1': scene.vpc1.group,
  ...change,
})
const inZone = (change: WireParams) =>
  endpointIn({ 'Zone.1.ZoneId': zone, 'Zone.1.VSwitchId': scene.vpc1?.vswitch ?? '', ...change })
const connection = (change: WireParams) => () => ({
  ServiceId: scene.service,
  EndpointId: scene.endpoint,
  ...change,
})
const own = (change: WireParams) => () => ({ EndpointId: scene.endpoint, ...change })
refuses(
  () => scene.of,
  [
    [stranger, 'Privatelink.CheckProductOpen', () => ({}), 'NeedOpenProduct'],
    [stranger, 'Privatelink.CreateVpcEndpointService', () => ({}), 'NeedOpenProduct'],
    [stranger, 'Privatelink.CreateVpcEndpoint', endpointIn({}), 'EndpointServiceNotAuthorized'],
    [provider, 'Privatelink.OpenPrivateLinkService', () => ({}), 'OrderOpend'],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ ServiceResourceType: 'gwlb' }),
      'EndpointServiceResourceTypeNotSupport',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ AddressIpVersion: 'DualStack' }),
      'EndpointServiceNotSupportIpv6',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ Payer: 'EndpointService' }),
      'EndpointServicePayerForbidden',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ 'SupportedRegionList.1': 'cn-beijing' }),
      'IllegalParamFormat.SupportedRegionList',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ ServiceDescription: 'http://a' }),
      'IllegalParamFormat.ServiceDescription',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ 'Resource.1.ResourceId': scene.internetClb, 'Resource.1.ResourceType': 'slb' }),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => attach({ ResourceId: scene.internetClb })(),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => attach({ ResourceId: scene.prepaidClb })(),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ResourceId: 'lb-none' }),
      'LoadBalancerNotFound',
    ],
    [provider, 'Privatelink.AttachResourceToVpcEndpointService', attach({}), 'EndpointServiceResourceExist'],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ResourceType: 'nlb' }),
      'EndpointServiceResourceTypeNotEqual',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ZoneId: 'eu-central-1a' }),
      'EndpointServiceNotSupportedZone',
    ],
    [consumer, 'Privatelink.AttachResourceToVpcEndpointService', attach({}), 'EndpointServiceNotFound'],
    [
      provider,
      'Privatelink.DetachResourceFromVpcEndpointService',
      attach({ ResourceId: 'lb-none' }),
      'EndpointServiceResourceNotFound',
    ],
    [
      provider,
      'Privatelink.UpdateVpcEndpointServiceResourceAttribute',
      attach({ AutoAllocatedEnabled: false }),
      'ResourceAutoAllocateViolation',
    ],
    [
      provider,
      'Privatelink.UpdateVpcEndpointServiceAttribute',
      () => ({ ServiceId: scene.service, ConnectBandwidth: 99 }),
      'IllegalParamFormat.ConnectBandwidth',
    ],
    [
      provider,
      'Privatelink.AddUserToVpcEndpointService',
      () => ({ ServiceId: scene.service }),
      'MissingParam.UserArn',
    ],
    [
      provider,
      'Privatelink.AddUserToVpcEndpointService',
      () => ({ ServiceId: scene.service, UserId: '1', UserARN: 'acs:ram:*:2:*' }),
      'Mismatch.UserIdAndUserArn',
    ],
    [consumer, 'Privatelink.GetVpcEndpointServiceAttribute', attach({}), 'EndpointServiceNotFound'],
    [provider, 'Privatelink.DeleteVpcEndpointService', attach({}), 'EndpointServiceDependenceViolation'],

    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceId: 'epsrv-none' }),
      'EndpointServiceNotFound',
    ],
    [consumer, 'Privatelink.CreateVpcEndpoint', endpointIn({ ServiceId: '' }), 'MissingParam.ServiceId'],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceName: 'com.aliyuncs.privatelink.eu-central-1.epsrv-other' }),
      'EndpointServiceNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => ({ ...endpointIn({})(), VpcId: scene.vpc2.vpc }),
      'VpcNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ 'SecurityGroupId.1': '' }),
      'EndpointMustContainSecurityGroup',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.1': scene.vpc2.group })(),
      'SecurityGroupNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.2': scene.vpc1.group })(),
      'SecurityGroupExist',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.2': scene.enterprise })(),
      'SecurityGroupTypeOnlySingleTypeSupporteded',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ZoneId': 'eu-central-1a' })(),
      'EndpointServiceNotSupportedZone',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.VSwitchId': scene.vpc2.vswitch })(),
      'VSwitchNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.2.ZoneId': zone, 'Zone.2.VSwitchId': scene.vpc1.vswitch })(),
      'EndpointZoneDuplicated',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ip': '10.0.0.182' })(),
      'EniIpUnavailable',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ip': '10.0.1.1' })(),
      'EniIpUnavailable',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ EndpointType: 'Reverse' }),
      'Mismatch.EndpointType',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ PolicyDocument: '[]' }),
      'IllegalParamFormat.PolicyDocument',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ AddressIpVersion: 'DualStack' }),
      'EndpointServiceNotSupportIpv6',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceRegionId: 'cn-beijing' }),
      'IllegalParamFormat.ServiceRegionId',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ EndpointName: '1st' }),
      'IllegalParamFormat.EndpointName',
    ],
    [
      consumer,
      'Privatelink.AddZoneToVpcEndpoint',
      () => own({ ZoneId: zone, VSwitchId: scene.vpc1.vswitch })(),
      'EndpointZoneDuplicated',
    ],
    [
      consumer,
      'Privatelink.RemoveZoneFromVpcEndpoint',
      own({ ZoneId: 'eu-central-1a' }),
      'EndpointZoneNotFound',
    ],
    [consumer, 'Privatelink.DeleteVpcEndpoint', own({}), 'EndpointDependenceViolation'],
    [
      consumer,
      'Privatelink.DetachSecurityGroupFromVpcEndpoint',
      () => own({ SecurityGroupId: scene.vpc1.group })(),
      'EndpointMustContainSecurityGroup',
    ],
    [
      consumer,
      'Privatelink.AttachSecurityGroupToVpcEndpoint',
      () => own({ SecurityGroupId: scene.vpc1.group })(),
      'SecurityGroupExist',
    ],
    [
      consumer,
      'Privatelink.AttachSecurityGroupToVpcEndpoint',
      () => own({ SecurityGroupId: scene.vpc2.group })(),
      'SecurityGroupNotFound',
    ],
    [provider, 'Privatelink.GetVpcEndpointAttribute', own({}), 'EndpointNotFound'],
    [provider, 'Privatelink.DeleteVpcEndpoint', own({}), 'EndpointNotFound'],

    [consumer, 'Privatelink.EnableVpcEndpointConnection', connection({}), 'EndpointServiceNotFound'],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ EndpointId: 'ep-none' }),
      'EndpointConnectionNotFound',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ Bandwidth: 10241 }),
      'IllegalParamFormat.Bandwidth',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ TrafficControlMode: 'Scalability' }),
      'IllegalParamFormat.TrafficControlMode',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointZoneConnection',
      connection({ ZoneId: zone }),
      'IncorrectStatus.VpcEndpointConnection',
    ],
    [
      provider,
      'Privatelink.DisableVpcEndpointZoneConnection',
      connection({ ZoneId: zone }),
      'IncorrectStatus.VpcEndpointConnection',
    ],
  ],
)

test('a stranger to the whitelist has no way in', async () => {
  const mine = side(scene.of, stranger)
  await mine.call('Privatelink.OpenPrivateLinkService')
  const network = await mine.network('10.0.0.0/16', '10.0.0.0/24')
  const params = { VpcId: network.vpc, ServiceId: scene.service, 'SecurityGroupId.1': network.group }
  const refusal = await scene.of.refusal(stranger, 'Privatelink.CreateVpcEndpoint', params)
  expect(refusal).toBe('EndpointServiceNotAuthorized')
  const open = await mine.call('Privatelink.ListVpcEndpointServicesByEndUser')
  expect(open).toMatchObject({ TotalCount: '0', Services: [] })
})

test('a service open to everyone is open to the stranger', async () => {
  const user = { ServiceId: scene.service, UserARN: 'acs:ram:*:*:*' }
  await scene.of.call(provider, 'Privatelink.AddUserToVpcEndpointService', user)
  const open = await scene.of.call(stranger, 'Privatelink.ListVpcEndpointServicesByEndUser')
  expect(open).toMatchObject({ TotalCount: '1', Services: [{ ServiceId: scene.service }] })
  const list = { ServiceId: scene.service, UserListType: 'UserARNs' }
  const users = await scene.of.call(provider, 'Privatelink.ListVpcEndpointServiceUsers', list)
  expect(users['UserARNs']).toEqual([
    { UserARN: `acs:ram:*:${provider}:*` },
    { UserARN: `acs:ram:*:${consumer}:*` },
    { UserARN: 'acs:ram:*:*:*' },
  ])
  await scene.of.call(provider, 'Privatelink.RemoveUserFromVpcEndpointService', user)
})

test('who leaves the whitelist of a service that reconciles is cut, unless everyone is let in', async () => {
  const { of, service, endpoint } = scene
  const which = { ServiceId: service, EndpointId: endpoint }
  const user = { ServiceId: service, UserId: consumer }
  const everyone = { ServiceId: service, UserARN: 'acs:ram:*:*:*' }
  const call = (action: string, params: WireParams) => of.call(provider, `Privatelink.${action}`, params)
  const status = async () => {
    const { Connections } = await call('ListVpcEndpointConnections', which)
    return (Connections as { ConnectionStatus: string }[])[0]?.ConnectionStatus
  }
  await call('EnableVpcEndpointConnection', which)
  await call('RemoveUserFromVpcEndpointService', user)
  expect(await status()).toBe('Connecting')
  await call('AddUserToVpcEndpointService', user)

  await call('TagResources', {
    ResourceType: 'vpcendpointservice',
    'ResourceId.1': service,
    'Tag.1.Key': 'postern:whitelist',
    'Tag.1.Value': 'reconcile',
  })
  await call('AddUserToVpcEndpointService', everyone)
  await call('RemoveUserFromVpcEndpointService', user)
  expect(await status()).toBe('Connecting')
  await call('RemoveUserFromVpcEndpointService', everyone)
  expect(await status()).toBe('Disconnecting')
})
