/** The two forms of a question: from an instance of one's own, or what comes by a connection to a service of one's own. */
import { AutoComplete, Button, Checkbox, Col, Empty, Form, InputNumber, Row, Select } from 'antd'
import { useNavigate } from 'react-router'
import { useConnections, useEndpoints, useInstances, useLoadBalancers } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { useRequired } from '../../ui/fields.tsx'
import { addressOf } from '../instances/address.ts'
import type { Question } from './answer.ts'
import { useExplainText } from './texts.ts'

interface Props {
  readonly given: URLSearchParams
  readonly busy: boolean
  readonly onAsk: (question: Question) => void
}

interface InstanceValues {
  readonly instance: string
  readonly target: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  readonly probe: boolean
}

const target = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

export function InstanceForm({ given, busy, onAsk }: Props) {
  const t = useText()
  const words = useExplainText()
  const paths = usePaths()
  const navigate = useNavigate()
  const required = useRequired()
  const instances = useInstances()
  const options = useTargets()
  if (instances.data?.length === 0) {
    return (
      <Empty description={words.noInstances}>
        <Button type="primary" onClick={() => void navigate(paths.createInstance)}>
          {words.createInstance}
        </Button>
      </Empty>
    )
  }
  return (
    <Form<InstanceValues>
      layout="vertical"
      initialValues={{
        instance: given.get('instance') ?? undefined,
        target: given.get('target') ?? undefined,
        ...common(given),
        probe: given.get('probe') !== 'false',
      }}
      onFinish={onAsk}
    >
      <Row gutter={16}>
        <Col xs={24} lg={9}>
          <Form.Item name="instance" label={words.from} rules={[required]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              loading={instances.isPending}
              options={(instances.data ?? []).map((one) => ({
                value: one.InstanceId,
                label: [...new Set([one.InstanceName, one.InstanceId, addressOf(one)])]
                  .filter(Boolean)
                  .join(' · '),
              }))}
            />
          </Form.Item>
        </Col>
        <Col xs={24} lg={9}>
          <Form.Item
            name="target"
            label={words.to}
            extra={words.toHint}
            rules={[required, { pattern: target, message: words.toRule }]}
          >
            <AutoComplete
              options={options}
              showSearch={{
                filterOption: (typed, option) => (option?.label ?? '').includes(typed),
              }}
            />
          </Form.Item>
        </Col>
        <PlaceFields />
      </Row>
      <Form.Item name="probe" valuePropName="checked" extra={words.probeHint}>
        <Checkbox>{words.probe}</Checkbox>
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy} aria-label={t.nav.explain}>
        {words.ask}
      </Button>
    </Form>
  )
}

interface ConnectionValues {
  readonly connection: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

export function ConnectionForm({ given, busy, onAsk }: Props) {
  const t = useText()
  const words = useExplainText()
  const required = useRequired()
  const connections = useConnections()
  return (
    <Form<ConnectionValues>
      layout="vertical"
      initialValues={{ connection: given.get('connection') ?? undefined, ...common(given) }}
      onFinish={onAsk}
    >
      <Row gutter={16}>
        <Col xs={24} lg={18}>
          <Form.Item
            name="connection"
            label={words.connection}
            extra={words.connectionHint}
            rules={[required]}
          >
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              loading={connections.isPending}
              notFoundContent={words.noConnections}
              options={(connections.data ?? []).map(({ EndpointId, EndpointOwnerId, ServiceId }) => ({
                value: EndpointId,
                label: `${EndpointId} · ${EndpointOwnerId} → ${ServiceId}`,
              }))}
            />
          </Form.Item>
        </Col>
        <PlaceFields />
      </Row>
      <Button type="primary" htmlType="submit" loading={busy} aria-label={t.nav.explain}>
        {words.ask}
      </Button>
    </Form>
  )
}

function common(given: URLSearchParams) {
  return {
    port: Number(given.get('port')) || 80,
    protocol: given.get('protocol') === 'udp' ? 'udp' : 'tcp',
  }
}

function PlaceFields() {
  const words = useExplainText()
  const required = useRequired()
  return (
    <>
      <Col xs={12} lg={3}>
        <Form.Item
          name="port"
          label={words.port}
          rules={[required, { type: 'integer', min: 1, max: 65_535, message: words.portRule }]}
        >
          <InputNumber style={{ width: '100%' }} />
        </Form.Item>
      </Col>
      <Col xs={12} lg={3}>
        <Form.Item name="protocol" label={words.protocol}>
          <Select
            options={[
              { value: 'tcp', label: 'TCP' },
              { value: 'udp', label: 'UDP' },
            ]}
          />
        </Form.Item>
      </Col>
    </>
  )
}

/** What of the account can be called; anything else may be typed. */
function useTargets() {
  const { groups } = useExplainText()
  const endpoints = useEndpoints().data ?? []
  const instances = useInstances().data ?? []
  const balancers = useLoadBalancers().data ?? []
  const named = (id: string, name: string | undefined) => ({
    value: id,
    label: name && name !== id ? `${name} · ${id}` : id,
  })
  return [
    { label: groups.endpoints, options: endpoints.map((one) => named(one.EndpointId, one.EndpointName)) },
    { label: groups.domains, options: endpoints.map((one) => named(one.EndpointDomain, undefined)) },
    { label: groups.instances, options: instances.map((one) => named(one.InstanceId, one.InstanceName)) },
    {
      label: groups.balancers,
      options: balancers.map((one) => named(one.LoadBalancerId, one.LoadBalancerName)),
    },
  ].filter(({ options }) => options.length > 0)
}
