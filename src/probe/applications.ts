/** What only the instances know of a judgement: whether a program listens where the packet arrives. */
import { withApplication } from '../explain/application.ts'
import type { Judgement } from '../explain/judgement.ts'
import { ExecError } from '../protocol/exec-error.ts'
import { openPorts } from './packets.ts'
import type { Run } from './run.ts'

/** Adds the last step to all of them; each instance is looked into once, and those that `mayEnter` refuses not at all. */
export async function withApplications<Judged extends Judgement>(
  run: Run,
  judgements: readonly Judged[],
  protocol: 'tcp' | 'udp',
  mayEnter: (instance: string) => boolean = () => true,
): Promise<readonly Judged[]> {
  const instances = new Set(
    judgements
      .flatMap(({ destinations }) => destinations.flatMap(({ instance }) => instance ?? []))
      .filter(mayEnter),
  )
  const open = new Map<string, ReadonlySet<number>>()
  for (const instance of instances) {
    try {
      open.set(instance, new Set(await openPorts(run, instance, protocol)))
    } catch (error) {
      // It has ended since: nobody can look, so nothing is said about its programs.
      if (!(error instanceof ExecError)) throw error
    }
  }
  return judgements.map((judgement) => ({
    ...judgement,
    ...withApplication(judgement, protocol, (instance, _, port) => open.get(instance)?.has(port)),
  }))
}
