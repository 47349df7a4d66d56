/** Form rows: the zones and vSwitches in which something has an address each. */
import { Button, Flex, Form, Input, Select } from 'antd'
import { useVSwitches, useZoneOptions } from '../api/lists.ts'
import { useText } from '../i18n/language.tsx'
import { useAddressRule, useRequired } from './fields.tsx'

export interface ZoneValues {
  readonly ZoneId: string
  readonly VSwitchId: string
  /** Left out, a free address is taken. */
  readonly ip?: string
}

/** The rows that are filled in. */
export function chosenZones(rows: readonly (ZoneValues | undefined)[] = []): readonly ZoneValues[] {
  return rows.filter((row): row is ZoneValues => row?.VSwitchId !== undefined)
}

interface ZoneRowsProps {
  readonly label: string
  readonly hint: string
  readonly vpc: string | undefined
  /** The zones that can be chosen. */
  readonly zones: readonly string[] | undefined
  /** As many rows stay. */
  readonly least?: number
}

export function ZoneRows({ label, hint, vpc, zones = [], least = 1 }: ZoneRowsProps) {
  const t = useText()
  return (
    <Form.Item label={label} extra={hint} required>
      <Form.List name="zones">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <Flex key={key} gap={8} wrap>
                <ZoneRow index={name} vpc={vpc} zones={zones} />
                {rows.length > least && <Button onClick={() => remove(name)}>{t.common.remove}</Button>}
              </Flex>
            ))}
            {rows.length < zones.length && <Button onClick={() => add()}>{t.endpoint.addZone}</Button>}
          </>
        )}
      </Form.List>
    </Form.Item>
  )
}

interface ZoneRowProps {
  readonly index: number
  readonly vpc: string | undefined
  readonly zones: readonly string[]
}

function ZoneRow({ index, vpc, zones }: ZoneRowProps) {
  const t = useText()
  const form = Form.useFormInstance()
  const required = useRequired()
  const isAddress = useAddressRule()
  const zoneOptions = useZoneOptions(zones)
  const zone = Form.useWatch(['zones', index, 'ZoneId'], form) as string | undefined
  const vswitches = useVSwitches(vpc, vpc !== undefined)
  const options = (vswitches.data ?? [])
    .filter(({ ZoneId }) => ZoneId === zone)
    .map((one) => ({
      value: one.VSwitchId,
      label: [one.VSwitchName, one.VSwitchId, one.CidrBlock].filter(Boolean).join(' · '),
    }))
  return (
    <>
      <Form.Item name={[index, 'ZoneId']} rules={[required]} style={{ width: 260, marginBottom: 12 }}>
        <Select
          aria-label={t.common.zone}
          placeholder={t.common.zone}
          disabled={zones.length === 0}
          options={zoneOptions}
          onChange={() => form.resetFields([['zones', index, 'VSwitchId']])}
        />
      </Form.Item>
      <Form.Item name={[index, 'VSwitchId']} rules={[required]} style={{ width: 380, marginBottom: 12 }}>
        <Select
          aria-label={t.vpc.vswitch}
          placeholder={vpc === undefined ? t.vpc.chooseVpcFirst : t.vpc.vswitch}
          disabled={vpc === undefined || zone === undefined}
          options={options}
          notFoundContent={t.vpc.noVSwitch}
        />
      </Form.Item>
      <Form.Item name={[index, 'ip']} rules={[isAddress]} style={{ width: 160, marginBottom: 12 }}>
        <Input aria-label={t.endpoint.chosenAddress} placeholder={t.endpoint.automatic} />
      </Form.Item>
    </>
  )
}
