/** Pieces of answers that many actions share. */
import { z } from 'zod'
import { bigNumber } from './json.ts'

/** The collections of the older products: `{ "Vpc": [...] }`. */
export function wrapped<const Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  return z.object({ [name]: z.array(item) } as { [Key in Name]: z.ZodArray<Item> })
}

export const strings = <const Name extends string>(name: Name) => wrapped(name, z.string())

/** An account id: a 64-bit number on the wire. */
export const accountNumber = bigNumber

export const keyValue = z.object({ Key: z.string(), Value: z.string() })
export const tagKeyValue = z.object({ TagKey: z.string(), TagValue: z.string() })

interface StoredTag {
  readonly key: string
  readonly value: string
}

/** A tag in the two spellings of the public API, which each action has one of. */
export const asKeyValue = ({ key, value }: StoredTag) => ({ Key: key, Value: value })
export const asTagKeyValue = ({ key, value }: StoredTag) => ({ TagKey: key, TagValue: value })

/** `2021-09-24T18:00:07Z`, the usual form of a time. */
export function seconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z')
}

/** `2017-12-10T04:04Z`, the form of DescribeInstances. */
export function minutes(iso: string): string {
  return iso.replace(/:\d+(?:\.\d+)?Z$/, 'Z')
}
