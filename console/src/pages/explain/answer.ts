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
    }
  | { readonly connection: string; readonly port: number; readonly protocol: 'tcp' | 'udp' }

export interface Explanation {
  readonly called?: string
  readonly passes: boolean
  readonly steps: readonly SeenStep[]
  readonly probe?: { readonly outcome: string; readonly resolved?: readonly string[] }
  readonly agrees?: boolean
}

export function useExplain(): (question: Question) => Promise<Explanation> {
  const { csrf } = useApi().session
  return async (question) => (await request('POST', '/console/explain', question, { csrf })) as Explanation
}
