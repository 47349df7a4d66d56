/** Privatelink 2020-04-15: security groups on the interfaces of an endpoint. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import {
  groupsOfEndpoint,
  insertEndpointGroup,
  updateEndpoint,
  updateEndpointGroup,
  zonesOfEndpoints,
} from '../../../store/endpoints.ts'
import { joinGroup, leaveGroup } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { groupsOfVpc } from '../../../store/security-groups.ts'
import { listPage } from '../../../store/page.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { idleEndpoint, ownEndpoint } from './own-endpoint.ts'

const params = z.object({ EndpointId: text(), SecurityGroupId: text() })

const attachSecurityGroupToVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'AttachSecurityGroupToVpcEndpoint',
  summary: { en: 'Puts a security group on an endpoint.', zh: '为终端节点加入安全组。' },
  status: 'full',
  params,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionOperationDenied',
    'EndpointNotFound',
    'EndpointOperationDenied',
    'EndpointProtected',
    'EndpointServiceDeleted',
    'QuotaMisMatched',
    'SecurityGroupExist',
    'SecurityGroupNotFound',
    'SecurityGroupTypeOnlySingleTypeSupporteded',
  ],
  handler: async (context, { EndpointId, SecurityGroupId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const endpoint = await idleEndpoint(context, EndpointId)
    demand(endpoint.connection !== 'ServiceDeleted', 'EndpointServiceDeleted')
    const present = (await groupsOfEndpoint(tx, endpoint.id)).map((group) => group.security_group_id)
    demand(!present.includes(SecurityGroupId), 'SecurityGroupExist')
    demand(present.length < quotas.securityGroupsPerEndpoint, 'QuotaMisMatched')
    const wanted = [SecurityGroupId, ...present]
    const known = await groupsOfVpc(tx, ownerOf(context), endpoint.vpc_id, wanted)
    const group = found(
      known.find(({ id }) => id === SecurityGroupId),
      'SecurityGroupNotFound',
    )
    const oneType = known.every(({ type }) => type === group.type)
    demand(oneType, 'SecurityGroupTypeOnlySingleTypeSupporteded')
    await insertEndpointGroup(tx, {
      endpoint_id: endpoint.id,
      security_group_id: group.id,
      status: 'Attaching',
      generation,
    })
    for (const eni of await enisOf(context, endpoint.id)) await joinGroup(tx, eni, group.id, generation)
    await updateEndpoint(tx, endpoint.id, { status: 'Pending', generation })
    return {}
  },
})

const detachSecurityGroupFromVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'DetachSecurityGroupFromVpcEndpoint',
  summary: { en: 'Takes a security group off an endpoint.', zh: '为终端节点移出安全组。' },
  status: 'full',
  params,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionOperationDenied',
    'EndpointMustContainSecurityGroup',
    'EndpointNotFound',
    'EndpointOperationDenied',
    'EndpointProtected',
    'EndpointServiceDeleted',
    'SecurityGroupNotFound',
  ],
  handler: async (context, { EndpointId, SecurityGroupId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const endpoint = await idleEndpoint(context, EndpointId)
    demand(endpoint.connection !== 'ServiceDeleted', 'EndpointServiceDeleted')
    const present = await groupsOfEndpoint(tx, endpoint.id)
    const group = found(
      present.find((candidate) => candidate.security_group_id === SecurityGroupId),
      'SecurityGroupNotFound',
    )
    demand(present.length > 1, 'EndpointMustContainSecurityGroup')
    await updateEndpointGroup(tx, group, { status: 'Detaching', generation })
    for (const eni of await enisOf(context, endpoint.id)) {
      await leaveGroup(tx, eni, SecurityGroupId, generation)
    }
    await updateEndpoint(tx, endpoint.id, { status: 'Pending', generation })
    return {}
  },
})

/** Its ENIs in all zones, with those that are being replaced. */
async function enisOf({ tx }: ActionContext, endpoint: string): Promise<readonly string[]> {
  const zones = (await zonesOfEndpoints(tx, [endpoint]))(endpoint)
  return zones.flatMap(({ eni_id: eni, replaced_eni_id: replaced }) => (replaced ? [eni, replaced] : [eni]))
}

const listVpcEndpointSecurityGroups = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointSecurityGroups',
  summary: { en: 'Lists the security groups of an endpoint.', zh: '查询终端节点加入的安全组列表。' },
  status: 'full',
  params: z.object({ EndpointId: text(), ...tokenParams(50) }),
  result: z.object({
    SecurityGroups: z.array(z.object({ SecurityGroupId: z.string(), SecurityGroupStatus: z.string() })),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['EndpointNotFound'],
  handler: async (context, given) => {
    const endpoint = await ownEndpoint(context, given.EndpointId)
    const page = tokenPageOf(given)
    const groups = await groupsOfEndpoint(context.tx, endpoint.id)
    const { rows, total, next } = listPage(groups, (group) => group.security_group_id, page)
    return {
      SecurityGroups: rows.map((group) => ({
        SecurityGroupId: group.security_group_id,
        SecurityGroupStatus: group.status,
      })),
      TotalCount: total,
      MaxResults: given.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

export const endpointSecurityGroupActions: readonly Action[] = [
  attachSecurityGroupToVpcEndpoint,
  detachSecurityGroupFromVpcEndpoint,
  listVpcEndpointSecurityGroups,
]
