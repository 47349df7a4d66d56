import { Checkbox, Flex, Form } from 'antd'
import { quotas } from '../../../../src/model/quotas.ts'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { indented, JsonField } from './json-field.tsx'

type Policy = ResultOf<'Ram', 'GetPolicy'>['Policy']
type Version = ResultOf<'Ram', 'ListPolicyVersions'>['PolicyVersions']['PolicyVersion'][number]

interface Values {
  readonly PolicyDocument: string
  readonly SetAsDefault: boolean
}

export function PolicyVersions({ policy }: { readonly policy: Policy }) {
  const t = useText()
  const formats = useFormats()
  const { PolicyName, PolicyType } = policy
  const call = callOf('Ram', 'ListPolicyVersions', { PolicyType, PolicyName })
  const query = useList(call, ({ PolicyVersions: list }) => list.PolicyVersion)
  const versions = query.data ?? []
  const inForce = versions.find(({ IsDefaultVersion }) => IsDefaultVersion)?.PolicyDocument ?? ''
  const bar = () => {
    if (PolicyType === 'System') return t.ram.isSystem
    const most = quotas.versionsPerPolicy
    return versions.length >= most ? t.ram.tooMany(most) : undefined
  }
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.ram.createVersion}
          type="primary"
          reason={bar()}
          initial={{ PolicyDocument: indented(inForce), SetAsDefault: true }}
          call={(values) => callOf('Ram', 'CreatePolicyVersion', { PolicyName, ...values })}
        >
          <JsonField name="PolicyDocument" label={t.ram.document} hint={t.ram.documentHint} />
          <Form.Item name="SetAsDefault" valuePropName="checked">
            <Checkbox>{t.ram.makeDefault}</Checkbox>
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Version>
        query={query}
        label={t.ram.versions}
        empty={t.ram.noPolicies}
        rowKey={({ VersionId }) => VersionId}
        columns={[
          { title: t.ram.version, dataIndex: 'VersionId', className: 'mono' },
          {
            title: t.ram.isDefault,
            render: (_, { IsDefaultVersion }) => <State value={IsDefaultVersion ? 'yes' : 'no'} />,
          },
          {
            title: t.ram.document,
            render: (_, { PolicyDocument }) => <span className="mono long">{PolicyDocument}</span>,
          },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, one) => <Actions policy={policy} version={one} />,
          },
        ]}
      />
    </>
  )
}

interface ActionsProps {
  readonly policy: Policy
  readonly version: Version
}

function Actions({ policy, version }: ActionsProps) {
  const t = useText()
  const { PolicyName, PolicyType } = policy
  const { VersionId, IsDefaultVersion } = version
  const system = PolicyType === 'System' ? t.ram.isSystem : undefined
  return (
    <>
      <ConfirmButton
        label={t.ram.setDefault}
        reason={system ?? (IsDefaultVersion ? t.ram.isDefault : undefined)}
        call={callOf('Ram', 'SetDefaultPolicyVersion', { PolicyName, VersionId })}
      >
        {t.ram.defaultHint(VersionId)}
      </ConfirmButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={VersionId}
        reason={system ?? (IsDefaultVersion ? t.ram.defaultStays : undefined)}
        call={callOf('Ram', 'DeletePolicyVersion', { PolicyName, VersionId })}
      >
        {t.ram.deleteVersionHint(VersionId)}
      </ConfirmButton>
    </>
  )
}
