/** The two forms of a question: from an instance of one's own, or what comes by a connection to a service of one's own. */
import { AutoComplete, Button, Checkbox, Col, Empty, Form, Input, InputNumber, Row, Select } from 'antd'
import { useNavigate } from 'react-router'
import { useConnections, useEndpoints, useInstances, useLoadBalancers } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { useRequired } from '../../ui/fields.tsx'
import { addressOf } from '../instances/address.ts'
import type { Question } from './answer.ts'
import { readPlace } from './place.ts'
import { useExplainText } from './texts.ts'

interface Props {
  readonly given: URLSearchParams
  readonly busy: boolean
  readonly onAsk: (question: Question) => void
}

interface PlaceValues {
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  readonly host?: string
  readonly path?: string
}

interface InstanceValues extends PlaceValues {
  readonly instance: string
  readonly target: string
  readonly probe: boolean
}

export function InstanceForm({ given, busy, onAsk }: Props) {
  const t = useText()
  const words = useExplainText()
  const paths = usePaths()
  const navigate = useNavigate()
  const required = useRequired()
  const instances = useInstances()
  const options = useTargets()
  const [form] = Form.useForm<InstanceValues>()
  /** A URL says more than what is called: the port and the path go to their fields. */
  const spread = () => {
    const place = readPlace((form.getFieldValue('target') as string | undefined) ?? '')
    if (place?.path !== undefined) form.setFieldsValue({ ...place, protocol: 'tcp' })
  }
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
      form={form}
      layout="vertical"
      initialValues={{
        instance: given.get('instance') ?? undefined,
        target: given.get('target') ?? undefined,
        ...common(given),
        probe: given.get('probe') !== 'false',
      }}
      onFinish={(entered) => onAsk(questionOf(entered))}
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
            rules={[
              required,
              {
                validator: (_, text: string | undefined) =>
                  !text || readPlace(text) ? Promise.resolve() : Promise.reject(new Error(words.toRule)),
              },
            ]}
          >
            <AutoComplete
              onBlur={spread}
              options={options}
              showSearch={{
                filterOption: (typed, option) => (option?.label ?? '').includes(typed),
              }}
            />
          </Form.Item>
        </Col>
        <PlaceFields />
        <RequestFields hostHint={words.hostHint} />
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

/** What was typed as a URL may still be one, when it is sent by the return key. */
function questionOf(entered: InstanceValues): Question {
  const values = { ...entered, ...readPlace(entered.target) }
  const { instance, target, port, protocol, probe } = values
  return { instance, target, port, protocol, probe, ...requestOf(values) }
}

interface ConnectionValues extends PlaceValues {
  readonly connection: string
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
      onFinish={({ host, path, ...values }) =>
        onAsk({
          ...values,
          ...(host && values.protocol === 'tcp' ? { request: { host, path: path || '/' } } : {}),
        })
      }
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
        <RequestFields hostHint={words.connectionHostHint} />
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
    host: given.get('host') ?? undefined,
    path: given.get('path') ?? undefined,
  }
}

/** A question carries a request when a domain or a path is given. */
function requestOf({ protocol, host, path }: PlaceValues) {
  if (protocol === 'udp' || (!host && !path)) return {}
  return { request: { ...(host ? { host } : {}), path: path || '/' } }
}

/** What is asked of an HTTP or HTTPS listener: its rules go by domain and path. */
function RequestFields({ hostHint }: { readonly hostHint: string }) {
  const words = useExplainText()
  const form = Form.useFormInstance<PlaceValues>()
  if (Form.useWatch('protocol', form) === 'udp') return undefined
  return (
    <>
      <Col xs={24} lg={9}>
        <Form.Item
          name="host"
          label={words.host}
          extra={hostHint}
          rules={[{ pattern: /^[A-Za-z0-9._-]{1,253}$/, message: words.hostRule }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      </Col>
      <Col xs={24} lg={15}>
        <Form.Item
          name="path"
          label={words.path}
          extra={words.pathHint}
          rules={[{ pattern: /^\/[!-~]{0,1023}$/, message: words.pathRule }]}
        >
          <Input autoComplete="off" placeholder="/" />
        </Form.Item>
      </Col>
    </>
  )
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
