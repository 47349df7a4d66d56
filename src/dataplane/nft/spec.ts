/** The one spelling of declarations: rendered ones and observed ones must give the same text. */

export function baseChain(type: string, hook: string, priority: number, policy: string): string {
  return `type ${type} hook ${hook} priority ${priority}; policy ${policy};`
}

export function setSpec(keys: string, values: string | undefined, interval: boolean): string {
  return `type ${keys}${values ? ` : ${values}` : ''};${interval ? ' flags interval;' : ''}`
}

/** A set that rules fill: each member goes when no packet has named it for so long. */
export function memorySpec(keys: string, timeoutS: number, size = memorySize): string {
  return `type ${keys}; flags dynamic,timeout; timeout ${timeoutS}s; size ${size};`
}

/** A full set takes no more members; who is not in it is not remembered. */
const memorySize = 65_535

/** A set that rules fill with members that count connections. The kernel takes out those that have none any more. */
export function countingSpec(keys: string, size: number): string {
  return `type ${keys}; flags dynamic; size ${size};`
}

export function timeoutSpec(protocol: string, policy: Readonly<Record<string, number>>): string {
  const values = Object.entries(policy).map(([state, seconds]) => `${state} : ${seconds}`)
  return `protocol ${protocol}; l3proto ip; policy = { ${values.join(', ')} };`
}
