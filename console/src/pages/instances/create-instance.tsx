import { App, Card, Form, Input, InputNumber, Select } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useVSwitches } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import {
  DescriptionField,
  NameField,
  SecurityGroupsField,
  useAddressRule,
  useRequired,
  VpcField,
  VSwitchField,
} from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'

interface Values {
  readonly InstanceName?: string
  readonly VpcId: string
  readonly VSwitchId: string
  readonly SecurityGroupIds: readonly string[]
  readonly ImageId: string
  readonly InstanceType: string
  readonly PrivateIpAddress?: string
  readonly Amount: number
  readonly Description?: string
  readonly userData?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const required = useRequired()
  const isAddress = useAddressRule()
  const vpc = Form.useWatch('VpcId', form)
  const images = useList(callOf('Ecs', 'DescribeImages', { PageSize: 50 }), ({ Images }) => Images.Image)
  const types = useList(
    callOf('Ecs', 'DescribeInstanceTypes', {}),
    (answer) => answer.InstanceTypes.InstanceType,
  )
  const vswitches = useVSwitches(vpc, vpc !== undefined)
  if (!images.data || !types.data) return <Page title={t.instance.create}>{t.common.loading}</Page>
  const zoneOf = (id: string) => vswitches.data?.find(({ VSwitchId }) => VSwitchId === id)?.ZoneId
  const call = (values: Values) => runCall(values, zoneOf(values.VSwitchId))
  return (
    <Page title={t.instance.create} above={[{ title: t.nav.instances, to: paths.instances }]}>
      <Card size="small">
        <ActionForm<Values, unknown>
          form={form}
          initial={{
            Amount: 1,
            ImageId: images.data[0]?.ImageId ?? '',
            InstanceType: types.data[0]?.InstanceTypeId ?? '',
          }}
          call={call}
          submit={t.instance.create}
          onCancel={() => void navigate(paths.instances)}
          onDone={() => {
            void message.success(t.common.done(t.instance.create))
            void navigate(paths.instances)
          }}
        >
          <NameField name="InstanceName" label={t.common.name} />
          <VpcField />
          <VSwitchField vpc={vpc} />
          <SecurityGroupsField name="SecurityGroupIds" vpc={vpc} />
          <Form.Item name="ImageId" label={t.instance.image} rules={[required]}>
            <Select
              options={images.data.map(({ ImageId, OSName }) => ({
                value: ImageId,
                label: `${OSName} (${ImageId})`,
              }))}
            />
          </Form.Item>
          <Form.Item name="InstanceType" label={t.instance.type} rules={[required]}>
            <Select
              showSearch
              options={types.data.map(({ InstanceTypeId, CpuCoreCount, MemorySize }) => ({
                value: InstanceTypeId,
                label: t.instance.typeSize(InstanceTypeId, CpuCoreCount, MemorySize),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="PrivateIpAddress"
            label={t.instance.address}
            extra={t.instance.addressHint}
            rules={[isAddress]}
          >
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="Amount" label={t.instance.amount} rules={[required]}>
            <InputNumber min={1} max={100} precision={0} />
          </Form.Item>
          <Form.Item name="userData" label={t.instance.userData} extra={t.instance.userDataHint}>
            <Input.TextArea className="mono" spellCheck={false} autoSize={{ minRows: 6, maxRows: 18 }} />
          </Form.Item>
          <DescriptionField name="Description" label={t.common.description} />
        </ActionForm>
      </Card>
    </Page>
  )
}

/** The VPC is only there to choose in: the API knows it by the vSwitch. */
function runCall(values: Values, ZoneId: string | undefined) {
  return callOf('Ecs', 'RunInstances', {
    InstanceName: values.InstanceName,
    VSwitchId: values.VSwitchId,
    ZoneId,
    SecurityGroupIds: values.SecurityGroupIds,
    ImageId: values.ImageId,
    InstanceType: values.InstanceType,
    PrivateIpAddress: values.PrivateIpAddress,
    Amount: values.Amount,
    Description: values.Description,
    UserData: values.userData ? toBase64(values.userData) : undefined,
  })
}

function toBase64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)))
}
