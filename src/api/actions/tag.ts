/** Tag 2018-08-28: tags of the resources of all products, which are named by ARN. */
import { z } from 'zod'
import { quotas } from '../../model/quotas.ts'
import { ownedResources, putTags, readTags, removeTags, tagsOfAll } from '../../store/tags.ts'
import type { TagTable } from '../../store/tables.ts'
import { listPage, type Position } from '../../store/page.ts'
import { defineAction, type Action, type ActionContext } from '../action.ts'
import { ApiError } from '../errors.ts'
import { ownerOf } from '../new-resource.ts'
import { nextToken, token, tokenPageOf } from '../paging.ts'
import { choice, flag, integer, json, text } from '../params.ts'
import { describeRegions } from '../region-actions.ts'
import { demand, found } from '../require.ts'
import { findKind, resourceKinds, type ResourceKind } from '../resource-kinds.ts'
import { wrapped } from '../results.ts'
import { readTagParams, type TagErrors } from '../tags.ts'

const tagErrors: TagErrors = {
  key: 'InvalidParameter.TagKey',
  value: 'InvalidParameter.TagValue',
  duplicate: 'InvalidParameter.TagKey',
  quota: 'QuotaExceed.TagsPerResource',
  notFound: 'InvalidResourceId.NotFound',
  type: 'InvalidParameter.ResourceARN',
}

interface Named {
  readonly arn: string
  readonly kind: ResourceKind
  readonly id: string
}

/** What ARNs name; an account's own resources only, those of a region only there. */
function readArns({ caller, region }: ActionContext, arns: readonly string[]): readonly Named[] {
  return [...new Set(arns)].map((arn) => {
    const [, service, place, account, type, id] =
      /^arn:acs:([a-z]+):([a-z0-9*-]*):(\d+):([A-Za-z]+)\/([a-z0-9@_-]+)$/.exec(arn) ?? []
    const kind = findKind(service ?? '', type ?? '')
    const here = place === region || kind?.tagged === 'resourcegroup'
    if (!kind || !here || id === undefined) {
      throw new ApiError('InvalidParameter.ResourceARN', { reason: `${arn} names nothing in ${region}` })
    }
    // Another account's resource is not told from one that does not exist.
    return { arn, kind, id: account === caller.account ? id : '' }
  })
}

function arnOf({ caller, region }: ActionContext, kind: ResourceKind, id: string): string {
  const place = kind.tagged === 'resourcegroup' ? '*' : region
  return `arn:acs:${kind.service}:${place}:${caller.account}:${kind.type}/${id}`
}

const arnList = () => z.array(text()).min(1).max(50)
const tagMap = () => json(z.record(z.string(), z.string()))
const failures = z.object({
  FailedResources: wrapped(
    'FailedResource',
    z.object({ ResourceARN: z.string(), Result: z.object({ Code: z.string(), Message: z.string() }) }),
  ),
})

/** Does it for each resource by itself; what cannot be done for one is told beside what was done for the others. */
async function forEach(
  context: ActionContext,
  arns: readonly string[],
  change: (named: Named) => Promise<void>,
): Promise<z.infer<typeof failures>> {
  const failed: z.infer<typeof failures>['FailedResources']['FailedResource'] = []
  for (const named of readArns(context, arns)) {
    try {
      const owned = await ownedResources(context.tx, named.kind.tagged, ownerOf(context), [named.id])
      demand(owned.has(named.id), tagErrors.notFound, { name: 'ResourceARN', reason: named.arn })
      await change(named)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed.push({ ResourceARN: named.arn, Result: { Code: error.code, Message: error.message } })
    }
  }
  return { FailedResources: { FailedResource: failed } }
}

const tagResources = defineAction({
  product: 'Tag',
  name: 'TagResources',
  summary: { en: 'Sets tags on resources of any product.', zh: '为资源统一绑定标签。' },
  status: 'full',
  params: z.object({ ResourceARN: arnList(), Tags: tagMap() }),
  result: failures,
  effect: 'write',
  errors: [
    'InvalidParameter.ResourceARN',
    'InvalidParameter.TagKey',
    'InvalidParameter.TagValue',
    'InvalidParameter.Tags',
  ],
  handler: async (context, { ResourceARN, Tags }) => {
    const { tx } = context
    const given = readTagParams(
      Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
      tagErrors,
    )
    demand(given.length > 0 && given.length <= 20, 'InvalidParameter.Tags', { reason: '1 to 20 tags' })
    return await forEach(context, ResourceARN, async ({ kind, id }) => {
      const present = (await readTags(tx, kind.tagged, [id])).get(id) ?? []
      const keys = new Set([...present, ...given].map(({ key }) => key))
      demand(keys.size <= quotas.tagsPerResource, tagErrors.quota)
      await putTags(tx, kind.tagged, [id], given)
    })
  },
})

const untagResources = defineAction({
  product: 'Tag',
  name: 'UntagResources',
  summary: { en: 'Removes tags from resources of any product.', zh: '为资源统一解绑标签。' },
  status: 'full',
  params: z.object({ ResourceARN: arnList(), TagKey: z.array(text()).min(1).max(20) }),
  result: failures,
  effect: 'write',
  errors: ['InvalidParameter.ResourceARN'],
  handler: async (context, { ResourceARN, TagKey }) =>
    await forEach(context, ResourceARN, async ({ kind, id }) => {
      await removeTags(context.tx, kind.tagged, [id], TagKey)
    }),
})

const category = () => choice(['Custom', 'System', 'All']).optional()
const pageParams = { PageSize: integer(1, 1000).default(50), NextToken: token().optional() }

/** One page of what was found, and how to ask for the next. */
function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  params: { readonly PageSize: number; readonly NextToken?: Position | undefined },
): { readonly shown: readonly Item[]; readonly next: string } {
  const { PageSize: MaxResults, NextToken } = params
  const { rows, next } = listPage(items, keyOf, tokenPageOf({ MaxResults, NextToken }))
  return { shown: rows, next: nextToken({ next }) }
}

interface Tagged {
  readonly kind: ResourceKind
  readonly id: string
  readonly tags: readonly TagTable[]
}

/** Resources of these kinds that carry tags. Only their owner sets tags here, so none is a `System` one. */
async function taggedResources(
  context: ActionContext,
  kinds: readonly ResourceKind[],
  of: string | undefined,
): Promise<readonly Tagged[]> {
  if (of === 'System') return []
  const types = kinds.map(({ tagged }) => tagged)
  const rows = await tagsOfAll(context.tx, types, ownerOf(context))
  const byType = new Map(kinds.map((kind) => [kind.tagged, kind]))
  return [...Map.groupBy(rows, (row) => `${row.resource_type}/${row.resource_id}`).values()].flatMap(
    (tags) => {
      const [first] = tags
      const kind = first && byType.get(first.resource_type)
      return kind ? [{ kind, id: first.resource_id, tags }] : []
    },
  )
}

const listTagResources = defineAction({
  product: 'Tag',
  name: 'ListTagResources',
  summary: { en: 'Lists resources of any product with their tags.', zh: '查询已绑定标签的资源。' },
  status: { partial: 'Only the owner sets tags, so none is of the category `System`.' },
  params: z.object({
    ResourceARN: arnList().optional(),
    Tags: tagMap().optional(),
    Category: category(),
    ...pageParams,
  }),
  result: z.object({
    NextToken: z.string(),
    TagResources: z.array(
      z.object({
        ResourceARN: z.string(),
        Tags: z.array(z.object({ Key: z.string(), Value: z.string(), Category: z.string() })),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidParameter.ResourceARN'],
  handler: async (context, params) => {
    const wanted = params.ResourceARN && new Set(readArns(context, params.ResourceARN).map(({ arn }) => arn))
    const all = await taggedResources(context, resourceKinds, params.Category)
    const matching = all
      .filter(({ tags }) =>
        Object.entries(params.Tags ?? {}).every(([key, value]) =>
          tags.some((tag) => tag.key === key && (value === '' || tag.value === value)),
        ),
      )
      .map(({ kind, id, tags }) => ({ arn: arnOf(context, kind, id), tags }))
      .filter(({ arn }) => wanted?.has(arn) ?? true)
    const { shown, next } = pageOf(matching, ({ arn }) => arn, params)
    return {
      NextToken: next,
      TagResources: shown.map(({ arn, tags }) => ({
        ResourceARN: arn,
        Tags: tags.map(({ key, value }) => ({ Key: key, Value: value, Category: 'Custom' })),
      })),
    }
  },
})

/** `ALIYUN::ECS::INSTANCE`, as the lists by key and value take a type; every kind when it is not given. */
function kindsOf(type: string | undefined): readonly ResourceKind[] {
  if (type === undefined) return resourceKinds
  const [, service = '', name = ''] = /^ALIYUN::(\w+)::(\w+)$/i.exec(type) ?? []
  return [found(findKind(service, name), 'InvalidParameter.ResourceType', { reason: type })]
}

const fuzzyType = () => choice(['EQUAL', 'PREFIX']).default('EQUAL')
const listParams = {
  ResourceType: text().optional(),
  FuzzyType: fuzzyType(),
  QueryType: choice(['ResourceTag', 'MetaTag']).optional(),
}

function matches(value: string, wanted: string | undefined, fuzzy: 'EQUAL' | 'PREFIX'): boolean {
  return wanted === undefined || (fuzzy === 'EQUAL' ? value === wanted : value.startsWith(wanted))
}

const listTagKeys = defineAction({
  product: 'Tag',
  name: 'ListTagKeys',
  summary: { en: 'Lists the keys of tags in use.', zh: '查询标签键。' },
  status: { partial: 'Only the owner sets tags, so none is of the category `System`.' },
  params: z.object({
    ...listParams,
    TagFilter: z.object({ Key: text().optional() }).optional(),
    Category: category(),
    ...pageParams,
  }),
  result: z.object({
    NextToken: z.string(),
    Keys: wrapped('Key', z.object({ Key: z.string(), Category: z.string(), Description: z.string() })),
  }),
  effect: 'read',
  errors: ['InvalidParameter.ResourceType'],
  handler: async (context, params) => {
    const all = await taggedResources(context, kindsOf(params.ResourceType), params.Category)
    const keys = new Set(all.flatMap(({ tags }) => tags.map(({ key }) => key)))
    const matching = [...keys].filter((key) => matches(key, params.TagFilter?.Key, params.FuzzyType))
    const { shown, next } = pageOf(matching, (key) => key, params)
    return {
      NextToken: next,
      Keys: { Key: shown.map((key) => ({ Key: key, Category: 'Custom', Description: '' })) },
    }
  },
})

const listTagValues = defineAction({
  product: 'Tag',
  name: 'ListTagValues',
  summary: { en: 'Lists the values that a key has.', zh: '查询指定标签键对应的标签值。' },
  status: 'full',
  params: z.object({
    Key: text(),
    ...listParams,
    TagFilter: z.object({ Value: text().optional() }).optional(),
    ...pageParams,
  }),
  result: z.object({ NextToken: z.string(), Values: wrapped('Value', z.string()) }),
  effect: 'read',
  errors: ['InvalidParameter.ResourceType'],
  handler: async (context, params) => {
    const all = await taggedResources(context, kindsOf(params.ResourceType), undefined)
    const tags = all.flatMap((resource) => resource.tags.filter(({ key }) => key === params.Key))
    const values = [...new Set(tags.map(({ value }) => value))]
    const wanted = params.TagFilter?.Value
    const { shown, next } = pageOf(
      values.filter((value) => matches(value, wanted, params.FuzzyType)),
      (value) => value,
      params,
    )
    return { NextToken: next, Values: { Value: [...shown] } }
  },
})

const listResourcesByTag = defineAction({
  product: 'Tag',
  name: 'ListResourcesByTag',
  summary: { en: 'Lists resources of one type by a tag.', zh: '根据标签查询资源。' },
  status: 'full',
  params: z.object({
    ResourceType: text(),
    TagFilter: z.object({ Key: text(), Value: text().optional() }),
    FuzzyType: fuzzyType(),
    IncludeAllTags: flag().optional(),
    MaxResult: integer(1, 1000).default(50),
    NextToken: token().optional(),
  }),
  result: z.object({
    NextToken: z.string(),
    Resources: z.array(
      z.object({
        ResourceId: z.string(),
        Tags: z.array(z.object({ Key: z.string(), Value: z.string(), Category: z.string() })),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidParameter.ResourceType'],
  handler: async (context, params) => {
    const { Key, Value } = params.TagFilter
    const fits = ({ key, value }: TagTable) => key === Key && matches(value, Value, params.FuzzyType)
    const all = await taggedResources(context, kindsOf(params.ResourceType), undefined)
    const matching = all.filter(({ tags }) => tags.some(fits))
    const { shown, next } = pageOf(matching, ({ id }) => id, {
      PageSize: params.MaxResult,
      NextToken: params.NextToken,
    })
    return {
      NextToken: next,
      Resources: shown.map(({ id, tags }) => ({
        ResourceId: id,
        Tags: tags
          .filter((tag) => params.IncludeAllTags === true || fits(tag))
          .map(({ key, value }) => ({ Key: key, Value: value, Category: 'Custom' })),
      })),
    }
  },
})

export const tagProductActions: readonly Action[] = [
  describeRegions('Tag'),
  tagResources,
  untagResources,
  listTagResources,
  listTagKeys,
  listTagValues,
  listResourcesByTag,
]
