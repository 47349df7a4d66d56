/**
 * Every error code the API can answer, with HTTP status and text. A handler throws `ApiError` with one of them;
 * anything else that is thrown becomes `InternalError` and shows the request id only.
 */

export interface ErrorSpec {
  readonly status: number
  /** `{name}` is replaced by the detail of that name. */
  readonly message: string
}

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly data: Readonly<Record<string, string>>

  /**
   * `code` must be listed in `errorSpecs`, or be one of its families (`MissingParam.*`) with the suffix filled in.
   * `status` is for a product whose documents give the code another HTTP status than the others do.
   */
  constructor(code: string, data: Readonly<Record<string, string>> = {}, status?: number) {
    const spec = errorSpec(code)
    super(spec.message.replace(/\{(\w+)\}/g, (_, name: string) => data[name] ?? suffixOf(code)))
    this.name = 'ApiError'
    this.code = code
    this.status = status ?? spec.status
    this.data = data
  }
}

function suffixOf(code: string): string {
  return code.slice(code.indexOf('.') + 1)
}

export function errorSpec(code: string): ErrorSpec {
  const family = code.includes('.') ? `${code.slice(0, code.indexOf('.'))}.*` : code
  const spec = errorSpecs[code] ?? errorSpecs[family]
  if (!spec) throw new Error(`error code ${code} is not listed in errors.ts`)
  return spec
}

/** By code, in alphabetical order. */
export const errorSpecs: Readonly<Record<string, ErrorSpec>> = {
  AuthorizationLimitExceed: {
    status: 403,
    message: 'The limit of authorization records in the security group reaches.',
  },
  // The console's own refusals have the names that the public console's have.
  'CACertificateId.NotFound': {
    status: 404,
    message: 'The specified CACertificateId does not exist.',
  },
  CertificateAndPrivateKeyIsRefered: { status: 400, message: 'The certificate is served by a listener.' },
  CertificateNotMatchPrivateKey: { status: 400, message: 'The private key is not that of the certificate.' },
  ConsoleAccountDenied: { status: 403, message: 'The session may not act as that account.' },
  ConsoleLinkExpired: { status: 401, message: 'The link was used already, or its time is over.' },
  ConsoleNeedLogin: { status: 401, message: 'There is no session, or it has ended. Sign in.' },
  ConsoleNewPasswordNeeded: {
    status: 403,
    message: 'The password must be changed before anything else: give a new one.',
  },
  ConsolePasswordExpired: { status: 403, message: 'The password has expired. Have it set anew.' },
  ConsoleSecondFactorNeeded: {
    status: 403,
    message: 'The user must have a second factor, and none is carried here.',
  },
  ConsoleSignInFailed: { status: 401, message: 'The account, the user, the key or the password is wrong.' },
  ConsoleSignInLocked: { status: 403, message: 'Too many tries with wrong passwords. Try again later.' },
  'DeleteConflict.*': { status: 409, message: 'There is still a dependent of the kind {name}.' },
  'Conflict.Port': {
    status: 400,
    message: 'The specified port is used by another listener of the protocol.',
  },
  'DeleteConflict.ResourceGroup.Resource': {
    status: 409,
    message: 'The resource group still has resources.',
  },
  DependencyViolation: { status: 403, message: 'There is still something that depends on the resource.' },
  'DependencyViolation.*': { status: 400, message: 'The resource still has a dependent of the type {name}.' },
  'DependencyViolation.EndpointService': {
    status: 400,
    message: 'The load balancer is a resource of an endpoint service: detach it first.',
  },
  DomainExist: { status: 400, message: 'rule with same domain and url already exists in specified vip' },
  DomainMalformed: { status: 400, message: 'the specified domain in RuleList parameter is unavailable.' },
  DryRunOperation: { status: 400, message: 'Request validation has been passed with DryRun flag set.' },
  'Duplicate.Cidr': { status: 400, message: 'A block is given twice.' },
  'Duplicate.TagKey': { status: 400, message: 'The Tag.N.Key contain duplicate key.' },
  'Duplicated.ClientToken': {
    status: 400,
    message: 'The request uses the same client token as a previous, but non-identical request.',
  },
  'DuplicatedParam.*': {
    status: 400,
    message: 'The parameter {name} names something twice.',
  },
  DuplicatedTagKey: { status: 400, message: 'The specified tag key is duplicated.' },
  EndpointConnectionNotFound: { status: 400, message: 'The specified endpoint connection does not exist.' },
  EndpointConnectionOperationDenied: {
    status: 400,
    message: 'The operation is denied because of the state of the endpoint connection.',
  },
  EndpointDependenceViolation: { status: 400, message: 'The endpoint still has zones: remove them first.' },
  EndpointLocked: { status: 400, message: 'The endpoint is being changed: try again later.' },
  EndpointMustContainSecurityGroup: {
    status: 400,
    message: 'The endpoint must have at least one security group.',
  },
  EndpointNotFound: { status: 400, message: 'The specified endpoint does not exist.' },
  EndpointOperationDenied: {
    status: 400,
    message: 'The operation is denied because of the state of the endpoint.',
  },
  EndpointProtected: {
    status: 400,
    message: 'The endpoint is protected: only the identity that created it may change or delete it.',
  },
  EndpointServiceConnectionDependence: {
    status: 400,
    message: 'An endpoint connection depends on the endpoint service or its resource.',
  },
  EndpointServiceDeleted: { status: 400, message: 'The endpoint service of the endpoint was deleted.' },
  EndpointServiceDependenceViolation: {
    status: 400,
    message: 'The endpoint service still has resources: detach them first.',
  },
  EndpointServiceLocked: {
    status: 400,
    message: 'The endpoint service is being changed: try again later.',
  },
  EndpointServiceNotAuthorized: {
    status: 400,
    message: 'The account is not in the whitelist of the endpoint service.',
  },
  EndpointServiceNotFound: { status: 400, message: 'The specified endpoint service does not exist.' },
  EndpointServiceNotSupportedZone: {
    status: 400,
    message: 'The endpoint service does not support the specified zone.',
  },
  EndpointServiceNotSupportIpv6: { status: 400, message: 'The endpoint service does not support IPv6.' },
  EndpointServiceOperationDenied: {
    status: 400,
    message: 'The operation is denied because of the state of the endpoint service.',
  },
  EndpointServicePayerForbidden: {
    status: 400,
    message: 'The endpoint service cannot pay for its endpoints.',
  },
  EndpointServiceResourceCannotRemove: {
    status: 400,
    message: 'The resource still serves flows of a zone whose resource was replaced: close them first.',
  },
  EndpointServiceResourceExist: {
    status: 400,
    message: 'The resource is attached to the endpoint service already.',
  },
  EndpointServiceResourceNotFound: {
    status: 400,
    message: 'The endpoint service has no such resource, or none that may be used in the zone.',
  },
  EndpointServiceResourceTypeNotEqual: {
    status: 400,
    message: 'The type of the resource is not that of the endpoint service.',
  },
  EndpointServiceResourceTypeNotSupport: {
    status: 400,
    message: 'The type of the resource is not supported.',
  },
  EndpointZoneDuplicated: { status: 400, message: 'The endpoint has the specified zone already.' },
  EndpointZoneNotFound: { status: 400, message: 'The endpoint does not have the specified zone.' },
  EniIpUnavailable: {
    status: 400,
    message: 'The specified IP address is not a free address of the vSwitch.',
  },
  'EntityAlreadyExists.*': { status: 409, message: 'There is a {name} of that kind already.' },
  EniPerInstanceLimitExceeded: {
    status: 403,
    message: 'The instance type allows no more network interfaces.',
  },
  'EntityAlreadyExists.ResourceGroup': {
    status: 409,
    message: 'The account has a resource group of this name already.',
  },
  'EntityNotExist.*': { status: 404, message: 'The {name} does not exist.' },
  'EntityNotExists.ResourceGroup': { status: 404, message: 'The specified resource group does not exist.' },
  Forbidden: {
    status: 403,
    message: 'User not authorized to operate on the specified resource. {reason}',
  },
  'Forbidden.RAM': {
    status: 403,
    message: 'User not authorized to operate on the specified resource. {reason}',
  },
  IdempotentParameterMismatch: {
    status: 400,
    message: 'The request uses the same client token as a previous, but non-identical request.',
  },
  'IllegalParam.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'IllegalParam.SpecType': {
    status: 400,
    message: 'The specified load balancer specification is not valid.',
  },
  'IllegalParamFormat.*': {
    status: 400,
    message: 'The format of the parameter {name} is not valid: {reason}.',
  },
  IllegalTagKeyParam: { status: 400, message: 'The specified tag key is not valid.' },
  IllegalTagValueParam: { status: 400, message: 'The specified tag value is not valid.' },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to the standard: {reason}.',
  },
  IncorrectInstanceStatus: {
    status: 403,
    message: 'The current status of the resource does not support this operation.',
  },
  'IncorrectStatus.*': { status: 400, message: 'The status of the {name} does not allow the operation.' },
  IncorrectRouteEntryStatus: {
    status: 400,
    message: 'The current status of the route does not support this operation.',
  },
  IncorrectVpcStatus: {
    status: 400,
    message: 'The current status of the VPC does not support this operation.',
  },
  IncorrectVSwitchStatus: {
    status: 400,
    message: 'The current status of the vSwitch does not support this operation.',
  },
  InstanceDiskNumLimitExceed: {
    status: 403,
    message: 'An instance has one disk here: the number of specified disks exceeds that.',
  },
  InstanceLastSecurityGroup: {
    status: 403,
    message: 'The specified security group is the last one of the instance.',
  },
  InternalError: { status: 500, message: 'The request processing has failed due to some unknown error.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidApi.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidAutoReleaseTime.Malformed': {
    status: 400,
    message:
      'The specified AutoReleaseTime is not valid: yyyy-MM-ddTHH:mm:ssZ, 30 minutes to 3 years from now.',
  },
  'InvalidAutoSnapshotPolicyId.NotFound': {
    status: 404,
    message: 'The specified AutoSnapshotPolicyId does not exist.',
  },
  InvalidChargeType: {
    status: 400,
    message: 'The charge type of the load balancer does not support this operation.',
  },
  InvalidCidrBlock: {
    status: 400,
    message: 'The specified CidrBlock is reserved, or a part of the VPC.',
  },
  'InvalidCIDRBlock.Duplicate': {
    status: 400,
    message: 'The route table has the specified CidrBlock already.',
  },
  'InvalidCidrBlock.Malformed': {
    status: 400,
    message: 'The specified CidrBlock is malformed, or not inside the VPC.',
  },
  'InvalidCidrBlock.Overlapped': {
    status: 400,
    message: 'The specified CidrBlock overlaps with that of another vSwitch.',
  },
  'InvalidCirdrBlock.MaskLength': {
    status: 400,
    message: 'The mask of the specified CidrBlock must be 16 to 29 bits long.',
  },
  'InvalidDedicatedHostId.NotFound': {
    status: 400,
    message: 'The specified DedicatedHostId does not exist.',
  },
  'InvalidDeploymentSetId.NotFound': {
    status: 404,
    message: 'The specified DeploymentSetId does not exist.',
  },
  'InvalidDescription.Malformed': { status: 400, message: 'The specified description is not valid.' },
  'InvalidDestCidrIp.Malformed': { status: 400, message: 'The specified DestCidrIp is not valid.' },
  'InvalidDestGroupId.NotFound': { status: 404, message: 'The specified DestGroupId does not exist.' },
  'InvalidDiskDescription.Malformed': { status: 400, message: 'The specified description is not valid.' },
  'InvalidDiskId.NotFound': { status: 404, message: 'The specified disk does not exist.' },
  'InvalidDiskName.Malformed': { status: 400, message: 'The specified DiskName is not valid.' },
  'InvalidDiskSize.TooSmall': { status: 403, message: 'The specified size is not above the present one.' },
  'InvalidDiskSize.ValueNotSupported': {
    status: 400,
    message: 'The specified disk size is not valid: 20 to 2048.',
  },
  'InvalidEcsId.NotFound': { status: 404, message: 'The specified instance does not exist.' },
  'InvalidEniId.NotFound': { status: 404, message: 'The specified network interface does not exist.' },
  'InvalidHostName.Malformed': { status: 400, message: 'The specified HostName is not valid.' },
  'InvalidHpcClusterId.NotFound': { status: 400, message: 'The specified HpcClusterId does not exist.' },
  'InvalidImageId.NotFound': { status: 404, message: 'The specified ImageId does not exist.' },
  'InvalidInstanceChargeType.NotFound': {
    status: 404,
    message: 'The specified InstanceChargeType is not offered here.',
  },
  'InvalidInstanceId.NotFound': { status: 404, message: 'The specified InstanceId does not exist.' },
  'InvalidInstanceIds.Malformed': { status: 400, message: 'The specified instanceIds are not valid.' },
  'InvalidInstanceName.Malformed': { status: 400, message: 'The specified InstanceName is not valid.' },
  'InvalidInstanceType.NotSupported': {
    status: 403,
    message: 'The specified InstanceType is not offered here.',
  },
  'InvalidInternetChargeType.ValueNotSupported': {
    status: 400,
    message: 'The specified InternetChargeType is not valid.',
  },
  'InvalidInternetMaxBandwidthIn.Malformed': {
    status: 400,
    message: 'The specified InternetMaxBandwidthIn is not valid.',
  },
  'InvalidInternetMaxBandwidthOut.Malformed': {
    status: 400,
    message: 'The specified InternetMaxBandwidthOut is not valid.',
  },
  'InvalidIoOptimize.ValueNotSupported': {
    status: 400,
    message: 'The specified IoOptimized is not valid.',
  },
  'InvalidIp.IpUnassigned': {
    status: 403,
    message: 'The specified address is not assigned to the network interface.',
  },
  'InvalidIPAddress.AlreadyUsed': {
    status: 400,
    message: 'The specified IP address is used by another resource.',
  },
  'InvalidIpPortRange.Malformed': { status: 400, message: 'The specified PortRange is not valid.' },
  'InvalidIpProtocol.ValueNotSupported': { status: 400, message: 'The specified IpProtocol is not valid.' },
  'InvalidKeyPairName.Malformed': { status: 400, message: 'The specified KeyPairName is not valid.' },
  'InvalidKeyPairName.NotFound': { status: 404, message: 'The specified KeyPairName does not exist.' },
  'InvalidLaunchTemplate.NotFound': {
    status: 404,
    message: 'The specified launch template does not exist.',
  },
  'InvalidLoadBalancerId.NotFound': { status: 404, message: 'The specified LoadBalancerId does not exist.' },
  'InvalidMinAmount.Malformed': { status: 400, message: 'The specified MinAmount is not valid.' },
  'InvalidName.Malformed': { status: 400, message: 'The specified name is not valid.' },
  'InvalidNextHop.NotFound': { status: 400, message: 'The specified next hop does not exist in the VPC.' },
  InvalidNextHopType: { status: 400, message: 'The specified NextHopType is not valid.' },
  'InvalidNexthop.UnsupportedEniBizType': {
    status: 400,
    message: 'The specified network interface is managed by a service and cannot be a next hop.',
  },
  'InvalidNexthopTypeAndList.BothNotNull': {
    status: 400,
    message: 'A next hop and NextHopList cannot both be specified.',
  },
  'InvalidOperation.AvailabilityZoneMismatch': {
    status: 403,
    message: 'The network interface and the instance are not in one zone.',
  },
  'InvalidOperation.DeletionProtection': {
    status: 403,
    message: 'The instance is protected against deletion.',
  },
  'InvalidOperation.DetachPrimaryEniNotAllowed': {
    status: 400,
    message: 'The primary network interface of an instance cannot be detached.',
  },
  'InvalidOperation.InvalidEcsState': {
    status: 400,
    message: 'The status of the instance does not allow the operation.',
  },
  'InvalidOperation.InvalidEniState': {
    status: 400,
    message: 'The status of the network interface does not allow the operation.',
  },
  'InvalidOperation.Ipv4CountExceeded': {
    status: 403,
    message: 'The network interface may not have so many addresses.',
  },
  'InvalidOperation.Ipv6NotSupport': { status: 403, message: 'IPv6 is not supported here.' },
  'InvalidOperation.RamRoleAttached': {
    status: 403,
    message: 'The specified instance already has another RAM role.',
  },
  'InvalidOperation.VpcMismatch': {
    status: 403,
    message: 'The network interface and the instance are not in one VPC.',
  },
  'InvalidParam.TagKey': { status: 400, message: 'The specified tag key is not valid.' },
  'InvalidParam.TagValue': { status: 400, message: 'The specified tag value is not valid.' },
  InvalidParameter: { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'InvalidParameter.*': { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'InvalidParameter.Format': { status: 400, message: 'The parameter Format must be JSON or XML.' },
  // Clients look for these texts.
  'InvalidParameter.MasterSlaveServerGroupId': {
    status: 400,
    message: 'The specified MasterSlaveGroupId does not exist.',
  },
  'InvalidParameter.VServerGroupId': {
    status: 400,
    message: 'The specified VServerGroupId does not exist.',
  },
  'InvalidParamter.Description': { status: 400, message: 'The specified description is not valid.' },
  'InvalidPassword.Malformed': { status: 400, message: 'The specified Password is not valid.' },
  'InvalidPasswordParam.Mismatch': {
    status: 400,
    message: 'Password and PasswordInherit cannot be specified together.',
  },
  'InvalidPerformanceLevel.Malformed': {
    status: 400,
    message: 'The category of the disk does not have the specified PerformanceLevel.',
  },
  'InvalidPolicy.Malformed': { status: 400, message: 'The specified policy is not valid.' },
  'InvalidPrefixListId.NotFound': { status: 404, message: 'The specified prefix list does not exist.' },
  'InvalidPriority.ValueNotSupported': {
    status: 400,
    message: 'The specified priority is not valid: 1 to 100.',
  },
  'InvalidPrivateIp.Changing': {
    status: 400,
    message: 'The address was changed already: it can be changed again after the next start.',
  },
  'InvalidPrivateIpAddress.Duplicated': {
    status: 400,
    message: 'The specified PrivateIpAddress is in use.',
  },
  'InvalidPrivateIpAddress.Malformed': {
    status: 400,
    message: 'The specified PrivateIpAddress is malformed.',
  },
  'InvalidPrivateIpAddress.Mismatch': {
    status: 400,
    message: 'The specified PrivateIpAddress is not a usable address of the vSwitch.',
  },
  'InvalidPublicKeyBody.Malformed': { status: 400, message: 'The specified PublicKeyBody is not valid.' },
  'InvalidRamRole.NotEcsRole': {
    status: 404,
    message: 'The specified ram role is not authorized for ecs, please check your role policy.',
  },
  'InvalidRamRole.NotFound': { status: 404, message: 'The specified RAMRoleName does not exist.' },
  'InvalidRegionId.NotFound': { status: 404, message: 'The specified RegionId does not exist.' },
  InvalidResourceGroup: { status: 400, message: 'The specified resource group does not exist.' },
  'InvalidResourceGroup.NotFound': { status: 404, message: 'The specified resource group does not exist.' },
  InvalidResourceGroupId: { status: 400, message: 'The specified resource group does not exist.' },
  'InvalidResourceId.NotFound': { status: 404, message: 'The specified resource {reason} does not exist.' },
  'InvalidResourceType.NotFound': { status: 404, message: 'The specified resource type does not exist.' },
  'InvalidRouteEntry.NotFound': { status: 400, message: 'The specified route does not exist.' },
  'InvalidRouteEntryId.NotFound': { status: 400, message: 'The specified RouteEntryId does not exist.' },
  'InvalidRouteEntryName.Malformed': { status: 400, message: 'The specified RouteEntryName is not valid.' },
  'InvalidRouteTableId.NotFound': { status: 404, message: 'The specified RouteTableId does not exist.' },
  'InvalidRuleId.NotFound': { status: 404, message: 'Rule does not exist.' },
  'InvalidSecurityGroupId.NotFound': {
    status: 404,
    message: 'The specified SecurityGroupId does not exist.',
  },
  'InvalidSecurityGroupIds.TypeMismatch': {
    status: 403,
    message: 'The specified security groups are not of one type.',
  },
  'InvalidSecurityGroupName.Malformed': {
    status: 400,
    message: 'The specified SecurityGroupName is not valid.',
  },
  'InvalidSecurityGroupRule.RuleExist': {
    status: 400,
    message: 'The security group has another rule that says the same.',
  },
  'InvalidSecurityGroupRuleId.NotFound': {
    status: 404,
    message: 'The specified SecurityGroupRuleId does not exist.',
  },
  'InvalidSecurityToken.Expired': { status: 400, message: 'The security token has expired.' },
  'InvalidSecurityToken.Malformed': {
    status: 400,
    message: 'The security token is not one that was issued here.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'The security token was issued for another access key.',
  },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not valid.' },
  InvalidSignatureVersion: { status: 400, message: 'Specified signature version is not valid.' },
  'InvalidSourceCidrIp.Malformed': { status: 400, message: 'The specified SourceCidrIp is not valid.' },
  'InvalidSourceGroupId.NotFound': { status: 404, message: 'The specified SourceGroupId does not exist.' },
  InvalidSpotDuration: { status: 400, message: 'The specified SpotDuration is not valid.' },
  InvalidSpotInterruptionBehavior: {
    status: 400,
    message: 'The specified SpotInterruptionBehavior is not valid.',
  },
  InvalidSpotPriceLimit: { status: 400, message: 'The specified SpotPriceLimit is not valid.' },
  InvalidSpotStrategy: { status: 400, message: 'The specified SpotStrategy is not valid.' },
  'InvalidSystemDiskCategory.ValueNotSupported': {
    status: 400,
    message: 'The specified SystemDisk.Category is not valid.',
  },
  'InvalidSystemDiskSize.ValueNotSupported': {
    status: 400,
    message: 'The specified SystemDisk.Size is not valid: 20 to 2048.',
  },
  InvalidTagCount: { status: 400, message: 'The specified tags are beyond the limit of 20 per resource.' },
  'InvalidTagKey.Malformed': { status: 400, message: 'The specified tag key is not valid.' },
  'InvalidTagValue.Malformed': { status: 400, message: 'The specified tag value is not valid.' },
  'InvalidTimeStamp.Expired': { status: 400, message: 'Specified time stamp or date value is expired.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidUser.PassRoleForbidden': {
    status: 403,
    message: 'The RAM user does not have the privilege to pass a RAM role.',
  },
  'InvalidUserData.Base64FormatInvalid': {
    status: 400,
    message: 'The specified UserData is not valid base64.',
  },
  'InvalidUserData.SizeExceeded': { status: 400, message: 'The specified UserData exceeds 16 KB.' },
  InvalidVersion: { status: 400, message: 'Specified parameter Version is not valid.' },
  'InvalidVpcDiscription.Malformed': { status: 400, message: 'The specified VPC description is not valid.' },
  'InvalidVpcId.NotExist': { status: 400, message: 'The specified VPC is not the one of the vSwitch.' },
  'InvalidVpcId.NotFound': { status: 404, message: 'The specified VpcId does not exist.' },
  'InvalidVpcName.Malformed': { status: 400, message: 'The specified VPC name is not valid.' },
  'InvalidVSwitchId.IpInvalid': {
    status: 403,
    message: 'The specified PrivateIpAddress is not a usable address of the vSwitch.',
  },
  'InvalidVSwitchId.IpNotEnough': { status: 403, message: 'The specified vSwitch has no free address.' },
  'InvalidVSwitchId.Mismatch': {
    status: 400,
    message: 'The specified vSwitch is not in the zone of the instance.',
  },
  'InvalidVSwitchId.NotFound': { status: 404, message: 'The specified VSwitchId does not exist.' },
  'InvalidVSwitchId.ZoneMismatch': {
    status: 403,
    message: 'The specified vSwitch is not in the specified zone.',
  },
  'InvalidZoneId.NotFound': { status: 404, message: 'The specified ZoneId does not exist.' },
  'KeyPair.AlreadyExist': { status: 400, message: 'There is a key pair of this name already.' },
  'LimitExceeded.*': { status: 409, message: 'The quota of {name} is used up.' },
  'LimitExceed.PrefixListEntry': { status: 403, message: 'The prefix list may not have so many entries.' },
  InvalidZones: {
    status: 400,
    message:
      'The specified zones are not zones of the region, or too few: two at least where it has several.',
  },
  'LimitExceeded.ResourceGroup': { status: 409, message: 'The quota of resource groups is used up.' },
  ListenerPortConflict: { status: 400, message: 'The specified port is used by another listener.' },
  ListenerProcessing: { status: 400, message: 'The listener is being changed: try again later.' },
  LoadBalancerNotFound: { status: 400, message: 'The specified load balancer does not exist.' },
  LoadBalancerNotSupportPrivateLink: {
    status: 400,
    message:
      'PrivateLink takes pay-as-you-go private load balancers of a VPC that are active, and no others.',
  },
  MalformedPolicyDocument: { status: 400, message: 'The policy document is malformed: {reason}.' },
  MaxEniCountExceeded: { status: 403, message: 'The quota of network interfaces is used up.' },
  'Mismatch.EndpointType': {
    status: 400,
    message: 'The type of the endpoint is not that of the endpoint service.',
  },
  'Mismatch.Protocol': {
    status: 400,
    message: 'The protocols of the listener and the server group do not match.',
  },
  'Mismatch.ResourceType': {
    status: 400,
    message: 'The type of a resource is not that of the endpoint service.',
  },
  'Mismatch.ServerType': {
    status: 400,
    message: 'The server is not of the type of the server group.',
  },
  'Mismatch.UserIdAndUserArn': { status: 400, message: 'UserId and UserARN name different accounts.' },
  'Mismatch.VpcId': {
    status: 400,
    message: 'The resources are not in one VPC.',
  },
  'Mismatch.ZoneId': { status: 400, message: 'The resource is not in the specified zone.' },
  'Mismatch.ZoneIdAndVswitchId': {
    status: 400,
    message: 'The specified vSwitch is not in the specified zone.',
  },
  'MissingParam.*': { status: 400, message: 'The parameter {name} is required.' },
  MissingParameter: { status: 400, message: 'The parameter {name} is required.' },
  'MissingParameter.*': { status: 400, message: 'The parameter {name} is required.' },
  MissingResourceIdOrTagParam: { status: 400, message: 'ResourceId or Tag is required.' },
  MissingSecurityToken: { status: 400, message: 'SecurityToken is mandatory for this access key.' },
  MissingTagKeyParam: { status: 400, message: 'The key of a tag is required.' },
  MissingTagValueParam: { status: 400, message: 'The value of a tag is required.' },
  NeedOpenProduct: {
    status: 400,
    message: 'PrivateLink is not activated: call OpenPrivateLinkService first.',
  },
  NetworkConflict: { status: 400, message: 'The server is not in the VPC of the load balancer.' },
  NoPermission: { status: 403, message: 'You are not authorized to do this operation. {reason}' },
  'NotAllowed.AssociationExist': {
    status: 400,
    message: 'The specified prefix list has associated resources.',
  },
  'NotSupport.Account': { status: 400, message: 'This method can be only invoked by sub user.' },
  OperationDenied: { status: 400, message: 'The operation is not allowed: {reason}.' },
  'OperationDenied.CurrentResourceAutoAllocated': {
    status: 400,
    message: 'The current resource is allocated automatically: switch that off before replacing it.',
  },
  'OperationDenied.DefaultVpcExist': { status: 400, message: 'The region has a default VPC already.' },
  'OperationDenied.DefaultVSwitchExist': { status: 400, message: 'The zone has a default vSwitch already.' },
  'OperationDenied.DeleteProtectionIsOn': {
    status: 400,
    message: 'The load balancer is protected against deletion.',
  },
  'OperationDenied.DeletionProtectionEnabled': {
    status: 400,
    message: 'The load balancer is protected against deletion.',
  },
  'OperationDenied.EndpointPolicyNotSupport': {
    status: 400,
    message: 'The endpoint service does not support endpoint policies.',
  },
  'OperationDenied.InconsistentNetwork': {
    status: 403,
    message: 'The specified security group and the interface are not in one VPC.',
  },
  'OperationDenied.LoadBalancerLocked': { status: 400, message: 'The load balancer is locked.' },
  'OperationDenied.NoAvailableServiceResource': {
    status: 400,
    message: 'The endpoint service has no resource that may be used in a zone of the endpoint.',
  },
  'OperationDenied.NextHopTypeNotPermitted': {
    status: 400,
    message: 'A route cannot lead to a next hop of the specified type.',
  },
  'OperationDenied.ProtectedPrivateIPv4AddressChanged': {
    status: 400,
    message: 'The address of a zone cannot be changed.',
  },
  'OperationDenied.ServiceManaged': {
    status: 403,
    message: 'The network interface is managed by PrivateLink.',
  },
  'OperationDenied.SystemRouteTable': {
    status: 400,
    message: 'The operation is not allowed for the system route table.',
  },
  'OperationDenied.VpcNotSupportIpv6': {
    status: 400,
    message: 'The VPC does not support IPv6.',
  },
  'OperationDenied.ZoneVSwitchChanged': {
    status: 400,
    message: 'The vSwitch of a zone cannot be changed.',
  },
  'OperationFailed.DuplicateZones': {
    status: 400,
    message: 'The same zone is specified twice.',
  },
  'OperationFailed.ListenerStatusNotSupport': {
    status: 400,
    message: 'The status of the listener does not allow the operation.',
  },
  'OperationFailed.NotExist.ResourceGroup': {
    status: 400,
    message: 'The specified resource group does not exist.',
  },
  OrderOpend: { status: 400, message: 'PrivateLink is activated already.' },
  OverQuota: { status: 400, message: 'The quota is used up.' },
  'ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock': {
    status: 400,
    message: 'RouteEntryId cannot be specified with RouteTableId or DestinationCidrBlock.',
  },
  PrivateKeyEncryption: { status: 400, message: 'The private key is behind a password.' },
  'PRODUCT.NOT_AVAILABLE_IZ': {
    status: 400,
    message: 'The specified zones do not form a pair of primary and backup zone.',
  },
  ParameterInvalid: { status: 400, message: 'The parameter {name} is not valid: {reason}.' },
  'QuotaExceed.*': { status: 403, message: 'The quota of {name} is used up.' },
  'QuotaExceed.TagsPerResource': { status: 400, message: 'The quota of tags per resource is used up.' },
  QuotaExceeded: { status: 400, message: 'The quota of routes per route table is used up.' },
  'QuotaExceeded.*': { status: 400, message: 'The quota of {name} is used up.' },
  PostonlyOrTokenError: { status: 403, message: 'The request does not come from a page of this console.' },
  QuotaMisMatched: { status: 400, message: 'The quota is used up.' },
  ResourceAutoAllocateViolation: {
    status: 400,
    message: 'The last resource of a zone that is allocated automatically must stay so.',
  },
  'ResourceAlreadyAssociated.*': {
    status: 400,
    message: 'The resource is associated with a {name} already.',
  },
  'ResourceInConfiguring.*': {
    status: 400,
    message: 'The specified {name} is being configured: try again later.',
  },
  'ResourceInUse.*': {
    status: 400,
    message: 'The specified {name} is in use.',
  },
  'ResourceNotEnough.VSwitchIp': { status: 400, message: 'The specified vSwitch has no free address.' },
  ResourceNotFound: { status: 400, message: 'The specified resource {reason} does not exist.' },
  'ResourceNotFound.*': { status: 404, message: 'The specified {name} does not exist.' },
  // Clients look for this text.
  'ResourceNotFound.Listener': { status: 404, message: 'The specified resource does not exist.' },
  'RouteConflict.AlreadyExist': {
    status: 400,
    message: 'A custom route leads to a part of the specified block.',
  },
  ResourceOverLimit: { status: 400, message: 'There are too many {name}: {reason}.' },
  RspoolRuleExist: { status: 400, message: 'there are rules associating with this vServer group.' },
  RspoolVipExist: { status: 400, message: 'A listener uses the server group.' },
  RuleListMalformed: { status: 400, message: 'the specified parameter RuleList is unavailable.' },
  RuleNotSupport: { status: 400, message: 'Rule is not support in the tcp type listener.' },
  SecurityGroupExist: { status: 400, message: 'The endpoint has the specified security group already.' },
  SecurityGroupInstanceLimitExceed: {
    status: 403,
    message: 'The quota of security groups per instance is used up.',
  },
  SecurityGroupNotFound: {
    status: 400,
    message: 'The specified security group does not exist in the VPC of the endpoint.',
  },
  SecurityGroupTypeOnlySingleTypeSupporteded: {
    status: 400,
    message: 'All security groups of an endpoint must be of one type.',
  },
  'ServerCertificateId.NotFound': {
    status: 404,
    message: 'The specified ServerCertificateId does not exist.',
  },
  ServiceResourceNotSupportIpv6: {
    status: 400,
    message: 'The resources of the endpoint service do not support IPv6.',
  },
  ServiceUnavailable: { status: 503, message: 'The request has failed due to a temporary failure.' },
  // The old Go SDK compares the text after the colon with its own, so it must stay the last part.
  SignatureDoesNotMatch: {
    status: 400,
    message:
      'Specified signature is not matched with our calculation. server string to sign is:{stringToSign}',
  },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  TagInfoNotExist: { status: 400, message: 'None of the resources has one of the specified tags.' },
  // Clients take any code with this word for a sign to wait.
  Throttling: { status: 400, message: 'Request was denied due to request throttling.' },
  'Throttling.Api': { status: 400, message: 'Request was denied due to api flow control.' },
  'Throttling.User': { status: 400, message: 'Request was denied due to user flow control.' },
  TooManyRules: {
    status: 400,
    message: 'the number of rules under specified vip is beyond maximum limit.',
  },
  UnsupportedHTTPMethod: { status: 400, message: 'This http method is not supported.' },
  UnsupportedParameter: { status: 400, message: 'The parameter {name} is not supported.' },
  UrlMalformed: { status: 400, message: 'the specified url in RuleList parameter is unavailable.' },
  URLNotSupport: { status: 400, message: 'the URL in the rule is invalid.' },
  VpcNotFound: { status: 400, message: 'The specified VPC does not exist.' },
  VSwitchAvailableIpNotExist: { status: 400, message: 'The specified vSwitch has no free address.' },
  VSwitchNotExist: { status: 400, message: 'The specified vSwitch does not exist.' },
  VSwitchNotFound: {
    status: 400,
    message: 'The specified vSwitch does not exist in the VPC and zone of the endpoint.',
  },
  VSwitchStatusNotAllowed: {
    status: 400,
    message: 'The status of the vSwitch does not allow the operation.',
  },
  ZoneOperationDenied: {
    status: 400,
    message: 'The operation is denied because of the state of the zone.',
  },
}
