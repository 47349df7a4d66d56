import { Flex, Form, Input } from 'antd'
import { callOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

interface User {
  readonly id: string
}

/** The accounts that may create endpoints of the service. */
export function Whitelist({ service }: { readonly service: string }) {
  const t = useText()
  const required = useRequired()
  const call = callOf('Privatelink', 'ListVpcEndpointServiceUsers', { ServiceId: service, MaxResults: 50 })
  const query = useList(call, ({ Users }) => Users.map(({ UserId }): User => ({ id: String(UserId) })))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly UserId: string }, unknown>
          name="user"
          label={t.service.addUser}
          type="primary"
          initial={{}}
          call={({ UserId }) =>
            callOf('Privatelink', 'AddUserToVpcEndpointService', { ServiceId: service, UserId })
          }
        >
          <Form.Item
            name="UserId"
            label={t.common.accountId}
            extra={t.service.userHint}
            rules={[required, { pattern: /^(\d{8,16}|\*)$/, message: t.service.userHint }]}
          >
            <Input autoComplete="off" />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<User>
        query={query}
        label={t.service.whitelist}
        empty={t.service.noUsers}
        rowKey={({ id }) => id}
        columns={[
          { title: t.common.accountId, render: (_, { id }) => <Copyable text={id} /> },
          {
            title: t.common.actions,
            render: (_, { id }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                name={id}
                call={callOf('Privatelink', 'RemoveUserFromVpcEndpointService', {
                  ServiceId: service,
                  UserId: id,
                })}
              >
                {t.service.removeUserHint(id)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
