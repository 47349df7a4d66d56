export const en = {
  about:
    'A tour leads through a walkthrough on the real pages, says what to enter, and ticks off what the API shows as done.',
  names: {
    'same-account': 'Two VPCs of one account',
    'cross-account': 'VPCs of two accounts',
  },
  abouts: {
    'same-account':
      'ECS1 in VPC1 opens the service of ECS2 and ECS3 in VPC2, through an endpoint and nothing else.',
    'cross-account':
      'The consumer’s ECS1 opens the provider’s service. Both VPCs have the same addresses, and that does not matter.',
  },
  start: 'Start the tour',
  resume: 'Go on with the tour',
  leave: 'Leave the tour',
  leaveHint: 'What you have made stays. The tour can be started again at any time and finds what is there.',
  fold: 'Fold the tour',
  unfold: 'Unfold the tour',
  panel: 'Guided tour',
  progress: (done: number, all: number) => `${done} of ${all} steps done`,
  done: 'done',
  goTo: 'Fill in the form for me',
  show: 'Show me',
  otherSide: (side: string) =>
    `This is a step of the ${side}. Switch to that account; the tour goes on there.`,
  chooseSide: 'Which side does this account play?',
  change: 'Change the side',
  waits: 'The tour goes on by itself when it is done.',
  sides: { consumer: 'Consumer', provider: 'Provider' },
  end: 'Done: the service answers, and the counters of the connection have seen it. Only this one service can be reached.',
  overview: 'See it on the overview',
  fields: {
    name: 'Name',
    block: 'CIDR block',
    zone: 'Zone',
    address: 'Private IP',
    userData: 'User data',
    rule: 'Inbound rule',
    port: 'Port',
    weights: 'Weights',
    network: 'VPC',
    account: 'Account ID',
    service: 'Service',
    resource: 'Service resource',
    group: 'Security group',
    command: 'In the shell',
  },
  steps: {
    vpc1: { title: 'Create VPC1', text: 'The consumer’s network.' },
    vswitch1: { title: 'Create a vSwitch in VPC1', text: 'In zone B, where the service will be.' },
    group1: {
      title: 'Create a security group in VPC1',
      text: 'For ECS1 and for the endpoint.',
    },
    rule1: {
      title: 'Let port 80 in',
      text: 'Into the group of ECS1 and of the endpoint: without it nothing gets into the endpoint’s interface.',
    },
    ecs1: { title: 'Create ECS1', text: 'The client.' },
    vpc2: { title: 'Create VPC2', text: 'The provider’s network. Nothing leads from VPC1 to VPC2.' },
    vswitch2: { title: 'Create a vSwitch in VPC2', text: 'In zone B.' },
    group2: { title: 'Create a security group in VPC2', text: 'For ECS2 and ECS3.' },
    rule2: {
      title: 'Let port 80 in',
      text: 'Into the group of ECS2 and ECS3. Calls through the balancer come from the network itself and need no rule; calls from VPC2 do.',
    },
    ecs2: { title: 'Create ECS2', text: 'A web server, started by its user data.' },
    ecs3: { title: 'Create ECS3', text: 'Its twin.' },
    balancer: { title: 'Create a CLB', text: 'Private, in VPC2, with zone B as primary zone.' },
    listener: {
      title: 'Configure the CLB',
      text: 'A TCP listener on port 80 with ECS2 and ECS3 behind it.',
    },
    service: {
      title: 'Create the endpoint service',
      text: 'With the CLB as service resource; connections are not accepted automatically. If the page asks for it, activate PrivateLink first.',
    },
    whitelist: {
      title: 'Put the consumer in the whitelist',
      text: 'Only accounts in it can create endpoints of the service.',
    },
    endpoint: {
      title: 'Create the endpoint',
      text: 'In VPC1, with the security group and the vSwitch in zone B.',
    },
    allow: {
      title: 'Allow the connection',
      text: 'Before this no wire leads from VPC1 to VPC2; after it one does.',
    },
    open: {
      title: 'Open the service from ECS1',
      text: 'In the shell of ECS1, by the endpoint’s domain. The step is done when the connection’s counters have seen packets both ways.',
    },
  },
}

export type Texts = typeof en
