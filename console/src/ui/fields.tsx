/** Form fields that several forms have, with the rules the API documents for them. */
import { Form, Input, Select } from 'antd'
import type { Rule } from 'antd/es/form'
import { useSecurityGroups, useVpcs, useVSwitches, useZones } from '../api/lists.ts'
import { useText } from '../i18n/language.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly required?: boolean
}

export function useRequired(): Rule {
  return { required: true, message: useText().common.required }
}

/** 2 to 128 characters, starting with a letter or a Chinese character. */
export const namePattern = /^[A-Za-z\p{Script=Han}][\w\p{Script=Han}.:-]{1,127}$/u

export function NameField({ name, label, required = false }: FieldProps) {
  const { common } = useText()
  return (
    <Form.Item
      name={name}
      label={label}
      extra={common.nameRule}
      rules={[
        { required, message: common.required },
        { pattern: namePattern, message: common.nameRule },
      ]}
    >
      <Input maxLength={128} autoComplete="off" />
    </Form.Item>
  )
}

/** 2 to 256 characters, and no URL at the start. */
export function DescriptionField({ name, label }: FieldProps) {
  const { common } = useText()
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[
        { min: 2, max: 256, message: common.descriptionRule },
        { pattern: /^(?!https?:\/\/)/, message: common.descriptionRule },
      ]}
    >
      <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 4 }} />
    </Form.Item>
  )
}

export function VpcField({
  name = 'VpcId',
  disabled = false,
}: {
  readonly name?: string
  readonly disabled?: boolean
}) {
  const t = useText()
  const vpcs = useVpcs()
  const required = useRequired()
  const options = (vpcs.data ?? []).map(({ VpcId, VpcName, CidrBlock }) => ({
    value: VpcId,
    label: [VpcName, VpcId, CidrBlock].filter(Boolean).join(' · '),
  }))
  return (
    <Form.Item name={name} label={t.vpc.vpc} rules={[required]}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        disabled={disabled}
        loading={vpcs.isPending}
        options={options}
        notFoundContent={t.vpc.none}
      />
    </Form.Item>
  )
}

interface VSwitchFieldProps {
  readonly name?: string
  readonly vpc: string | undefined
  readonly zone?: string | undefined
}

export function VSwitchField({ name = 'VSwitchId', vpc, zone }: VSwitchFieldProps) {
  const t = useText()
  const vswitches = useVSwitches(vpc, vpc !== undefined)
  const required = useRequired()
  const options = (vswitches.data ?? [])
    .filter(({ ZoneId }) => zone === undefined || ZoneId === zone)
    .map((one) => ({
      value: one.VSwitchId,
      label: [one.VSwitchName, one.VSwitchId, one.ZoneId, one.CidrBlock].filter(Boolean).join(' · '),
    }))
  return (
    <Form.Item name={name} label={t.vpc.vswitch} rules={[required]}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        options={options}
        disabled={vpc === undefined}
        placeholder={vpc === undefined ? t.vpc.chooseVpcFirst : undefined}
        notFoundContent={t.vpc.noVSwitch}
      />
    </Form.Item>
  )
}

export function SecurityGroupsField({
  name,
  vpc,
}: {
  readonly name: string
  readonly vpc: string | undefined
}) {
  const t = useText()
  const groups = useSecurityGroups(vpc, vpc !== undefined)
  const required = useRequired()
  const options = (groups.data ?? []).map((one) => ({
    value: one.SecurityGroupId,
    label: [one.SecurityGroupName, one.SecurityGroupId].filter(Boolean).join(' · '),
  }))
  return (
    <Form.Item name={name} label={t.security.group} rules={[required]}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        options={options}
        disabled={vpc === undefined}
        placeholder={vpc === undefined ? t.vpc.chooseVpcFirst : undefined}
        notFoundContent={t.security.none}
      />
    </Form.Item>
  )
}

export function ZoneField({ name = 'ZoneId', label }: { readonly name?: string; readonly label?: string }) {
  const t = useText()
  const zones = useZones()
  const required = useRequired()
  const options = (zones.data ?? []).map(({ ZoneId, LocalName }) => ({
    value: ZoneId,
    label: `${LocalName} (${ZoneId})`,
  }))
  return (
    <Form.Item name={name} label={label ?? t.common.zone} rules={[required]}>
      <Select options={options} loading={zones.isPending} />
    </Form.Item>
  )
}

const block = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/

export function useBlockRule(): Rule {
  return { pattern: block, message: useText().common.blockRule }
}

export function useAddressRule(): Rule {
  return { pattern: /^(\d{1,3}\.){3}\d{1,3}$/, message: useText().common.addressRule }
}
