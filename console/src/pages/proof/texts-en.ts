export const en = {
  about:
    'Each of your running instances calls each address of your VPCs at each port where something could change. What the model says is compared with what a real packet does.',
  ports: 'Ports',
  portsHint: 'Left empty: those of listeners, the borders of security-group rules, and one that is closed.',
  portsRule: 'Numbers from 1 to 65535 with commas, 100 at most',
  clients: 'Instances that call',
  clientsHint: 'Left empty: all that run.',
  start: 'Start the proof',
  again: 'Prove again',
  stop: 'Stop',
  stopped: 'The proof was stopped.',
  empty: 'Nothing has been proved yet. A proof of a small account takes a few seconds.',
  plan: (clients: number, addresses: number, ports: readonly number[], probes: number) =>
    `${clients} instances, ${addresses} addresses, TCP ports ${ports.join(', ')}: ${probes} probes`,
  tooMany: (probes: number, limit: number) =>
    `${probes} probes are more than ${limit}. Choose fewer instances or ports.`,
  nothing: 'There is nothing to try: no running instance that you may send packets from.',
  progress: (done: number, all: number) => `${done} of ${all} probes`,
  busy: 'A proof of this account is running already, or too many of others are. Try again in a moment.',
  failed: (code: string) => `The proof ended early: ${code}`,
  proved: 'As the model says, in each of the probes.',
  differs: (count: number) =>
    count === 1 ? 'One probe differs from the model' : `${count} probes differ from the model`,
  differsHint:
    'Either something changed in between (prove again), or this is a defect of Postern, or something outside of it has changed the kernel.',
  late: (count: number) => `For ${count} probes there was no time.`,
  probes: 'Probes',
  open: 'Open',
  differences: 'Differences',
  untried: 'Not tried',
  digest: 'SHA-256 of the rows',
  digestHint: 'Two proofs with the same digest say the same of the same IDs.',
  download: 'Download as JSON',
  table: 'Truth table',
  show: 'Rows',
  shows: { all: 'All', open: 'With an open port', closed: 'All closed' },
  client: 'From',
  address: 'To',
  port: 'Port',
  model: 'Model',
  packet: 'Real packet',
  models: { open: 'open', closed: 'closed', either: 'open or closed' },
  outcomes: {
    open: 'open',
    refused: 'closed (refused)',
    silent: 'closed (no answer)',
    untried: 'not tried',
  },
  legend: {
    open: 'open',
    closed: 'closed',
    either: 'closed; may be either',
    differs: 'differs from the model',
  },
  elsewhere: (name: string) => `${name}, in another VPC`,
}

export type Texts = typeof en
