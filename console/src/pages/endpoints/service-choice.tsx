/** The service of a new endpoint: by name, which is verified, or chosen from those that are available. */
import { Alert, Flex, Input, Radio, Table } from 'antd'
import { useState } from 'react'
import { useOfferedServices, useZoneName, type OfferedService } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ActionButton } from '../../ui/action-button.tsx'

interface Props {
  readonly value?: OfferedService
  readonly onChange?: (service: OfferedService | undefined) => void
}

export function ServiceChoice({ value, onChange = () => {} }: Props) {
  const t = useText()
  const [way, setWay] = useState<'name' | 'list'>('list')
  const change = (next: 'name' | 'list') => {
    setWay(next)
    onChange(undefined)
  }
  return (
    <>
      <Radio.Group
        optionType="button"
        aria-label={t.endpoint.serviceWay}
        value={way}
        onChange={({ target }) => change(target.value as 'name' | 'list')}
        options={[
          { value: 'list', label: t.endpoint.fromAvailable },
          { value: 'name', label: t.endpoint.byName },
        ]}
        style={{ marginBottom: 12 }}
      />
      {way === 'list' ? (
        <AvailableServices value={value} onChange={onChange} />
      ) : (
        <ServiceByName value={value} onChange={onChange} />
      )}
    </>
  )
}

interface ChoiceProps {
  readonly value: OfferedService | undefined
  readonly onChange: (service: OfferedService | undefined) => void
}

function AvailableServices({ value, onChange }: ChoiceProps) {
  const t = useText()
  const zoneName = useZoneName()
  const services = useOfferedServices()
  return (
    <Table<OfferedService>
      aria-label={t.endpoint.fromAvailable}
      size="small"
      pagination={{ pageSize: 8, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      loading={services.isPending}
      dataSource={services.data ? [...services.data] : []}
      rowKey={({ ServiceId }) => ServiceId}
      locale={{ emptyText: t.endpoint.noServices }}
      rowSelection={{
        type: 'radio',
        selectedRowKeys: value ? [value.ServiceId] : [],
        onChange: (_, [chosen]) => onChange(chosen),
        getCheckboxProps: ({ ServiceName }) => ({ 'aria-label': ServiceName }),
      }}
      columns={[
        { title: t.service.name, dataIndex: 'ServiceName', className: 'mono' },
        { title: t.service.zones, render: (_, { Zones }) => Zones.map(zoneName).join(', ') },
        {
          title: t.service.autoAccept,
          render: (_, one) => (one.AutoAcceptEnabled ? t.states.yes : t.states.no),
        },
      ]}
    />
  )
}

function ServiceByName({ value, onChange }: ChoiceProps) {
  const t = useText()
  const [name, setName] = useState('')
  const [asked, setAsked] = useState<string>()
  const found = useOfferedServices(asked, asked !== undefined)
  const service = found.data?.find(({ ServiceName }) => ServiceName === asked)
  const verify = () => setAsked(name.trim())
  if (service && value?.ServiceId !== service.ServiceId) queueMicrotask(() => onChange(service))
  return (
    <>
      <Flex gap={8} style={{ maxWidth: 880 }}>
        <Input
          aria-label={t.service.name}
          placeholder="com.aliyuncs.privatelink.…"
          value={name}
          onChange={({ target }) => {
            setName(target.value)
            setAsked(undefined)
            onChange(undefined)
          }}
          onPressEnter={(event) => {
            event.preventDefault()
            verify()
          }}
        />
        <ActionButton
          onClick={verify}
          loading={asked !== undefined && found.isFetching}
          reason={name.trim() === '' ? t.endpoint.nameFirst : undefined}
        >
          {t.endpoint.verify}
        </ActionButton>
      </Flex>
      {asked !== undefined && found.data && (
        <Alert
          style={{ marginTop: 8 }}
          type={service ? 'success' : 'error'}
          showIcon
          title={service ? t.endpoint.verified : t.endpoint.notVerified}
        />
      )}
    </>
  )
}
