/** The command that would make a packet pass where it stops; undefined when no single command does. */
import { bandwidth } from '../model/quotas.ts'
import type { Reason, SecurityReason } from './judgement.ts'

export function mendOf(reason: Reason): string | undefined {
  switch (reason.code) {
    case 'clientState':
      return startInstance(reason.client, reason.status, reason.account)
    case 'instanceState':
      return startInstance(reason.instance, reason.status, reason.account)
    case 'mayNotLeave':
    case 'mayNotEnter':
      return mendGroup(reason)
    case 'connectionState':
      if (!['Disconnected', 'Disconnecting'].includes(reason.status)) return undefined
      return reason.whitelisted
        ? command(
            'privatelink EnableVpcEndpointConnection',
            { ServiceId: reason.service, EndpointId: reason.endpoint },
            reason.provider,
          )
        : command(
            'privatelink AddUserToVpcEndpointService',
            { ServiceId: reason.service, UserId: reason.account },
            reason.provider,
          )
    case 'endpointZoneState':
      return command(
        'privatelink EnableVpcEndpointZoneConnection',
        { ServiceId: reason.service, EndpointId: reason.endpoint, ZoneId: reason.zone },
        reason.provider,
      )
    case 'zoneDown':
      return `./postern zone up ${reason.zone}`
    case 'noBandwidth':
      return command(
        'privatelink UpdateVpcEndpointConnectionAttribute',
        { ServiceId: reason.service, EndpointId: reason.endpoint, Bandwidth: '1024' },
        reason.provider,
      )
    case 'bandwidthFull':
      if (reason.limit >= bandwidth.maximum) return undefined
      return command(
        'privatelink UpdateVpcEndpointConnectionAttribute',
        {
          ServiceId: reason.service,
          EndpointId: reason.endpoint,
          Bandwidth: String(Math.min(reason.limit * 2, bandwidth.maximum)),
        },
        reason.provider,
      )
    case 'consumerFull':
      return `./postern limit set ${reason.account} ${reason.limit * 2}`
    case 'balancerState':
      return isClb(reason.balancer)
        ? command(
            'slb SetLoadBalancerStatus',
            { LoadBalancerId: reason.balancer, LoadBalancerStatus: 'active' },
            reason.account,
          )
        : undefined
    case 'listenerStopped':
      return isClb(reason.balancer)
        ? command(
            'slb StartLoadBalancerListener',
            {
              LoadBalancerId: reason.balancer,
              ListenerPort: String(reason.port),
              ListenerProtocol: reason.protocol,
            },
            reason.account,
          )
        : undefined
    case 'addressOf':
    case 'addressOfNobody':
    case 'addressOfRouter':
    case 'addressUnattached':
    case 'allAbnormal':
    case 'arrives':
    case 'backendsStopped':
    case 'backendsTake':
    case 'balancerBusy':
    case 'balancerFull':
    case 'clientUnknown':
    case 'clientWithoutAddress':
    case 'connected':
    case 'enters':
    case 'leaves':
    case 'listenerAbsent':
    case 'listenerRuns':
    case 'listenerBusy':
    case 'listens':
    case 'nameEmpty':
    case 'nameOfOtherVpc':
    case 'nameOutside':
    case 'nameResolves':
    case 'nameUnknown':
    case 'noBackends':
    case 'needsCertificate':
    case 'noRuleFits':
    case 'nobodyListens':
    case 'objectUnknown':
    case 'onlyItself':
    case 'otherVpc':
    case 'ownAddress':
    case 'proxyAnswers':
    case 'redirects':
    case 'resolver':
    case 'resourceGone':
    case 'routeWithoutHop':
    case 'routed':
    case 'ruleFits':
    case 'ruleForOtherPaths':
    case 'sameVpc':
    case 'someListen':
    case 'someUnreached':
    case 'weightsZero':
    case 'zoneWithoutResource':
      return undefined
  }
}

function isClb(balancer: string): boolean {
  return balancer.startsWith('lb-')
}

function startInstance(instance: string, status: string, account: string): string | undefined {
  return status === 'Stopped' ? command('ecs StartInstance', { InstanceId: instance }, account) : undefined
}

/** A rule that forbids is taken away; where none allows, one is added. */
function mendGroup({ code, decision, groups, peer, protocol, port, account }: SecurityReason) {
  const out = code === 'mayNotLeave'
  if (decision.by === 'rule') {
    return command(
      `ecs ${out ? 'RevokeSecurityGroupEgress' : 'RevokeSecurityGroup'}`,
      { SecurityGroupId: decision.group, 'SecurityGroupRuleId.1': decision.rule },
      account,
    )
  }
  const [group] = groups
  if (group === undefined) return undefined
  return command(
    'ecs AuthorizeSecurityGroup',
    {
      SecurityGroupId: group,
      IpProtocol: protocol,
      PortRange: `${port}/${port}`,
      SourceCidrIp: `${peer}/32`,
    },
    account,
  )
}

function command(words: string, parameters: Readonly<Record<string, string>>, account: string | undefined) {
  const given = Object.entries(parameters).map(([name, value]) => `--${name} ${value}`)
  return ['./postern', words, ...given, ...(account === undefined ? [] : [`--account ${account}`])].join(' ')
}
