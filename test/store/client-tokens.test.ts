/** A ClientToken that was used with other parameters: the code is the one that the action's documents name. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy, type Deployment } from './call.ts'

const account = '12345678'
let of: Deployment
beforeAll(async () => {
  of = await deploy(':memory:', [account])
})
afterAll(() => of.db.destroy())

test('CreateVSwitch has a code of its own, CreateVpc the usual one', async () => {
  const vpc = { CidrBlock: '10.0.0.0/8', ClientToken: 'token' }
  const { VpcId } = await of.call(account, 'Vpc.CreateVpc', vpc)
  await of.settle()
  expect(await of.refusal(account, 'Vpc.CreateVpc', { ...vpc, CidrBlock: '10.0.0.0/9' })).toBe(
    'IdempotentParameterMismatch',
  )
  const vswitch = {
    VpcId: String(VpcId),
    ZoneId: 'eu-central-1b',
    CidrBlock: '10.0.0.0/24',
    ClientToken: 'token',
  }
  const made = await of.call(account, 'Vpc.CreateVSwitch', vswitch)
  expect(await of.call(account, 'Vpc.CreateVSwitch', vswitch)).toEqual(made)
  expect(await of.refusal(account, 'Vpc.CreateVSwitch', { ...vswitch, CidrBlock: '10.0.1.0/24' })).toBe(
    'Duplicated.ClientToken',
  )
})
