/** vSwitches that cannot be used. */
import type { RunningServer } from '../../../fixtures/running-server.ts'
import { refusalOf } from '../clients.ts'
import { zone, type Party } from '../stage.ts'

/** Takes all addresses that are left, for load balancers. */
export async function fullVSwitch({ slb }: Party, vswitch: string): Promise<string> {
  const params = { VSwitchId: vswitch, LoadBalancerSpec: 'slb.s1.small' }
  while ((await refusalOf(slb('CreateLoadBalancer', params))) === undefined);
  return vswitch
}

/** One that stays `Pending`: the agent reports nothing until the test is over. */
export async function pendingVSwitch(
  { agent }: RunningServer,
  { vpc }: Party,
  VpcId: string,
  CidrBlock: string,
  ZoneId = zone,
): Promise<string> {
  agent.pause()
  return String((await vpc('CreateVSwitch', { VpcId, ZoneId, CidrBlock }))['VSwitchId'])
}
