import type { Reason, SecurityReason } from '../../explain/judgement.ts'
import type { ExplainMessages } from './explain-messages.ts'

const outcomes: Readonly<Record<string, string>> = {
  open: 'A real packet was answered.',
  refused: 'A real packet was refused.',
  silent: 'A real packet got no answer.',
  unresolved: 'In the instance the name does not resolve.',
}

export const explainEn: ExplainMessages = {
  asked: (client, target, port, protocol) => `${client} calls ${target}, ${protocol} port ${port}:`,
  reason,
  whatToDo,
  answered: (status) => `A real request was answered with status ${status}.`,
  judged: (passes) => (passes ? 'So it passes.' : 'So it does not pass.'),
  probed: (outcome) => outcomes[outcome] ?? outcome,
  differs:
    'The model and the real packet disagree. Either something changed in between (try again), or this is a defect of Postern, or something outside of it has changed the kernel.',
  badPlace: (text) =>
    `'${text}' is no place to call; write an address, a name or an id with a port, as ep-…:80`,
  tooMany: (count, limit) =>
    `${count} probes are more than ${limit}. Narrow it with --account or --ports, or raise --limit`,
  badPorts: (text) => `'${text}' is no list of ports such as 80,443,udp/53`,
  proofStarts: (clients, addresses, ports, probes) =>
    `${clients} instances try ${addresses} addresses at the ports ${ports.join(', ')}: ${probes} probes`,
  proofProgress: (done, all) => `${done} of ${all}`,
  differenceColumns: ['CLIENT', 'ADDRESS', 'PORT', 'MODEL', 'PROBE'],
  proofEnds: (probes, open, differences, untried) =>
    `${probes} probes, ${open} of them open; ${differences} differ from the model${untried > 0 ? `; for ${untried} there was no time` : ''}.`,
  saved: (file, digest) => `Saved in ${file}; SHA-256 ${digest}`,
  noProof: (file) => `${file} is no saved proof`,
  proofIsWhole: (file, digest) => `${file} says what its rows say; SHA-256 ${digest}`,
  proofWasChanged: (file, digest) =>
    `${file} was changed: its digest or its summary is not that of its rows, which is ${digest}`,
}

function reason(of: Reason): string {
  switch (of.code) {
    case 'clientUnknown':
      return `there is no instance ${of.client}`
    case 'clientState':
    case 'instanceState':
      return `the instance ${'client' in of ? of.client : of.instance} is ${of.status}, so no program runs in it`
    case 'clientWithoutAddress':
      return `${of.client} has no network interface`
    case 'objectUnknown':
      return `there is no ${of.target}`
    case 'nameUnknown':
      return `the name ${of.name} does not exist in ${of.vpc}`
    case 'nameOutside':
      return `the resolver of a VPC only knows names below ${of.suffix}; ${of.name} is not one of them`
    case 'nameOfOtherVpc':
      return `${of.name} is a name of ${of.endpoint}, which is in ${of.vpc}; it resolves only there, and the client is in ${of.clientVpc}`
    case 'nameEmpty':
      return `${of.name} has no address now: no zone of ${of.endpoint} is connected`
    case 'nameResolves':
      return `the name ${of.name} resolves to ${of.addresses.join(', ')}`
    case 'otherVpc':
      return `${of.address} is the address of ${of.object} in another VPC, ${of.vpc}; in the client's own, ${of.clientVpc}, nobody has it`
    case 'addressOfNobody':
      return `nobody in ${of.vpc} has the address ${of.address}`
    case 'addressOfRouter':
      return `${of.address} is the router of ${of.vpc}, which offers nothing itself`
    case 'addressUnattached':
      return `${of.address} belongs to the network interface ${of.eni}, which is attached to nothing that runs`
    case 'addressOf':
      return `${of.address} is the address of ${of.object}`
    case 'ownAddress':
      return `${of.address} is the client's own address: the packet never leaves it`
    case 'resolver':
      return `${of.address} is the resolver of the VPC`
    case 'routed':
      return `the custom route ${of.route} leads ${of.address} to ${of.instance}`
    case 'routeWithoutHop':
      return `the custom route ${of.route} leads ${of.address} to an interface that is attached to no instance`
    case 'leaves':
    case 'mayNotLeave':
    case 'enters':
    case 'mayNotEnter':
      return security(of)
    case 'connectionState':
      return of.status === 'ServiceDeleted'
        ? `the service ${of.service} of ${of.endpoint} was deleted`
        : `the connection of ${of.endpoint} to ${of.service} is ${of.status}: its owner has not accepted it${of.whitelisted ? '' : `, and the account ${of.account} is not in the whitelist of the service`}`
    case 'endpointZoneState':
      return `the zone ${of.zone} of ${of.endpoint} is ${of.status}`
    case 'zoneDown':
      return `the zone ${of.zone} is down, and ${of.object} with it`
    case 'zoneWithoutResource':
      return `no service resource of ${of.service} serves ${of.endpoint} in ${of.zone}`
    case 'resourceGone':
      return `the load balancer ${of.balancer} behind ${of.endpoint} is gone`
    case 'sameVpc':
      return `${of.endpoint} and its service are both in ${of.vpc}: an endpoint leads to another VPC only`
    case 'noBandwidth':
      return `the connection of ${of.endpoint} has a bandwidth of 0`
    case 'bandwidthFull':
      return `the bandwidth of the connection of ${of.endpoint}, ${of.limit} Mbit/s, is used up: ${of.dropped} packets were dropped within a minute`
    case 'consumerFull':
      return `the account ${of.account} may have ${of.limit} connections open at the service ${of.service}, and has them: ${of.dropped} new ones were dropped within a minute`
    case 'balancerFull':
      return `${of.balancer} takes ${of.limit} connections, and has them: ${of.dropped} new ones were dropped within a minute`
    case 'balancerBusy':
      return `${of.balancer} takes ${of.limit} new connections a second: ${of.dropped} more were dropped within a minute`
    case 'listenerBusy':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} takes ${of.limit} new connections a second: ${of.dropped} more were dropped within a minute`
    case 'connected':
      return `the connection of ${of.endpoint} is accepted and leads in ${of.zone} to ${of.balancer}`
    case 'balancerState':
      return `the load balancer ${of.balancer} is ${of.status} and forwards nothing`
    case 'listenerAbsent':
      return `${of.balancer} has no listener at ${of.protocol}/${of.port}${of.existing.length > 0 ? `; it has ${of.existing.join(', ')}` : ' and none at all'}`
    case 'listenerStopped':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} is stopped`
    case 'listenerRuns':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} runs`
    case 'proxyAnswers':
      return `${of.balancer} takes the connection itself: it is an ${of.protocol.toUpperCase()} listener, which chooses a server for each request`
    case 'needsCertificate':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} asks its clients for a certificate that the authority ${of.authority} has signed`
    case 'redirects':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} asks no server: it sends the client to ${of.location} (status ${of.status})`
    case 'ruleFits':
      return `the request for ${of.host}${of.path} meets the forwarding rule ${of.rule} (${of.domain === '' ? 'every domain' : of.domain}${of.prefix === '' ? '' : `, paths that begin with ${of.prefix}`})`
    case 'noRuleFits':
      return `the request for ${of.host}${of.path} meets no forwarding rule, so it goes to the listener's own servers`
    case 'ruleForOtherPaths':
      return `forwarding rules know ${of.domain}, but no rule of it fits the path ${of.path}: the client gets status 404`
    case 'noBackends':
      return `the listener ${of.protocol}/${of.port} of ${of.balancer} has no backend server`
    case 'weightsZero':
      return `every backend server of ${of.balancer} ${of.protocol}/${of.port} has weight 0, so none takes new connections`
    case 'onlyItself':
      return `the only backend server of ${of.balancer} is the client itself, and a server does not reach itself through its balancer`
    case 'allAbnormal':
      return `every backend server of ${of.balancer} ${of.protocol}/${of.port} fails its health check: ${of.servers.join(', ')}`
    case 'backendsStopped':
      return `the backend servers of ${of.balancer} ${of.protocol}/${of.port} are not there (stopped, or in a zone that is down): ${of.servers.join(', ')}`
    case 'backendsTake':
      return `new connections go to ${of.servers.join(', ')}${of.others.length > 0 ? `; not to ${of.others.join(', ')}` : ''}`
    case 'arrives':
      return `the packet arrives at ${of.instance}`
    case 'nobodyListens':
      return `no program listens (${of.protocol}) at ${of.places.join(', ')}`
    case 'someUnreached':
      return `some new connections go to ${of.servers.join(', ')}, which the client does not reach by its balancer (itself, or by its security groups)`
    case 'someListen':
      return `some backend servers answer; no program listens (${of.protocol}) at ${of.places.join(', ')}`
    case 'listens':
      return `a program listens at ${of.places.join(', ')}`
  }
}

function security({ code, object, peer, protocol, port, decision, groups }: SecurityReason): string {
  const out = code === 'leaves' || code === 'mayNotLeave'
  const allowed = code === 'leaves' || code === 'enters'
  const packet = out
    ? `${object} ${allowed ? 'may' : 'may not'} send to ${peer}`
    : `${object} ${allowed ? 'lets in' : 'does not let in'} ${peer}`
  return `${packet}, ${protocol}/${port}: ${because()}`

  function because(): string {
    switch (decision.by) {
      case 'rule':
        return `rule ${decision.rule} of ${decision.group} (priority ${decision.priority}) says ${decision.policy}`
      case 'sameGroup':
        return `both are in ${decision.group}`
      case 'default':
        return out
          ? 'no rule is against it'
          : `no rule of its security groups (${groups.join(', ')}) allows it`
    }
  }
}

function whatToDo(of: Reason): string {
  switch (of.code) {
    case 'clientState':
    case 'instanceState':
      return of.status === 'Stopped'
        ? 'Start the instance:'
        : 'Wait until the instance is Running, then ask again.'
    case 'mayNotLeave':
    case 'mayNotEnter':
      return of.decision.by === 'rule'
        ? 'Remove the rule, or add one of a smaller priority number that accepts:'
        : 'Allow it with a rule:'
    case 'connectionState':
      if (of.status === 'ServiceDeleted') return 'Make a new endpoint for another service.'
      if (!of.whitelisted)
        return 'The owner of the service adds the account to its whitelist, then accepts the connection:'
      return ['Disconnected', 'Disconnecting'].includes(of.status)
        ? 'The owner of the service accepts the connection:'
        : 'Wait until it is Connected, then ask again.'
    case 'endpointZoneState':
      return 'The owner of the service accepts the connection in this zone:'
    case 'zoneDown':
      return 'Give the zone back:'
    case 'noBandwidth':
      return 'The owner of the service gives it bandwidth (Mbit/s):'
    case 'zoneWithoutResource':
    case 'resourceGone':
      return 'The owner of the service adds a load balancer of this zone with AttachResourceToVpcEndpointService.'
    case 'bandwidthFull':
      return 'The owner of the service gives it more bandwidth (Mbit/s), or the client sends less:'
    case 'consumerFull':
      return 'The account closes connections that it does not need (also those through its other endpoints), or the operator allows more:'
    case 'balancerFull':
      return 'Close connections that nobody needs, or choose a larger specification (slb ModifyLoadBalancerInstanceSpec).'
    case 'balancerBusy':
    case 'listenerBusy':
      return 'Keep connections open instead of opening new ones, or allow more.'
    case 'balancerState':
      return 'Switch the load balancer on:'
    case 'listenerAbsent':
      return 'Call a port that has a listener, or create one.'
    case 'needsCertificate':
      return 'Call it with such a certificate (curl --cert), which this probe does not have, or let the listener ask for none (CACertificateId empty).'
    case 'ruleForOtherPaths':
      return 'Add a rule for this path, or one for the domain without a path (slb CreateRules).'
    case 'listenerStopped':
      return 'Start the listener:'
    case 'noBackends':
      return 'Add backend servers to the load balancer or to the server group of the listener.'
    case 'weightsZero':
      return 'Give a backend server a weight between 1 and 100.'
    case 'onlyItself':
      return 'Call the server directly, or add another one.'
    case 'allAbnormal':
    case 'nobodyListens':
      return 'Look whether the program runs in the instance (./postern console i-…) and listens on this port on all addresses.'
    case 'backendsStopped':
      return 'Start the instances (ecs StartInstance), or give their zone back (zone up).'
    case 'nameUnknown':
    case 'nameOutside':
      return 'Check the spelling: privatelink ListVpcEndpoints tells the names.'
    case 'nameEmpty':
      return 'A zone of the endpoint must be connected: privatelink ListVpcEndpointZones tells their states.'
    case 'nameOfOtherVpc':
    case 'otherVpc':
      return 'VPCs are isolated. Make an endpoint in the client’s VPC for a service of the other one, and call that.'
    case 'addressUnattached':
      return 'Attach the interface to an instance (ecs AttachNetworkInterface).'
    case 'routeWithoutHop':
      return 'Attach the next hop to an instance, or delete the route.'
    case 'sameVpc':
      return 'Call the load balancer by its own address.'
    case 'addressOf':
    case 'addressOfNobody':
    case 'addressOfRouter':
    case 'arrives':
    case 'backendsTake':
    case 'clientUnknown':
    case 'clientWithoutAddress':
    case 'connected':
    case 'enters':
    case 'leaves':
    case 'listenerRuns':
    case 'listens':
    case 'nameResolves':
    case 'noRuleFits':
    case 'objectUnknown':
    case 'ownAddress':
    case 'proxyAnswers':
    case 'redirects':
    case 'resolver':
    case 'routed':
    case 'ruleFits':
    case 'someUnreached':
    case 'someListen':
      return 'Check ids and addresses.'
  }
}
