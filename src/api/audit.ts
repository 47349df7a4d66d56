/** What the audit record says of a call. Pure; secrets never get past this file. */
import type { NewAuditEvent, AuditResources } from '../store/audit.ts'
import type { Action, Caller } from './action.ts'
import { ApiError } from './errors.ts'
import { parseJson } from './json.ts'

/** What is known of a call before it is known who makes it. */
export interface Origin {
  readonly requestId: string
  readonly at: Date
  /** As the client named the server. */
  readonly host: string
  readonly scheme: 'http' | 'https'
  readonly sourceIp: string
  readonly userAgent: string
}

export interface AuditedCall {
  readonly origin: Origin
  readonly eventType: NewAuditEvent['event_type']
  readonly version: string
  readonly action: { readonly product: string } & Pick<Action, 'name' | 'effect'>
  /** Undefined when the signature was not found good. */
  readonly caller: Caller | undefined
  readonly region: string
  readonly params: ReadonlyMap<string, string>
}

/** JSON text of the result of a call that went well, or what it threw. */
export type AuditedResult = { readonly result: string } | { readonly error: unknown }

export function describeCall(call: AuditedCall, outcome: AuditedResult): NewAuditEvent {
  const { origin, action, caller, params } = call
  const error = 'error' in outcome ? outcome.error : undefined
  const made = 'result' in outcome && action.effect === 'write' ? outcome.result : ''
  // What nobody signed is not a person's words.
  const said = caller ? [...params].filter(([name]) => !signing.has(name)) : []
  return {
    at: origin.at.toISOString(),
    account_id: caller?.account ?? '',
    ...principalOf(caller),
    // Of a caller nobody vouches for, the key that it names.
    access_key_id: caller?.accessKeyId ?? clip(params.get('AccessKeyId') ?? ''),
    source_ip: origin.sourceIp,
    user_agent: clip(origin.userAgent),
    host: clip(origin.host),
    scheme: origin.scheme,
    event_type: call.eventType,
    product: action.product,
    version: call.version,
    action: action.name,
    effect: action.effect,
    region_id: clip(call.region),
    request_id: origin.requestId,
    ...failureOf(error, caller),
    parameters: JSON.stringify(withoutSecrets(said)),
    resources: caller ? resourcesIn([...said.map(([, value]) => value), ...namesIn(made)]) : {},
  }
}

function principalOf(
  caller: Caller | undefined,
): Pick<NewAuditEvent, 'principal_type' | 'principal_id' | 'user_name'> {
  if (!caller) return { principal_type: 'unknown', principal_id: '', user_name: '' }
  const { account, principal } = caller
  switch (principal.kind) {
    case 'account':
      return { principal_type: 'root-account', principal_id: account, user_name: 'root' }
    case 'user':
      return { principal_type: 'ram-user', principal_id: principal.id, user_name: principal.name }
    case 'role':
      return {
        principal_type: 'assumed-role',
        principal_id: `${principal.id}:${principal.session}`,
        user_name: `${principal.name}:${principal.session}`,
      }
  }
}

/** The message to a caller nobody vouches for repeats what it sent, so it is left out. */
function failureOf(
  error: unknown,
  caller: Caller | undefined,
): Pick<NewAuditEvent, 'error_code' | 'error_message'> {
  if (error === undefined) return { error_code: '', error_message: '' }
  if (!(error instanceof ApiError)) return { error_code: 'InternalError', error_message: '' }
  return { error_code: error.code, error_message: caller ? clip(error.message) : '' }
}

const secret = /password|passwd|secret|userdata|securitytoken|privatekey|credential|webhook/i

/** Of the request's system parameters, those that only serve to authenticate it. */
const signing = new Set([
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
])

const mostParameters = 100

function withoutSecrets(said: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    said
      .slice(0, mostParameters)
      .map(([name, value]) => [name, secret.test(name) ? '******' : hideWithin(clip(value))]),
  )
}

/** A JSON text may name a secret inside. */
function hideWithin(value: string): string {
  return value.startsWith('{') || value.startsWith('[') ? (secret.test(value) ? '******' : value) : value
}

const mostCharacters = 512

function clip(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}

/** Types as ActionTrail names them, by the prefix of the id. */
const typeOf: Readonly<Record<string, string>> = {
  d: 'ACS::ECS::Disk',
  eni: 'ACS::ECS::NetworkInterface',
  ep: 'ACS::PrivateLink::VpcEndpoint',
  epsrv: 'ACS::PrivateLink::VpcEndpointService',
  i: 'ACS::ECS::Instance',
  lb: 'ACS::SLB::LoadBalancer',
  lsn: 'ACS::NLB::Listener',
  nlb: 'ACS::NLB::LoadBalancer',
  pl: 'ACS::ECS::PrefixList',
  rg: 'ACS::ResourceManager::ResourceGroup',
  rsp: 'ACS::SLB::ServerGroup',
  sg: 'ACS::ECS::SecurityGroup',
  sgp: 'ACS::NLB::ServerGroup',
  vpc: 'ACS::VPC::VPC',
  vsw: 'ACS::VPC::VSwitch',
  vtb: 'ACS::VPC::RouteTable',
}

const mostResources = 20
const id = new RegExp(`(?<![\\w-])(${Object.keys(typeOf).join('|')})-[a-z0-9]{8,32}(?![\\w-])`, 'g')

function resourcesIn(texts: readonly string[]): AuditResources {
  const found = new Set(texts.flatMap((text) => text.match(id) ?? []))
  const byType = Map.groupBy([...found].slice(0, mostResources), typeOfId)
  return Object.fromEntries(byType)
}

function typeOfId(name: string): string {
  return typeOf[name.slice(0, name.indexOf('-'))] ?? ''
}

/** The texts right inside an answer, and in the lists and objects there: what a write made. */
function namesIn(result: string): readonly string[] {
  return result === '' ? [] : textsIn(parseJson(result), 3)
}

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth === 0) return []
  return Object.values(value).flatMap((item: unknown) => textsIn(item, depth - 1))
}
