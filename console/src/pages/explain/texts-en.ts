/** The words of the explanation; reasons are told as the command line tells them. */
import { explainEn } from '../../../../src/cli/messages/explain-en.ts'
import type { SeenReason } from './answer.ts'

const unsent: Readonly<Record<string, string>> = {
  denied: 'No packet was sent: you have no right to run commands in the instance (ecs:RunCommand).',
  unavailable: 'No packet was sent: the instance cannot be entered now.',
}

const askProvider = 'Ask the provider to look with “Into my service”: his side tells why.'

/** Where the command line's advice is for who sits at it. */
const advice: Readonly<Partial<Record<SeenReason['code'], string>>> = {
  addressUnattached: 'Attach the interface to an instance.',
  allAbnormal:
    'Look into the console log and the shell of the instance: the program must run and listen on this port on all addresses.',
  backendsStopped: 'Start the instances. If their zone is down, the operator gives it back.',
  nameEmpty: 'A zone of the endpoint must be connected: its page tells their states.',
  nameOutside: 'Check the spelling: the page of the endpoint tells its names.',
  nameUnknown: 'Check the spelling: the page of the endpoint tells its names.',
  nobodyListens:
    'Look into the console log and the shell of the instance: the program must run and listen on this port on all addresses.',
  routeWithoutHop: 'Attach the interface to an instance.',
  zoneDown: 'The operator has taken the zone down and gives it back.',
}

export const en = {
  about:
    'Why a packet passes or not: each step of its way with a verdict, what is at fault, what to do, and what a real packet does.',
  side: 'Whose way',
  sides: { instance: 'From my instance', connection: 'Into my service' },
  from: 'From instance',
  to: 'To',
  toHint:
    'An endpoint, an instance or a CLB of yours, a domain name, an address, or a URL with http:// or https://.',
  toRule: 'An address, a domain name, an ID or a URL',
  groups: { endpoints: 'Endpoints', domains: 'Domain names', instances: 'Instances', balancers: 'CLB' },
  connection: 'Connection',
  connectionHint: 'An endpoint that is or wants to be connected to one of your services.',
  noConnections: 'No endpoint asks for a connection to a service of yours.',
  noInstances: 'No instance yet. Packets are sent from inside one: create it first.',
  createInstance: 'Create instance',
  port: 'Port',
  portRule: '1 to 65535',
  protocol: 'Protocol',
  host: 'Domain in the request',
  hostHint: 'For HTTP and HTTPS listeners. Left empty, what is called.',
  connectionHostHint: 'For HTTP and HTTPS listeners. Left empty, only the connection is judged.',
  hostRule: 'A domain name or an address',
  path: 'Path in the request',
  pathHint: 'With a path or a domain a request is judged, and sent: its redirect, its rule, its servers.',
  pathRule: 'A path such as /cart, without spaces',
  answered: (status: number) => `The request was answered with status ${status}.`,
  probe: 'Send a real packet',
  probeHint: 'A connection from inside the instance, closed at once; it needs the right ecs:RunCommand.',
  ask: 'Explain',
  line: 'The same on the command line',
  empty: 'Choose from where and to where, and ask.',
  steps: 'The way of the packet',
  passes: 'passes',
  stops: 'stops here',
  verdict: (passes: boolean): string => (passes ? 'It passes.' : 'It does not pass.'),
  toDo: 'What to do',
  open: (id: string) => `Open ${id}`,
  resolved: (addresses: readonly string[]) => `The name resolves to ${addresses.join(', ')}.`,
  outcome: (outcome: string) => unsent[outcome] ?? explainEn.probed(outcome),
  agrees: 'The real packet did what the steps say.',
  differs: explainEn.differs,
  unasked: 'No real packet was sent.',
  reason(reason: SeenReason) {
    if (reason.code === 'handedOver')
      return `your side lets it through; from here on it is in the hands of ${reason.service}, which is another account’s`
    if (reason.code === 'serviceSilent') return `the provider’s service ${reason.service} does not answer`
    return explainEn.reason(reason)
  },
  whatToDo(reason: SeenReason) {
    if (reason.code === 'handedOver' || reason.code === 'serviceSilent') return askProvider
    return advice[reason.code] ?? explainEn.whatToDo(reason)
  },
}

export type Texts = typeof en
