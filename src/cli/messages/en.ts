import type { Messages } from './messages.ts'
import { explainEn } from './explain-en.ts'
import { productEn } from './product-en.ts'

const findingStates = { ok: 'ok', missing: 'MISSING', limited: 'limited' }

export const en = {
  about: 'Self-hosted PrivateLink: one isolated network offers one service to another, privately.',
  helpHeadings: {},
  helpOption: 'show this help',
  versionOption: 'show the version',
  helpEpilogue: 'Exit codes: 0 done, 1 a check or call failed, 2 wrong usage, 3 the machine lacks something.',
  optionValues: (choices, fallback) => {
    const parts = [
      ...(choices.length > 0 ? [choices.join(' or ')] : []),
      ...(fallback === undefined ? [] : [`default ${fallback}`]),
    ]
    return parts.length === 0 ? '' : ` (${parts.join('; ')})`
  },
  usage: (detail) => `${detail}. See --help.`,

  commands: {
    up: 'start server and agent, and return when they are ready',
    down: 'stop them and remove what they made in the kernel; what is stored stays',
    status: 'what runs, and where',
    metrics: 'what each connection has carried: bytes and packets into the endpoint and back',
    capacity: 'how many source ports each connection uses, and how many are left',
    audit: 'who called what, and what came of it',
    events: 'what was cut, by which call, and how soon',
    flows: 'every flow through an endpoint, as its consumer and its provider are told it',
    doctor: 'check what this machine can do, and say how to get what is missing',
    account: 'accounts and their access keys',
    accountCreate: 'make an account with a first access key',
    accountList: 'list the accounts',
    accountPassword: 'set the password with which the account signs in to the console',
    accountKey: 'access keys of an account',
    accountKeyCreate: 'make one more access key',
    limit: 'how many open flows consumers may have',
    limitList: 'list the limits',
    limitSet: 'limit what a consumer may have open at each service',
    zone: 'zones, and their failure for a trial',
    zoneList: 'list the zones and which are down',
    zoneDown: 'take a zone away: nothing in it is reached',
    zoneUp: 'give a zone back',
    exec: 'run a command in an instance',
    explain: 'why a packet of an instance passes or not, with a real one',
    proof: 'try every pair of instances, addresses and ports, and compare with the model',
    console: "a link that signs in to the console, once; with an instance, that instance's console log",
    call: 'call an action of the API',
    quickstart: 'carry out both walkthroughs with real packets and prove that they work',
    test: 'run every test that can run here',
    completion: 'print a completion script for your shell',
  },
  options: {
    state: 'directory of the deployment',
    listen: 'address of the API',
    regions: 'JSON file of the regions and zones to offer',
    foreground: 'stay attached, stop on Ctrl-C',
    output: 'how to print the result',
    lang: 'language of messages',
    purge: 'remove what is stored too',
    accountId: 'digits; made up when not given',
    account: 'account id',
    accountName: 'name of the account',
    limitConsumer: 'id of an account, or `all` for those without a limit of their own',
    limitConnections: 'open flows over all its zones and endpoints at one service, or `none`',
    zone: 'zone id',
    noNetns: 'leave out the tests that make network namespaces',
    noQuickstart: 'leave out the end-to-end walkthroughs',
    instance: 'id of an instance, i-…',
    command: 'the command with its arguments',
    shell: 'bash, zsh or fish',
    since: 'from when on: 15m, 2h, 7d or a time',
    auditAccount: 'calls of one account',
    auditAction: 'calls of one action',
    auditUser: 'calls of one user',
    eventEndpoint: 'events of one endpoint',
    flowAccount: 'what one account is told',
    flowEndpoint: 'flows of one endpoint',
    flowService: 'flows of one service, by id or name',
    flowSide: 'what consumers are told, or providers',
    follow: 'go on with what comes, until Ctrl-C; JSON is a line each',
    linkAccount: 'the link is for this account only',
    place: 'address, name or id, and the port: ep-…:80',
    udp: 'UDP instead of TCP',
    host: 'domain of the request to an HTTP or HTTPS listener; what is called, unless given',
    path: 'path of that request',
    proofAccount: 'only what belongs to these accounts',
    ports: 'ports to try, as 80,443,udp/53; else those of listeners, the borders of rules, and a closed one',
    save: 'write the result to this file',
    checkProof: 'try nothing; say whether this saved result was changed',
    limit: 'probes at most',
    parallel: 'instances that probe at a time',
    seconds: 'no new probes after this time',
  },

  noDeployment: (state) =>
    `there is no deployment in ${state}. Start one with ./postern up, or name another with --state.`,
  notRunning: (state) =>
    `the deployment in ${state} does not run. Start it with ./postern up --state ${state}.`,
  stateTooLong: (state, limit) =>
    `the state directory ${state} has too long a path for unix sockets. Choose one of at most ${limit} bytes with --state.`,
  stateBelowRun: (state) =>
    `the state directory ${state} lies below /run, which is private to the deployment of an ordinary user. Choose another with --state.`,
  closedDirectory: (state, closed) =>
    `the server runs without privileges and cannot reach ${state}, because ${closed} is closed to other users. Choose another directory with --state, for example below /var/lib.`,
  notYours: (state, uid) =>
    `${state} belongs to user id ${uid}. Run this as that user, or choose another directory with --state.`,
  runsElsewhere: (listen, state) =>
    `the deployment in ${state} already runs and listens on ${listen}. Stop it with ./postern down first.`,
  cannotListen: (listen, trouble) =>
    trouble === 'EADDRINUSE'
      ? `${listen} is in use by another program. Choose another address with --listen.`
      : `${listen} cannot be listened on (${trouble}). Choose another address with --listen.`,
  badRegions: (reason) => `the regions cannot be used: ${reason}`,
  otherRegions: (state) =>
    `the deployment in ${state} already runs with other regions. Stop it with ./postern down first.`,
  partEnded: (part, log) => `the ${part} ended while starting. Its last lines:\n${log}`,
  notReady: (seconds, log) =>
    `not ready after ${seconds} s, so everything was stopped again. The last lines:\n${log}`,
  alreadyRuns: 'Postern already runs.',
  runs: ({ endpoint, ca, console: web, state, signIn }, root) =>
    [
      'Postern is ready.',
      `  API       ${endpoint}  (HTTP and HTTPS on the same port)`,
      `  console   ${web}`,
      `  CA file   ${ca}`,
      `  state     ${state}${root ? '' : '  (rootless: the host’s network is not touched)'}`,
      '',
      ...(signIn === undefined
        ? []
        : ['To sign in to the console (once, within 10 minutes):', `  ${signIn}`, '']),
      'For the SDKs and Terraform make an account with a key; it signs in to the console as well:',
      `  ./postern account create --name me --state ${state}`,
    ].join('\n'),
  signInLink: (link) => `Signs in to the console, once, within 10 minutes:\n  ${link}`,
  stopHint: 'Ctrl-C stops it.',
  stopped: 'Postern is stopped. What is stored stays; ./postern up brings everything back.',
  purged: 'Postern is stopped and removed.',
  nothingThere: 'There is no such deployment; nothing to do.',

  created: ({ id, name, keyId, secret }, endpoint, ca) => {
    const host = endpoint.replace('https://', '')
    return [
      `Account ${id} (${name}). The secret is shown only now:`,
      '',
      `  export ALIBABA_CLOUD_ACCESS_KEY_ID=${keyId}`,
      `  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`,
      `  export NODE_EXTRA_CA_CERTS=${ca} SSL_CERT_FILE=${ca}`,
      '',
      `Give the SDKs the endpoint ${host}. For Terraform set these as well:`,
      '',
      `  export ALICLOUD_ACCESS_KEY=${keyId} ALICLOUD_SECRET_KEY=${secret}`,
      `  export PRIVATELINK_ENDPOINT=${host} VPC_ENDPOINT=${host} ECS_ENDPOINT=${host} SLB_ENDPOINT=${host}`,
    ].join('\n')
  },
  accountColumns: ['ACCOUNT', 'NAME'],
  limitColumns: ['CONSUMER', 'CONNECTIONS'],
  limitIs: (consumer, connections) => `limit of ${consumer}: ${connections}.`,
  zoneColumns: ['ZONE', 'REGION', 'STATUS', 'SINCE'],
  zoneIs: (zone, status) => `${zone} is ${status}.`,
  auditColumns: ['time', 'account', 'user', 'action', 'result', 'from', 'resources', 'request'],
  flowColumns: [
    'started',
    'ended',
    'account',
    'side',
    'from',
    'endpoint',
    'port',
    'server',
    'bytes in',
    'bytes out',
    'result',
  ],
  noFlows: 'no flow has ended yet, or the flow log is switched off.',
  eventColumns: ['ended', 'endpoint', 'zone', 'cause', 'call', 'ms from the call', 'flows ended'],
  badSince: (text) => `'${text}' is no time; write 15m, 2h, 7d or 2026-11-24T08:00:00Z`,
  metricsColumns: [
    'ENDPOINT',
    'ZONE',
    'IN-BYTES',
    'IN-PACKETS',
    'IN-DROPPED',
    'OUT-BYTES',
    'OUT-PACKETS',
    'OUT-DROPPED',
    'SG-REFUSED',
    'NO-LISTENER',
  ],
  capacityColumns: [
    'ENDPOINT',
    'ZONE',
    'PORTS-USED',
    'PORTS-AVAILABLE',
    'SOURCE-ADDRESSES',
    'REFUSED-BY-LIMIT',
  ],
  newPassword: 'New password: ',
  newPasswordAgain: 'Once more: ',
  passwordsDiffer: 'the two are not the same',
  passwordSet: (account) =>
    `Account ${account} signs in to the console with the new password; its sessions by an earlier one have ended.`,
  badAccountId: (text) => `'${text}' is no account id: 1 to 16 digits, the first not 0`,
  serverAnswered: (message) => `the server refused: ${message}`,

  toolsMissing: (list, command) => `this machine lacks\n${list}\nInstall it with:\n  ${command}`,
  toolsMissingElsewhere: (list, packages) =>
    `this machine lacks\n${list}\nand has no apt-get. Install what Debian calls: ${packages}`,
  installing: (list, packages) => `This machine lacks\n${list}\nInstalling the Debian packages: ${packages}`,
  installFailed: (command) =>
    `the Debian packages could not be installed (see above). Try it yourself: ${command}`,

  findingState: (state) => findingStates[state],
  rightsRoot: 'rights: root with namespaces',
  rightsUser: 'rights: own user namespaces',
  rightsUserWhy: 'everything runs in namespaces of your own',
  howPrivileged: 'this container is not allowed to: start it with --privileged',
  howUserNamespacesElse: 'allow user namespaces to this user, or run as root',
  howNode: 'start Postern with ./postern, which brings it',
  cgroup: 'control groups',
  cgroupWhy: 'limits of memory and processes of instances',
  cgroupLimited: 'limits of instances are per process only',
  connectionTable: 'connection table',
  connectionTableWhy: (most, beyond) =>
    `${most} connections may be open in a VPC${beyond ? `, fewer than ${beyond} allows` : ''}`,
  howCgroupUser: 'run as root, or delegate a control group to your user',
  machineLacks: (names) => `this machine lacks: ${names.join(', ')}. The table says how to get it.`,
  machineReady: 'This machine has everything Postern needs.',

  skipped: (what, why) => `skipped: ${what} (${why})`,
  needsRoot: 'needs root',
  testsFailed: (count) => `${count} failed; see above`,

  explain: explainEn,
  product: productEn,
} satisfies Messages
