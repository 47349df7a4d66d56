/** One world that many tests of rules look at: a consumer and a provider as in the cross-account walkthrough. */
import { expect, test } from 'vitest'
import { deploy, type Deployment, type WireParams } from './call.ts'
import { side, textOf, type Network } from './side.ts'

export const consumer = '12345678'
export const provider = '87654321'
export const stranger = '55555555'

export interface Scene {
  readonly of: Deployment
  readonly vpc1: Network
  readonly vpc2: Network
  readonly enterprise: string
  readonly ecs1: string
  readonly ecs2: string
  readonly clb: string
  readonly internetClb: string
  readonly prepaidClb: string
  readonly service: string
  /** In VPC1, not accepted. */
  readonly endpoint: string
}

export async function setScene(file = ':memory:'): Promise<Scene> {
  const of = await deploy(file, [consumer, provider, stranger])
  const consuming = side(of, consumer)
  const providing = side(of, provider)
  const vpc1 = await consuming.network('10.0.0.0/16', '10.0.0.0/24')
  const vpc2 = await providing.network('10.0.0.0/16', '10.0.0.0/24')
  const ecs1 = await consuming.instance(vpc1, '10.0.0.182')
  const ecs2 = await providing.instance(vpc2, '10.0.0.200')
  const clb = await providing.loadBalancer(vpc2, [ecs2])
  const spec = { LoadBalancerSpec: 'slb.s1.small' }
  const internetClb = textOf(await providing.call('Slb.CreateLoadBalancer', spec), 'LoadBalancerId')
  const prepaidClb = textOf(
    await providing.call('Slb.CreateLoadBalancer', { ...spec, VSwitchId: vpc2.vswitch, PayType: 'PrePay' }),
    'LoadBalancerId',
  )
  const enterprise = textOf(
    await consuming.call('Ecs.CreateSecurityGroup', { VpcId: vpc1.vpc, SecurityGroupType: 'enterprise' }),
    'SecurityGroupId',
  )
  await providing.call('Privatelink.OpenPrivateLinkService')
  await consuming.call('Privatelink.OpenPrivateLinkService')
  const service = await providing.service(clb)
  await providing.call('Privatelink.AddUserToVpcEndpointService', { ServiceId: service, UserId: consumer })
  const endpoint = await consuming.endpoint(vpc1, service)
  return {
    of,
    vpc1,
    vpc2,
    enterprise,
    ecs1,
    ecs2,
    clb,
    internetClb,
    prepaidClb,
    service,
    endpoint,
  }
}

/** Who calls what with which parameters, and the code of the refusal. */
export type Case = readonly [account: string, action: string, params: () => WireParams, code: string]

/** Each case is refused with its code, and changes nothing. */
export function refuses(of: () => Deployment, cases: readonly Case[]): void {
  const named = cases.map(([account, action, params, code]) => [account, action, code, params] as const)
  test.each(named)('%s: %s → %s', async (account, action, code, params) => {
    expect(await of().refusal(account, action, params())).toBe(code)
  })
}
