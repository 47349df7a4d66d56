/** Whether a connection is limited, which an NLB leaves open, and to what. */
import { Form, InputNumber, Select } from 'antd'
import type { ResultOf } from '../../api/call.ts'
import type { Connection } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'

export type Service = ResultOf<'Privatelink', 'GetVpcEndpointServiceAttribute'>

export interface LimitValues {
  readonly Bandwidth: number
  readonly TrafficControlMode?: 'BandwidthLimit' | 'Scalability'
}

export function limitOf(service: Service, { Bandwidth, TrafficControlMode }: Connection): LimitValues {
  const limit = { Bandwidth: Bandwidth || service.ConnectBandwidth }
  if (!mayBeFree(service)) return limit
  return {
    ...limit,
    TrafficControlMode: TrafficControlMode === 'Scalability' ? 'Scalability' : 'BandwidthLimit',
  }
}

function mayBeFree({ ServiceResourceType }: Service): boolean {
  return ServiceResourceType === 'nlb'
}

export function LimitFields({ service }: { readonly service: Service }) {
  const t = useText()
  const required = useRequired()
  return (
    <>
      {mayBeFree(service) && (
        <Form.Item name="TrafficControlMode" label={t.connection.mode}>
          <Select
            options={[
              { value: 'BandwidthLimit', label: t.connection.limited },
              { value: 'Scalability', label: t.connection.notLimited },
            ]}
          />
        </Form.Item>
      )}
      <Form.Item
        name="Bandwidth"
        label={t.connection.bandwidth}
        extra={t.connection.bandwidthRange(service.MinBandwidth, service.MaxBandwidth)}
        rules={[required]}
      >
        <InputNumber
          min={service.MinBandwidth}
          max={service.MaxBandwidth}
          precision={0}
          addonAfter="Mbit/s"
        />
      </Form.Item>
    </>
  )
}
