/** An account with a key, as the operator makes it. */
import type { Deployment } from '../fixtures/deployment.ts'

export interface Key {
  readonly account: string
  readonly id: string
  readonly secret: string
}

export async function createKey({ postern }: Deployment, name: string): Promise<Key> {
  const made = JSON.parse(await postern('account', 'create', '--name', name, '--output', 'json')) as {
    AccountId: string
    AccessKeyId: string
    AccessKeySecret: string
  }
  return { account: made.AccountId, id: made.AccessKeyId, secret: made.AccessKeySecret }
}
