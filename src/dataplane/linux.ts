import { counters } from './counters.ts'
import type { Dataplane } from './dataplane.ts'
import { createDataplane } from './converge.ts'
import { endFlows } from './end-flows.ts'
import type { Exec } from './exec.ts'
import { execProgram, inside, output, runBatch } from './exec.ts'
import type { Kernel } from './kernel.ts'
import {
  addNamespaces,
  deleteNamespaces,
  listNamespaces,
  readSysctls,
  writeSysctls,
} from './netns/namespaces.ts'
import { observeLinks } from './netns/observe.ts'
import { printIpOp } from './netns/ops.ts'
import { listFlows } from './nft/flow-list.ts'
import { observeTable } from './nft/observe.ts'
import { printNftOps } from './nft/ops.ts'
import type { NamespaceState, WantedState } from './state.ts'
import { createRatePrograms } from './tc/rate-programs.ts'
import { observeRates } from './tc/rates.ts'

/** The data plane on this host. It needs root, or the root of a user, network and mount namespace of its own. */
export function createLinuxDataplane({
  deployment,
  exec = execProgram,
}: {
  readonly deployment: string
  readonly exec?: Exec
}): Dataplane {
  return createDataplane({ deployment, kernel: linuxKernel(exec) })
}

export function linuxKernel(exec: Exec): Kernel {
  const rates = createRatePrograms(exec)
  return {
    namespaces: listNamespaces,
    addNamespaces: (names) => addNamespaces(exec, names),
    deleteNamespaces: async (names) => {
      await rates.forget()
      return deleteNamespaces(exec, names)
    },
    observe: (netns, want) => observe(exec, netns, want),
    setSysctls: (netns, values) => writeSysctls(exec, netns, values),
    changeLinks: async (netns, ops) => {
      if (ops.some(({ op }) => op === 'link-del')) void rates.forget()
      return runBatch(exec, ['ip', '-n', netns], ops.map(printIpOp))
    },
    changeRates: rates.change,
    changeTable: async (netns, ops) => {
      await output(exec, inside(netns, ['nft', '-f', '-']), printNftOps(ops))
    },
    flows: (netns) => listFlows(exec, netns),
    endFlows: (netns, matches, doors) => endFlows(exec, netns, matches, doors),
    counters: (netns, what) => counters(exec, netns, what),
    close: rates.forget,
  }
}

async function observe(exec: Exec, netns: string, want: WantedState): Promise<NamespaceState> {
  const [links, sysctls, table] = await Promise.all([
    observeLinks(exec, netns),
    readSysctls(exec, netns, [...want.sysctls.keys()]),
    want.table ? observeTable(exec, netns) : undefined,
  ])
  const rates = links.shaped ? await observeRates(exec, netns) : new Map<string, number>()
  return { sysctls, devices: links.devices, objects: links.objects, rates, table }
}
