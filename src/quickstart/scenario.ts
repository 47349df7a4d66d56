/** The two walkthroughs as data: who takes part, and the addresses of everything. */
import type { Text } from '../cli/language.ts'

export const region = 'eu-central-1'
export const zoneA = 'eu-central-1a'
export const zoneB = 'eu-central-1b'

export interface Participant {
  readonly account: string
  readonly name: string
}

export interface Network {
  readonly name: string
  readonly cidr: string
  /** All in zone B. */
  readonly vswitch: string
}

export interface Backend {
  readonly name: 'ECS2' | 'ECS3'
  readonly address: string
}

export interface Scenario {
  readonly id: 'same-account' | 'cross-account'
  readonly title: Text
  readonly consumer: Participant
  readonly provider: Participant
  readonly vpc1: Network & { readonly client: string }
  readonly vpc2: Network & { readonly backends: readonly [Backend, Backend] }
  /** A vSwitch of its own for the endpoint, in VPC1; the client's when undefined. */
  readonly endpointVSwitch: string | undefined
}

const alone: Participant = { account: '1000000000000001', name: 'frankfurt' }

export const sameAccount: Scenario = {
  id: 'same-account',
  title: { en: 'Same account', zh: '同账号' },
  consumer: alone,
  provider: alone,
  vpc1: { name: 'VPC1', cidr: '10.0.0.0/16', vswitch: '10.0.0.0/24', client: '10.0.0.182' },
  vpc2: {
    name: 'VPC2',
    cidr: '192.168.0.0/16',
    vswitch: '192.168.20.0/24',
    backends: [
      { name: 'ECS2', address: '192.168.20.200' },
      { name: 'ECS3', address: '192.168.20.201' },
    ],
  },
  endpointVSwitch: undefined,
}

/** Both sides have the same address plan, down to the vSwitch. */
export const crossAccount: Scenario = {
  id: 'cross-account',
  title: { en: 'Cross account', zh: '跨账号' },
  consumer: { account: '12345678', name: 'consumer' },
  provider: { account: '87654321', name: 'provider' },
  vpc1: { name: 'VPC1', cidr: '10.0.0.0/16', vswitch: '10.0.0.0/24', client: '10.0.0.182' },
  vpc2: {
    name: 'VPC2',
    cidr: '10.0.0.0/16',
    vswitch: '10.0.0.0/24',
    backends: [
      { name: 'ECS2', address: '10.0.0.200' },
      { name: 'ECS3', address: '10.0.0.201' },
    ],
  },
  endpointVSwitch: '10.0.1.0/24',
}

export function isCrossAccount(scenario: Scenario): boolean {
  return scenario.consumer.account !== scenario.provider.account
}
