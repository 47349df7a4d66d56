import type { NftSet } from '../state.ts'

export const tableName = 'postern'

/** One statement (or a few) of a transaction in table `ip postern`. */
export type NftOp =
  | { readonly op: 'add-table' }
  | { readonly op: 'delete-table' }
  | { readonly op: 'add-timeout'; readonly name: string; readonly spec: string }
  | { readonly op: 'delete-timeout'; readonly name: string }
  | { readonly op: 'add-counter'; readonly name: string }
  | { readonly op: 'delete-counter'; readonly name: string }
  | { readonly op: 'add-set'; readonly name: string; readonly kind: NftSet['kind']; readonly spec: string }
  | { readonly op: 'delete-set'; readonly name: string; readonly kind: NftSet['kind'] }
  | { readonly op: 'add-chain'; readonly name: string; readonly base: string | undefined }
  | { readonly op: 'flush-chain'; readonly name: string }
  | { readonly op: 'delete-chain'; readonly name: string }
  | { readonly op: 'add-rule'; readonly chain: string; readonly rule: string; readonly mark: string }
  | {
      readonly op: 'add-elements'
      readonly set: string
      readonly elements: readonly (readonly [key: string, value: string])[]
    }
  | { readonly op: 'delete-elements'; readonly set: string; readonly keys: readonly string[] }

/** Elements of one statement: netlink messages have a limit, and a line of megabytes is no help to anyone. */
const chunkSize = 2000

export function printNftOps(ops: readonly NftOp[]): string {
  return ops
    .flatMap(printNftOp)
    .map((line) => `${line}\n`)
    .join('')
}

function printNftOp(op: NftOp): readonly string[] {
  const table = `ip ${tableName}`
  switch (op.op) {
    case 'add-table':
      return [`add table ${table}`]
    case 'delete-table':
      return [`delete table ${table}`]
    case 'add-timeout':
      return [`add ct timeout ${table} ${op.name} { ${op.spec} }`]
    case 'delete-timeout':
      return [`delete ct timeout ${table} ${op.name}`]
    case 'add-counter':
      return [`add counter ${table} ${op.name}`]
    case 'delete-counter':
      return [`delete counter ${table} ${op.name}`]
    case 'add-set':
      return [`add ${op.kind} ${table} ${op.name} { ${op.spec} }`]
    case 'delete-set':
      return [`delete ${op.kind} ${table} ${op.name}`]
    case 'add-chain':
      return [`add chain ${table} ${op.name}${op.base ? ` { ${op.base} }` : ''}`]
    case 'flush-chain':
      return [`flush chain ${table} ${op.name}`]
    case 'delete-chain':
      return [`delete chain ${table} ${op.name}`]
    case 'add-rule':
      return [`add rule ${table} ${op.chain} ${op.rule} comment "${op.mark}"`]
    case 'add-elements':
      return chunks(op.elements.map(([key, value]) => (value ? `${key} : ${value}` : key))).map(
        (chunk) => `add element ${table} ${op.set} { ${chunk.join(', ')} }`,
      )
    case 'delete-elements':
      return chunks(op.keys).map((chunk) => `delete element ${table} ${op.set} { ${chunk.join(', ')} }`)
  }
}

function chunks(items: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(items.length / chunkSize)
  return Array.from({ length: count }, (_, i) => items.slice(i * chunkSize, (i + 1) * chunkSize))
}
