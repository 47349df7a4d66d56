/** Who is signed in. The cookie itself is out of the page's reach; this is what the server tells of it. */
import { CallError, request } from './send.ts'

export interface Account {
  readonly id: string
  readonly name: string
}

export interface Session {
  readonly account: string
  readonly accounts: readonly Account[]
  readonly principal: { readonly kind: string; readonly name?: string }
  /** Whether the link was the operator's, who acts as every account. */
  readonly operator: boolean
  readonly csrf: string
  readonly expires: string
}

export type Credentials =
  | { readonly accessKeyId: string; readonly accessKeySecret: string }
  | {
      readonly account: string
      readonly user?: string | undefined
      readonly password: string
      readonly newPassword?: string | undefined
    }
  | { readonly link: string }

const url = '/console/session'

export async function readSession(): Promise<Session | undefined> {
  try {
    return (await request('GET', url)) as Session
  } catch (error) {
    if (error instanceof CallError && error.status === 401) return undefined
    throw error
  }
}

export async function signIn(credentials: Credentials): Promise<Session> {
  return (await request('POST', url, credentials)) as Session
}

export async function signOut({ csrf }: Session): Promise<void> {
  await request('DELETE', url, undefined, { csrf })
}

export async function switchAccount({ csrf }: Session, account: string): Promise<Session> {
  return (await request('PUT', `${url}/account`, { account }, { csrf })) as Session
}
