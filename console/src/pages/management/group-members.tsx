import type { UseQueryResult } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useState } from 'react'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { MoveResources } from '../../ui/move-resources.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { kindNames } from './tagged-kinds.ts'

type Member = ResultOf<'ResourceManager', 'ListResources'>['Resources']['Resource'][number]

/** Of one group, or of all. */
export function useGroupMembers(group?: string): UseQueryResult<readonly Member[]> {
  const call = callOf('ResourceManager', 'ListResources', { ResourceGroupId: group, PageSize: 100 })
  return useList(call, ({ Resources }) => Resources.Resource)
}

/** Groups hold some of the kinds that tags know. */
function kindName({ Service, ResourceType }: Member, t: Messages): string {
  const kind = kindNames.find((one) => one === `${Service}:${ResourceType}`)
  return kind ? t.tags.kinds[kind] : `${Service} · ${ResourceType}`
}

const keyOf = ({ Service, ResourceId }: Member) => `${Service} ${ResourceId}`

/** The resources in groups, several of which can be moved at once. */
export function GroupMembers({ query }: { readonly query: UseQueryResult<readonly Member[]> }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const [marked, setMarked] = useState<readonly string[]>([])
  // What has left the list meanwhile is chosen no more.
  const chosen = (query.data ?? []).filter((one) => marked.includes(keyOf(one)))
  const resources = chosen.map(({ ResourceId, ResourceType, Service, RegionId }) => ({
    ResourceId,
    ResourceType,
    Service,
    RegionId,
  }))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <MoveResources
          resources={resources}
          label={chosen.length === 0 ? t.groups.move : t.groups.moveSome(chosen.length)}
          onDone={() => setMarked([])}
        />
      </Flex>
      <ResourceTable<Member>
        query={query}
        name="members"
        label={t.groups.members}
        empty={t.groups.noMembers}
        rowKey={keyOf}
        searchIn={(one) => [one.ResourceId, one.ResourceType, one.ResourceGroupId]}
        selection={{
          chosen,
          onChoose: (rows) => setMarked(rows.map(keyOf)),
          nameOf: ({ ResourceId }) => t.groups.choose(ResourceId),
        }}
        columns={[
          { title: t.common.id, dataIndex: 'ResourceId', className: 'mono' },
          { title: t.common.type, render: (_, one) => kindName(one, t) },
          {
            title: t.common.resourceGroup,
            render: (_, { ResourceGroupId: id }) => <ResourceLink to={paths.resourceGroup(id)} id={id} />,
          },
          { title: t.frame.region, dataIndex: 'RegionId' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
        ]}
      />
    </>
  )
}
