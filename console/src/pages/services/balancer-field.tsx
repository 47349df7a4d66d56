import { Form, Select } from 'antd'
import { useLoadBalancers, useNetworkBalancers, useZoneName } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'

/** As the API calls the types: CLB and NLB. */
export type ResourceType = 'slb' | 'nlb'

interface Props {
  readonly type: ResourceType
  readonly zone: string | undefined
  readonly without?: readonly string[]
}

/** The balancers that can be resources of a service in a zone. */
export function BalancerField({ type, zone, without = [] }: Props) {
  const t = useText()
  const required = useRequired()
  const classic = useClassic(type === 'slb', zone)
  const network = useNetwork(type === 'nlb', zone)
  const options = (type === 'slb' ? classic : network).filter(({ value }) => !without.includes(value))
  return (
    <Form.Item name="resource" label={t.service.resource} extra={t.service.resourceHint} rules={[required]}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        options={options}
        disabled={zone === undefined}
        placeholder={zone === undefined ? t.service.chooseZoneFirst : undefined}
        notFoundContent={t.service.noBalancer}
      />
    </Form.Item>
  )
}

/** Private CLBs that are billed as they are used, with the zone as primary or backup zone. */
function useClassic(enabled: boolean, zone: string | undefined) {
  const zoneName = useZoneName()
  return (useLoadBalancers(enabled).data ?? [])
    .filter((one) => one.SupportPrivateLink)
    .filter((one) => one.MasterZoneId === zone || one.SlaveZoneId === zone)
    .map((one) => ({
      value: one.LoadBalancerId,
      label: labelOf(one.LoadBalancerName, one.LoadBalancerId, one.Address, zoneName(one.MasterZoneId)),
    }))
}

/** NLBs with an address in the zone. */
function useNetwork(enabled: boolean, zone: string | undefined) {
  return (useNetworkBalancers(enabled).data ?? []).flatMap((one) => {
    const place = one.ZoneMappings.find(({ ZoneId }) => ZoneId === zone)
    const address = place?.LoadBalancerAddresses[0]?.PrivateIPv4Address
    const { LoadBalancerName: name, LoadBalancerId: value } = one
    return place ? [{ value, label: labelOf(name, value, address) }] : []
  })
}

function labelOf(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' · ')
}
