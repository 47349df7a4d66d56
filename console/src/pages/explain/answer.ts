/** What the server tells of a question, as `src/api/console/explain.ts` answers it. */
import type { SeenReason, SeenStep } from '../../../../src/explain/view.ts'
import { useApi } from '../../api/context.ts'
import { request } from '../../api/send.ts'

export type { SeenReason, SeenStep }

export type Question =
  | {
      readonly instance: string
      readonly target: string
      readonly port: number
      readonly protocol: 'tcp' | 'udp'
      readonly probe: boolean
      /** Of an HTTP or HTTPS listener; what is called is the host unless given. */
      readonly request?: { readonly host?: string; readonly path: string }
    }
  | {
      readonly connection: string
      readonly port: number
      readonly protocol: 'tcp' | 'udp'
      readonly request?: { readonly host: string; readonly path: string }
    }

export interface Explanation {
  readonly called?: string
  readonly passes: boolean
  readonly steps: readonly SeenStep[]
  readonly probe?: {
    readonly outcome: string
    readonly resolved?: readonly string[]
    /** Of a request to an HTTP or HTTPS listener. */
    readonly status?: number
  }
  readonly agrees?: boolean
}

export function useExplain(): (question: Question) => Promise<Explanation> {
  const { csrf } = useApi().session
  return async (question) => (await request('POST', '/console/explain', question, { csrf })) as Explanation
}
