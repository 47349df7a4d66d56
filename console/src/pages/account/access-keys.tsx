import { Alert, App, Card, Flex } from 'antd'
import { useState } from 'react'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useChange, useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ActionButton } from '../../ui/action-button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

type Key = ResultOf<'Ram', 'ListAccessKeys'>['AccessKeys']['AccessKey'][number]
type NewKey = ResultOf<'Ram', 'CreateAccessKey'>['AccessKey']

/** The keys of a user, or of who is signed in. A secret is shown once. */
export function AccessKeys({ user }: { readonly user: string | undefined }) {
  const t = useText()
  const formats = useFormats()
  const { message } = App.useApp()
  const [made, setMade] = useState<NewKey>()
  const change = useChange<ResultOf<'Ram', 'CreateAccessKey'>>()
  const query = useList(
    callOf('Ram', 'ListAccessKeys', { UserName: user }),
    ({ AccessKeys: keys }) => keys.AccessKey,
  )
  const create = () =>
    change.mutate(callOf('Ram', 'CreateAccessKey', { UserName: user }), {
      onSuccess: ({ AccessKey }) => setMade(AccessKey),
      onError: (error) => void message.error(error.message),
    })
  return (
    <Card size="small" title={t.account.keys}>
      <Flex style={{ marginBottom: 12 }}>
        <ActionButton type="primary" onClick={create} loading={change.isPending}>
          {t.account.createKey}
        </ActionButton>
      </Flex>
      {made && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t.account.secretOnce}
          description={
            <>
              <div>
                AccessKey ID: <Copyable text={made.AccessKeyId} />
              </div>
              <div>
                AccessKey Secret: <Copyable text={made.AccessKeySecret} />
              </div>
            </>
          }
        />
      )}
      <ResourceTable<Key>
        query={query}
        name="keys"
        label={t.account.keys}
        empty={t.account.noKeys}
        rowKey={({ AccessKeyId }) => AccessKeyId}
        columns={[
          { title: 'AccessKey ID', render: (_, { AccessKeyId }) => <Copyable text={AccessKeyId} /> },
          {
            title: t.common.status,
            render: (_, { Status }) => <State value={Status === 'Active' ? 'Enabled' : 'Disabled'} />,
          },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          { title: t.common.actions, render: (_, key) => <KeyActions user={user} accessKey={key} /> },
        ]}
      />
    </Card>
  )
}

function KeyActions({ user, accessKey }: { readonly user: string | undefined; readonly accessKey: Key }) {
  const t = useText()
  const { AccessKeyId: UserAccessKeyId, Status } = accessKey
  const active = Status === 'Active'
  const which = { UserName: user, UserAccessKeyId }
  return (
    <>
      <ConfirmButton
        label={active ? t.account.disable : t.account.enable}
        call={callOf('Ram', 'UpdateAccessKey', { ...which, Status: active ? 'Inactive' : 'Active' })}
      >
        {active ? t.account.disableHint(UserAccessKeyId) : t.account.enableHint(UserAccessKeyId)}
      </ConfirmButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={UserAccessKeyId}
        reason={active ? t.account.disableFirst : undefined}
        call={callOf('Ram', 'DeleteAccessKey', which)}
      >
        {t.vpc.deleteHint(UserAccessKeyId)}
      </ConfirmButton>
    </>
  )
}
