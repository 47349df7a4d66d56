import type { Running } from '../deployment.ts'
import type { Finding } from '../doctor.ts'
import type { ExplainMessages } from './explain-messages.ts'
import type { ProductMessages } from './product-messages.ts'

export interface Messages {
  readonly about: string
  /** Headings of help texts, by the English word. */
  readonly helpHeadings: Readonly<Record<string, string>>
  readonly helpOption: string
  readonly versionOption: string
  readonly helpEpilogue: string
  /** What an option's description ends with. */
  optionValues(choices: readonly string[], fallback: string | undefined): string
  usage(detail: string): string

  readonly commands: {
    readonly up: string
    readonly down: string
    readonly status: string
    readonly metrics: string
    readonly capacity: string
    readonly audit: string
    readonly events: string
    readonly flows: string
    readonly doctor: string
    readonly account: string
    readonly accountCreate: string
    readonly accountList: string
    readonly accountPassword: string
    readonly accountKey: string
    readonly accountKeyCreate: string
    readonly limit: string
    readonly limitList: string
    readonly limitSet: string
    readonly zone: string
    readonly zoneList: string
    readonly zoneDown: string
    readonly zoneUp: string
    readonly exec: string
    readonly explain: string
    readonly proof: string
    readonly console: string
    readonly call: string
    readonly quickstart: string
    readonly test: string
    readonly completion: string
  }
  readonly options: {
    readonly state: string
    readonly listen: string
    readonly foreground: string
    readonly regions: string
    readonly output: string
    readonly lang: string
    readonly purge: string
    readonly accountId: string
    readonly account: string
    readonly accountName: string
    readonly limitConsumer: string
    readonly limitConnections: string
    readonly zone: string
    readonly noNetns: string
    readonly noQuickstart: string
    readonly instance: string
    readonly command: string
    readonly shell: string
    readonly since: string
    readonly auditAccount: string
    readonly auditAction: string
    readonly auditUser: string
    readonly eventEndpoint: string
    readonly flowAccount: string
    readonly flowEndpoint: string
    readonly flowService: string
    readonly flowSide: string
    readonly follow: string
    readonly linkAccount: string
    readonly place: string
    readonly udp: string
    readonly host: string
    readonly path: string
    readonly proofAccount: string
    readonly ports: string
    readonly save: string
    readonly checkProof: string
    readonly limit: string
    readonly parallel: string
    readonly seconds: string
  }

  noDeployment(state: string): string
  notRunning(state: string): string
  stateTooLong(state: string, limit: number): string
  stateBelowRun(state: string): string
  closedDirectory(state: string, closed: string): string
  notYours(state: string, uid: number): string
  runsElsewhere(listen: string, state: string): string
  cannotListen(listen: string, trouble: string): string
  badRegions(reason: string): string
  otherRegions(state: string): string
  partEnded(part: string, log: string): string
  notReady(seconds: number, log: string): string
  readonly alreadyRuns: string
  runs(running: Running & { readonly signIn?: string }, root: boolean): string
  signInLink(link: string): string
  readonly stopHint: string
  readonly stopped: string
  readonly purged: string
  readonly nothingThere: string

  created(
    account: { id: string; name: string; keyId: string; secret: string },
    endpoint: string,
    ca: string,
  ): string
  readonly accountColumns: readonly string[]
  readonly limitColumns: readonly string[]
  readonly limitIs: (consumer: string, connections: string) => string
  readonly zoneColumns: readonly string[]
  readonly zoneIs: (zone: string, status: 'up' | 'down') => string
  readonly metricsColumns: readonly string[]
  readonly capacityColumns: readonly string[]
  readonly auditColumns: readonly string[]
  readonly eventColumns: readonly string[]
  readonly flowColumns: readonly string[]
  readonly noFlows: string
  badSince(text: string): string
  readonly newPassword: string
  readonly newPasswordAgain: string
  readonly passwordsDiffer: string
  passwordSet(account: string): string
  badAccountId(text: string): string
  serverAnswered(message: string): string

  toolsMissing(list: string, command: string): string
  toolsMissingElsewhere(list: string, packages: string): string
  installing(list: string, packages: string): string
  installFailed(command: string): string

  findingState(state: Finding['state']): string
  readonly rightsRoot: string
  readonly rightsUser: string
  readonly rightsUserWhy: string
  readonly howPrivileged: string
  readonly howUserNamespacesElse: string
  readonly howNode: string
  readonly cgroup: string
  readonly cgroupWhy: string
  readonly cgroupLimited: string
  readonly howCgroupUser: string
  readonly connectionTable: string
  /** `beyond` is the smallest specification that allows more. */
  connectionTableWhy(most: number, beyond: string | undefined): string
  machineLacks(names: readonly string[]): string
  readonly machineReady: string

  skipped(what: string, why: string): string
  readonly needsRoot: string
  testsFailed(count: number): string

  readonly explain: ExplainMessages
  readonly product: ProductMessages
}
