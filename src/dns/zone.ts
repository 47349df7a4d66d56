/**
 * What the resolver knows, and the look-up: pure. The source address of a query names the client's VPC and zone,
 * because it is set by that VPC's router and no client can choose it. A name resolves only inside the VPC that
 * owns it; everything outside the private suffix is refused, nothing is forwarded.
 */
import { Grouping } from '../lists/grouping.ts'
import { Mapping } from '../lists/mapping.ts'
import type { NamePlan, VpcPlan } from '../plan/host-plan.ts'
import { recordType, responseCode, type Question, type Response, type SoaRecord } from './wire.ts'

/** All that concerns one VPC. */
export interface ResolverVpc {
  readonly id: string
  /** Address in the service namespace on which this VPC's queries arrive. */
  readonly serviceAddress: string
  readonly sources: readonly { readonly address: string; readonly zone: string }[]
  readonly names: readonly NamePlan[]
}

/** Clients may keep an answer this long: a zone that dies leaves the answers within 2 s, and so what clients keep within 5. */
export const ttlS = 3

export interface ZoneTable {
  put(vpc: ResolverVpc): void
  drop(id: string): void
  /** `turn` rotates answers of names without affinity, so that their zones share the load. */
  lookUp(source: string, question: Question, turn: number): Response
}

interface VpcNames {
  readonly vpc: ResolverVpc
  readonly names: ReadonlyMap<string, NamePlan>
  /** Ancestors of names: they exist, but hold nothing (RFC 8020). */
  readonly inner: ReadonlySet<string>
}

/** For one plan after the other: a VPC for which nothing changed is the same object. */
export function createResolverVpcs(): (
  vpcs: readonly VpcPlan[],
  names: readonly NamePlan[],
) => readonly ResolverVpc[] {
  const namesOf = new Grouping<NamePlan>(({ vpc }) => [vpc])
  const resolvers = new Mapping<VpcPlan, NamePlan, ResolverVpc>()
  return (vpcs, names) => {
    namesOf.update(names)
    return resolvers.update({
      items: vpcs,
      around: [],
      related: names,
      itemOf: ({ vpc }) => vpc,
      partsOf: (vpc) => [vpc, namesOf.get(vpc.id)],
      make: (vpc) => ({
        id: vpc.id,
        serviceAddress: vpc.serviceLeg.serviceAddress,
        sources: vpc.vswitches.map(({ resolverSource, zone }) => ({ address: resolverSource, zone })),
        names: namesOf.get(vpc.id),
      }),
    })
  }
}

export function createZoneTable(suffix: string): ZoneTable {
  const vpcs = new Map<string, VpcNames>()
  const sources = new Map<string, { readonly vpc: string; readonly zone: string }>()
  const suffixLabels = suffix.toLowerCase().split('.')
  const soa: SoaRecord = {
    owner: suffixLabels,
    primary: ['ns', ...suffixLabels],
    mailbox: ['hostmaster', ...suffixLabels],
    serial: 1,
  }
  const refused = answer({ code: responseCode.REFUSED, authoritative: false })
  const noData = answer({ soa })

  function drop(id: string): void {
    const old = vpcs.get(id)
    if (!old) return
    for (const { address } of old.vpc.sources) {
      if (sources.get(address)?.vpc === id) sources.delete(address)
    }
    vpcs.delete(id)
  }

  return {
    drop,
    put(vpc) {
      drop(vpc.id)
      const names = new Map(vpc.names.map((name) => [name.name, name]))
      const inner = new Set(vpc.names.flatMap(({ name }) => ancestors(name, suffix)))
      vpcs.set(vpc.id, { vpc, names, inner })
      for (const { address, zone } of vpc.sources) sources.set(address, { vpc: vpc.id, zone })
    },
    lookUp(source, question, turn) {
      const client = sources.get(source)
      const own = client && vpcs.get(client.vpc)
      const name = lookUpName(question.labels)
      if (!client || !own || question.class !== 1 || !isBelow(name, suffix)) return refused
      const found = own.names.get(name)
      if (!found) return own.inner.has(name) ? noData : answer({ code: responseCode.NXDOMAIN, soa })
      if (question.type !== recordType.A && question.type !== recordType.ANY) return noData
      const addresses = orderAnswers(found, client.zone, turn)
      return addresses.length > 0 ? answer({ addresses }) : noData
    },
  }
}

function answer(part: Partial<Response>): Response {
  return { code: responseCode.NOERROR, authoritative: true, addresses: [], soa: undefined, ttlS, ...part }
}

/** ASCII letters lose their case (RFC 4343); a dot inside a label must not look like the end of one. */
function lookUpName(labels: readonly string[]): string {
  return labels
    .map((label) => label.replaceAll('.', '\\.').replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
    .join('.')
}

function isBelow(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`)
}

/** The suffix itself and every name between it and `name`. */
function ancestors(name: string, suffix: string): string[] {
  const found: string[] = []
  for (let rest = name; isBelow(rest, suffix) && rest !== suffix;) {
    rest = rest.slice(rest.indexOf('.') + 1)
    found.push(rest)
  }
  return found
}

function orderAnswers(name: NamePlan, zone: string, turn: number): string[] {
  const { answers, zoneAffinity } = name
  if (zoneAffinity) {
    const own = answers.filter((one) => one.zone === zone)
    const others = answers.filter((one) => one.zone !== zone)
    return [...own, ...others].map(({ address }) => address)
  }
  const first = answers.length > 0 ? turn % answers.length : 0
  return [...answers.slice(first), ...answers.slice(0, first)].map(({ address }) => address)
}
