/** Ecs 2014-05-26: prefix lists, named sets of blocks that rules of security groups may name instead of one block. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { parseCidr } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, prefixListName } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { listPage } from '../../../store/page.ts'
import {
  countPrefixLists,
  deletePrefixList as deleteListRow,
  entriesOf,
  findPrefixList,
  groupsUsing,
  insertPrefixList,
  listPrefixLists,
  putEntries,
  removeEntries,
  updatePrefixList,
} from '../../../store/prefix-lists.ts'
import { updateSecurityGroup } from '../../../store/security-groups.ts'
import type { PrefixListTable } from '../../../store/tables.ts'
import { putTags, readTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, integer, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'

const listName = () => text({ pattern: prefixListName, invalid: 'InvalidName.Malformed' })
const listDescription = () => text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' })
const entry = z.object({
  Cidr: text(),
  Description: text({ pattern: freeText(2, 32), invalid: 'InvalidDescription.Malformed' }).optional(),
})
const entryList = () => z.array(entry).max(quotas.entriesPerPrefixList).optional()

const createPrefixList = defineAction({
  product: 'Ecs',
  name: 'CreatePrefixList',
  summary: { en: 'Creates a prefix list.', zh: '创建前缀列表。' },
  status: { partial: 'IPv4 only.' },
  params: z.object({
    PrefixListName: listName(),
    AddressFamily: choice(['IPv4']),
    MaxEntries: integer(1, quotas.entriesPerPrefixList),
    Description: listDescription().optional(),
    Entry: entryList(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object({ PrefixListId: z.string() }),
  effect: 'write',
  errors: [
    'Duplicate.Cidr',
    'Duplicate.TagKey',
    'InvalidDescription.Malformed',
    'InvalidName.Malformed',
    'InvalidParameter.Cidr',
    'InvalidResourceGroup.NotFound',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'LimitExceed.PrefixListEntry',
    'QuotaExceed.PrefixList',
  ],
  handler: async (context, params) => {
    const { tx, randomBytes } = context
    const tagList = readTagParams(params.Tag, ecsTagErrors)
    const entries = readEntries(params.Entry ?? [])
    demand(entries.length <= params.MaxEntries, 'LimitExceed.PrefixListEntry')
    const count = await countPrefixLists(tx, ownerOf(context))
    demand(count < quotas.prefixListsPerRegion, 'QuotaExceed.PrefixList')
    const id = newId('pl', randomBytes)
    const owned = await ownedColumns(context, params.ResourceGroupId, 'InvalidResourceGroup.NotFound')
    const row = { name: params.PrefixListName, description: params.Description ?? '' }
    await insertPrefixList(tx, { ...owned, ...row, id, max_entries: params.MaxEntries }, entries)
    await putTags(tx, 'prefixlist', [id], tagList)
    return { PrefixListId: id }
  },
})

function readEntries(given: readonly z.infer<typeof entry>[]): { cidr: string; description: string }[] {
  const entries = given.map(({ Cidr, Description }) => ({ cidr: Cidr, description: Description ?? '' }))
  const malformed = entries.find(({ cidr }) => parseCidr(cidr) === undefined)
  demand(malformed === undefined, 'InvalidParameter.Cidr', {
    reason: `${malformed?.cidr ?? ''} is not a block such as 10.0.0.0/16`,
  })
  demand(new Set(entries.map(({ cidr }) => cidr)).size === entries.length, 'Duplicate.Cidr')
  return entries
}

const modifyPrefixList = defineAction({
  product: 'Ecs',
  name: 'ModifyPrefixList',
  summary: {
    en: 'Changes name, description and entries of a prefix list, and with it the rules that name it.',
    zh: '修改前缀列表的名称、描述和条目。',
  },
  status: 'full',
  params: z.object({
    PrefixListId: text(),
    PrefixListName: listName().optional(),
    Description: listDescription().optional(),
    AddEntry: entryList(),
    RemoveEntry: z
      .array(z.object({ Cidr: text() }))
      .max(quotas.entriesPerPrefixList)
      .optional(),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'Duplicate.Cidr',
    'InvalidDescription.Malformed',
    'InvalidName.Malformed',
    'InvalidParameter.Cidr',
    'InvalidPrefixListId.NotFound',
    'LimitExceed.PrefixListEntry',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const added = readEntries(params.AddEntry ?? [])
    const removed = readEntries(params.RemoveEntry ?? []).map(({ cidr }) => cidr)
    demand(!added.some(({ cidr }) => removed.includes(cidr)), 'Duplicate.Cidr')
    const generation = await nextGeneration(tx)
    const list = await ownList(context, params.PrefixListId)
    await removeEntries(tx, list.id, removed)
    await putEntries(tx, list.id, added)
    demand((await entriesOf(tx, list.id)).length <= list.max_entries, 'LimitExceed.PrefixListEntry')
    await updatePrefixList(tx, list.id, {
      name: params.PrefixListName ?? list.name,
      description: params.Description ?? list.description,
    })
    for (const group of (await groupsUsing(tx, [list.id]))(list.id)) {
      await updateSecurityGroup(tx, group, { generation })
    }
    return {}
  },
})

const common = {
  PrefixListId: z.string(),
  PrefixListName: z.string(),
  AddressFamily: z.string(),
  MaxEntries: z.number(),
  Description: z.string(),
  CreationTime: z.string(),
}

function describe(list: PrefixListTable): z.infer<z.ZodObject<typeof common>> {
  return {
    PrefixListId: list.id,
    PrefixListName: list.name,
    AddressFamily: 'IPv4',
    MaxEntries: list.max_entries,
    Description: list.description,
    CreationTime: seconds(list.created_at),
  }
}

const describePrefixLists = defineAction({
  product: 'Ecs',
  name: 'DescribePrefixLists',
  summary: { en: 'Lists prefix lists.', zh: '查询前缀列表。' },
  status: 'full',
  params: z.object({
    AddressFamily: choice(['IPv4', 'IPv6']).optional(),
    PrefixListId: z.array(text()).max(100).optional(),
    PrefixListName: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(100, 10),
  }),
  result: z.object({
    NextToken: z.string(),
    PrefixLists: wrapped(
      'PrefixList',
      z.object({
        ...common,
        AssociationCount: z.number(),
        ResourceGroupId: z.string(),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const filter = {
      ids: params.AddressFamily === 'IPv6' ? [''] : params.PrefixListId,
      name: params.PrefixListName,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const page = tokenPageOf(params)
    const { rows, next } = await listPrefixLists(tx, ownerOf(context), filter, page)
    const ids = rows.map(({ id }) => id)
    const groups = await groupsUsing(tx, ids)
    const tagLists = await readTags(tx, 'prefixlist', ids)
    return {
      NextToken: nextToken({ next }),
      PrefixLists: {
        PrefixList: rows.map((list) => ({
          ...describe(list),
          AssociationCount: groups(list.id).length,
          ResourceGroupId: list.resource_group_id,
          Tags: {
            Tag: (tagLists.get(list.id) ?? []).map(asTagKeyValue),
          },
        })),
      },
    }
  },
})

const describePrefixListAttributes = defineAction({
  product: 'Ecs',
  name: 'DescribePrefixListAttributes',
  summary: { en: 'Describes a prefix list with its entries.', zh: '查询前缀列表的详细信息。' },
  status: 'full',
  params: z.object({ PrefixListId: text() }),
  result: z.object({
    ...common,
    Entries: wrapped('Entry', z.object({ Cidr: z.string(), Description: z.string() })),
  }),
  effect: 'read',
  errors: ['InvalidPrefixListId.NotFound'],
  handler: async (context, { PrefixListId }) => {
    const list = await ownList(context, PrefixListId)
    const entries = await entriesOf(context.tx, list.id)
    return {
      ...describe(list),
      Entries: { Entry: entries.map(({ cidr, description }) => ({ Cidr: cidr, Description: description })) },
    }
  },
})

const describePrefixListAssociations = defineAction({
  product: 'Ecs',
  name: 'DescribePrefixListAssociations',
  summary: { en: 'Lists what uses a prefix list.', zh: '查询前缀列表关联的资源。' },
  status: 'full',
  params: z.object({ PrefixListId: text(), ...tokenParams(100, 10) }),
  result: z.object({
    NextToken: z.string(),
    PrefixListAssociations: wrapped(
      'PrefixListAssociation',
      z.object({ ResourceId: z.string(), ResourceType: z.string() }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidPrefixListId.NotFound'],
  handler: async (context, params) => {
    const list = await ownList(context, params.PrefixListId)
    const page = tokenPageOf(params)
    const groups = (await groupsUsing(context.tx, [list.id]))(list.id)
    const { rows, next } = listPage(groups, (id) => id, page)
    return {
      NextToken: nextToken({ next }),
      PrefixListAssociations: {
        PrefixListAssociation: rows.map((id) => ({ ResourceId: id, ResourceType: 'securitygroup' })),
      },
    }
  },
})

const deletePrefixList = defineAction({
  product: 'Ecs',
  name: 'DeletePrefixList',
  summary: { en: 'Deletes a prefix list that nothing uses.', zh: '删除前缀列表。' },
  status: 'full',
  params: z.object({ PrefixListId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidPrefixListId.NotFound', 'NotAllowed.AssociationExist'],
  handler: async (context, { PrefixListId }) => {
    await nextGeneration(context.tx)
    const list = await ownList(context, PrefixListId)
    const groups = (await groupsUsing(context.tx, [list.id]))(list.id)
    demand(groups.length === 0, 'NotAllowed.AssociationExist')
    await deleteListRow(context.tx, list.id)
    return {}
  },
})

async function ownList(context: ActionContext, id: string): Promise<PrefixListTable> {
  return found(await findPrefixList(context.tx, ownerOf(context), id), 'InvalidPrefixListId.NotFound')
}

export const prefixListActions: readonly Action[] = [
  createPrefixList,
  modifyPrefixList,
  describePrefixLists,
  describePrefixListAttributes,
  describePrefixListAssociations,
  deletePrefixList,
]
