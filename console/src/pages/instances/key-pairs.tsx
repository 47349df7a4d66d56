import { useState } from 'react'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useInstances, useKeyPairs, type Instance, type KeyPair } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { NameField } from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { ImportKeyPair } from './import-key-pair.tsx'
import { KeyPairInstances } from './key-pair-instances.tsx'
import { PrivateKey } from './private-key.tsx'

type Made = ResultOf<'Ecs', 'CreateKeyPair'>

export function Component() {
  const t = useText()
  const [made, setMade] = useState<Made>()
  const query = useKeyPairs()
  const actions = (
    <>
      <FormButton<{ readonly KeyPairName: string }, Made>
        label={t.keys.create}
        type="primary"
        initial={{}}
        call={(values) => callOf('Ecs', 'CreateKeyPair', values)}
        onDone={setMade}
      >
        <NameField name="KeyPairName" label={t.common.name} required />
      </FormButton>
      <ImportKeyPair />
    </>
  )
  return (
    <Page title={t.nav.keyPairs} about={t.keys.about} actions={actions}>
      {made && <PrivateKey name={made.KeyPairName} text={made.PrivateKeyBody} />}
      <ResourceTable<KeyPair>
        query={query}
        label={t.nav.keyPairs}
        empty={t.keys.empty}
        rowKey={({ KeyPairId }) => KeyPairId}
        searchIn={(pair) => [pair.KeyPairId, pair.KeyPairName, pair.KeyPairFingerPrint]}
        columns={useColumns()}
      />
    </Page>
  )
}

function useColumns() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const instances = useInstances().data ?? []
  const having = (name: string) => instances.filter(({ KeyPairName }) => KeyPairName === name)
  return [
    {
      title: t.common.idAndName,
      render: (_: unknown, pair: KeyPair) => (
        <>
          <span className="mono">{pair.KeyPairId}</span>
          <div>{pair.KeyPairName}</div>
        </>
      ),
    },
    { title: t.keys.fingerprint, dataIndex: 'KeyPairFingerPrint', className: 'mono' },
    {
      title: t.keys.instances,
      render: (_: unknown, { KeyPairName }: KeyPair) =>
        having(KeyPairName).map(({ InstanceId, InstanceName }: Instance) => (
          <ResourceLink
            key={InstanceId}
            to={paths.instance(InstanceId)}
            id={InstanceId}
            name={InstanceName}
          />
        )),
    },
    {
      title: t.common.created,
      render: (_: unknown, { CreationTime }: KeyPair) => formats.time(CreationTime),
    },
    {
      title: t.common.actions,
      render: (_: unknown, { KeyPairName }: KeyPair) => (
        <>
          <KeyPairInstances pair={KeyPairName} instances={instances} />
          <ConfirmButton
            label={t.common.delete}
            danger
            name={KeyPairName}
            call={callOf('Ecs', 'DeleteKeyPairs', { KeyPairNames: JSON.stringify([KeyPairName]) })}
          >
            {t.keys.deleteHint(KeyPairName)}
          </ConfirmButton>
        </>
      ),
    },
  ]
}
