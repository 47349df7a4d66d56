import { Flex, Form, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useSecurityGroups } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

type Group = ResultOf<'Privatelink', 'ListVpcEndpointSecurityGroups'>['SecurityGroups'][number]

interface Props {
  readonly endpoint: ResultOf<'Privatelink', 'GetVpcEndpointAttribute'>
}

export function EndpointGroups({ endpoint }: Props) {
  const t = useText()
  const paths = usePaths()
  const required = useRequired()
  const { EndpointId, VpcId } = endpoint
  const call = callOf('Privatelink', 'ListVpcEndpointSecurityGroups', { EndpointId })
  const query = useList(call, ({ SecurityGroups }) => SecurityGroups)
  const all = useSecurityGroups(VpcId).data ?? []
  const joined = query.data?.map(({ SecurityGroupId }) => SecurityGroupId) ?? []
  const nameOf = (id: string) => all.find(({ SecurityGroupId }) => SecurityGroupId === id)?.SecurityGroupName
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly SecurityGroupId: string }, unknown>
          label={t.endpoint.joinGroup}
          type="primary"
          initial={{}}
          call={(values) =>
            callOf('Privatelink', 'AttachSecurityGroupToVpcEndpoint', { EndpointId, ...values })
          }
        >
          <Form.Item name="SecurityGroupId" label={t.security.group} rules={[required]}>
            <Select
              notFoundContent={t.security.none}
              options={all
                .filter(({ SecurityGroupId }) => !joined.includes(SecurityGroupId))
                .map((one) => ({
                  value: one.SecurityGroupId,
                  label: [one.SecurityGroupName, one.SecurityGroupId].filter(Boolean).join(' · '),
                }))}
            />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Group>
        query={query}
        label={t.nav.securityGroups}
        empty={t.security.empty}
        rowKey={({ SecurityGroupId }) => SecurityGroupId}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, { SecurityGroupId: id }) => (
              <ResourceLink to={paths.securityGroup(id)} id={id} name={nameOf(id)} />
            ),
          },
          { title: t.common.status, render: (_, one) => <State value={one.SecurityGroupStatus} /> },
          {
            title: t.common.actions,
            render: (_, { SecurityGroupId }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                reason={joined.length === 1 ? t.endpoint.lastGroup : undefined}
                call={callOf('Privatelink', 'DetachSecurityGroupFromVpcEndpoint', {
                  EndpointId,
                  SecurityGroupId,
                })}
              >
                {t.endpoint.leaveGroupHint(nameOf(SecurityGroupId) ?? SecurityGroupId)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
