/** Tags as parameters, and the three tag actions that each product has under its own names. */
import { z } from 'zod'
import { isTagText } from '../model/rules.ts'
import { quotas } from '../model/quotas.ts'
import { listTags, ownedResources, putTags, readTags, removeTags, type Tag } from '../store/tags.ts'
import type { TaggedType } from '../store/tables.ts'
import {
  defineAction,
  type Action,
  type ActionContext,
  type ActionStatus,
  type ProductName,
} from './action.ts'
import { ApiError } from './errors.ts'
import { ownerOf } from './new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from './paging.ts'
import { flag, text } from './params.ts'
import { demand } from './require.ts'

/** How a product spells what can be wrong with tags. */
export interface TagErrors {
  readonly key: string
  readonly value: string
  readonly duplicate: string
  readonly quota: string
  readonly notFound: string
  /** Where it differs from the usual status of the code. */
  readonly notFoundStatus?: number
  readonly type: string
  /** Only of products that are strict: what is left out, or is to be removed and not there, has codes of its own. */
  readonly strict?: { readonly noKey: string; readonly noValue: string; readonly noneRemoved: string }
}

export type TagParams = readonly { readonly Key: string; readonly Value?: string | undefined }[] | undefined

/** Tags of a request that sets them. */
export function readTagParams(params: TagParams, errors: TagErrors): readonly Tag[] {
  const read = asFilter(params)
  for (const { key, value } of read) {
    demand(key !== '' && isTagText(key, 64), errors.key, { name: 'Tag.Key', reason: key })
    demand(isTagText(value, 128), errors.value, { name: 'Tag.Value', reason: value })
  }
  demand(new Set(read.map(({ key }) => key)).size === read.length, errors.duplicate)
  return read
}

/** Tags of a request that looks for them. */
export function asFilter(params: TagParams): readonly Tag[] {
  return (params ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? '' }))
}

interface TagProduct {
  readonly product: ProductName
  readonly errors: TagErrors
  /** The product's names of resource types; matched without regard to case. */
  readonly types: Readonly<Record<string, TaggedType>>
  readonly untag: 'UntagResources' | 'UnTagResources'
  /** `TagResources.TagResource[]` in the older products, `TagResources[]` in PrivateLink. */
  readonly listShape: 'wrapped' | 'plain'
}

/** Tags of a tag action. */
function tagList({ strict, quota }: TagErrors) {
  const key = strict ? text({ missing: strict.noKey }) : text()
  const value = strict
    ? text({ missing: strict.noValue }).meta({ wire: 'text', keepEmpty: true })
    : text().optional()
  return z
    .array(z.object({ Key: key, Value: value }))
    .max(quotas.tagsPerResource)
    .meta({ invalid: quota })
}

const resourceParams = { ResourceType: text(), ResourceId: z.array(text()).max(50) }
const tagResource = z.object({
  ResourceId: z.string(),
  ResourceType: z.string(),
  TagKey: z.string(),
  TagValue: z.string(),
})
const wrappedTags = z.object({ TagResource: z.array(tagResource) })
const plainTags = z.array(tagResource)

export function tagActions(of: TagProduct): Action[] {
  const { product, errors } = of
  const kinds = Object.keys(of.types).join(', ')
  const status: ActionStatus =
    product === 'Privatelink' ? 'full' : { partial: `For resources of the types ${kinds}.` }

  function typeOf(name: string): { readonly type: TaggedType; readonly name: string } {
    const match = Object.entries(of.types).find(([known]) => known.toLowerCase() === name.toLowerCase())
    if (!match) throw new ApiError(errors.type, { name: 'ResourceType', reason: `${name} is not known` })
    return { type: match[1], name: match[0] }
  }

  async function ownIds(context: ActionContext, type: TaggedType, ids: readonly string[]): Promise<void> {
    const owned = await ownedResources(context.tx, type, ownerOf(context), ids)
    const strange = ids.find((id) => !owned.has(id))
    if (strange === undefined) return
    throw new ApiError(errors.notFound, { name: 'ResourceId', reason: strange }, errors.notFoundStatus)
  }

  const tag = defineAction({
    product,
    name: 'TagResources',
    summary: { en: 'Sets tags on resources.', zh: '为资源绑定标签。' },
    status,
    params: z.object({ ...resourceParams, Tag: tagList(errors) }),
    result: z.object({}),
    effect: 'write',
    errors: declared(
      errors.key,
      errors.value,
      errors.duplicate,
      errors.quota,
      errors.notFound,
      errors.type,
      errors.strict?.noKey,
      errors.strict?.noValue,
    ),
    handler: async (context, { ResourceType, ResourceId, Tag }) => {
      const { type } = typeOf(ResourceType)
      const read = readTagParams(Tag, errors)
      await ownIds(context, type, ResourceId)
      await putTags(context.tx, type, ResourceId, read)
      for (const present of (await readTags(context.tx, type, ResourceId)).values()) {
        demand(present.length <= quotas.tagsPerResource, errors.quota)
      }
      return {}
    },
  })

  const untag = defineAction({
    product,
    name: of.untag,
    summary: { en: 'Removes tags from resources.', zh: '为资源解绑标签。' },
    status,
    params: z.object({
      ...resourceParams,
      TagKey: z.array(text()).max(20).optional(),
      All: flag().optional(),
    }),
    result: z.object({}),
    effect: 'write',
    errors: declared(
      errors.notFound,
      errors.type,
      ...(errors.strict ? [errors.key, errors.duplicate, errors.strict.noneRemoved] : []),
    ),
    handler: async (context, { ResourceType, ResourceId, TagKey, All }) => {
      const { type } = typeOf(ResourceType)
      if (errors.strict)
        readTagParams(
          TagKey?.map((Key) => ({ Key })),
          errors,
        )
      await ownIds(context, type, ResourceId)
      if (errors.strict && All !== true) {
        await demandTags(context, type, ResourceId, TagKey ?? [], errors.strict.noneRemoved)
      }
      await removeTags(context.tx, type, ResourceId, TagKey ?? (All === true ? 'all' : []))
      return {}
    },
  })

  const list = defineAction({
    product,
    name: 'ListTagResources',
    summary: { en: 'Lists tags of resources.', zh: '查询资源绑定的标签。' },
    status,
    params: z.object({
      ResourceType: text(),
      ResourceId: z.array(text()).max(50).optional(),
      Tag: tagList(errors).optional(),
      ...tokenParams(1000),
    }),
    result: z.object({
      NextToken: z.string(),
      TagResources: of.listShape === 'wrapped' ? wrappedTags : plainTags,
    }),
    effect: 'read',
    errors: declared(
      errors.type,
      ...(errors.strict
        ? [
            errors.key,
            errors.value,
            errors.duplicate,
            errors.strict.noKey,
            errors.strict.noValue,
            'MissingResourceIdOrTagParam',
          ]
        : []),
    ),
    handler: async (context, params) => {
      const { type, name } = typeOf(params.ResourceType)
      if (errors.strict) {
        demand(params.ResourceId !== undefined || params.Tag !== undefined, 'MissingResourceIdOrTagParam')
        readTagParams(params.Tag, errors)
      }
      const page = tokenPageOf(params)
      const filter = { ids: params.ResourceId ?? [], tags: asFilter(params.Tag) }
      const { rows, next } = await listTags(context.tx, type, ownerOf(context), filter, page)
      const found = rows.map((row) => ({
        ResourceId: row.resource_id,
        ResourceType: name,
        TagKey: row.key,
        TagValue: row.value,
      }))
      return {
        NextToken: nextToken({ next }),
        TagResources: of.listShape === 'wrapped' ? { TagResource: found } : found,
      }
    },
  })

  return [tag, untag, list]
}

/** One of the resources must have one of the tags. */
async function demandTags(
  { tx }: ActionContext,
  type: TaggedType,
  ids: readonly string[],
  keys: readonly string[],
  code: string,
): Promise<void> {
  const present = [...(await readTags(tx, type, ids)).values()].flat()
  demand(
    present.some(({ key }) => keys.includes(key)),
    code,
  )
}

function declared(...codes: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(codes.filter((code) => code !== undefined))].sort()
}
