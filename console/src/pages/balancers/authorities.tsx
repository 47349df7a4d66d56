import { Flex, Form, Input } from 'antd'
import { callOf } from '../../api/call.ts'
import { useAuthorities, type Authority } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { NameField, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { ValidUntil } from './valid-until.tsx'

/** Certificates of authorities: who holds one that they signed is let in. */
export function Authorities() {
  const t = useText()
  const formats = useFormats()
  return (
    <>
      <p className="hint">{t.http.authoritiesAbout}</p>
      <Flex style={{ marginBottom: 12 }}>
        <Upload />
      </Flex>
      <ResourceTable<Authority>
        query={useAuthorities()}
        label={t.http.authorities}
        empty={t.http.noAuthorities}
        rowKey={({ CACertificateId }) => CACertificateId}
        searchIn={(one) => [one.CACertificateId, one.CACertificateName, one.CommonName]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <Copyable text={one.CACertificateId} />
                <div>{one.CACertificateName}</div>
              </>
            ),
          },
          { title: t.http.commonName, dataIndex: 'CommonName' },
          { title: t.http.expires, render: (_, one) => <ValidUntil atMs={one.ExpireTimeStamp} /> },
          {
            title: t.keys.fingerprint,
            render: (_, { Fingerprint }) => <span className="mono long">{Fingerprint}</span>,
          },
          { title: t.common.created, render: (_, one) => formats.time(one.CreateTimeStamp) },
          { title: t.common.actions, render: (_, one) => <Actions authority={one} /> },
        ]}
      />
    </>
  )
}

function Actions({ authority }: { readonly authority: Authority }) {
  const t = useText()
  const { CACertificateId, CACertificateName } = authority
  const name = CACertificateName || CACertificateId
  return (
    <>
      <FormButton<{ readonly CACertificateName: string }, unknown>
        label={t.common.rename}
        type="link"
        initial={{ CACertificateName }}
        call={(values) => callOf('Slb', 'SetCACertificateName', { CACertificateId, ...values })}
      >
        <NameField name="CACertificateName" label={t.common.name} required />
      </FormButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={name}
        call={callOf('Slb', 'DeleteCACertificate', { CACertificateId })}
      >
        {t.http.deleteAuthorityHint(name)}
      </ConfirmButton>
    </>
  )
}

interface Values {
  readonly CACertificateName?: string
  readonly CACertificate: string
}

function Upload() {
  const t = useText()
  const required = useRequired()
  return (
    <FormButton<Values, unknown>
      label={t.http.uploadAuthority}
      type="primary"
      initial={{}}
      call={(values) => callOf('Slb', 'UploadCACertificate', values)}
    >
      <NameField name="CACertificateName" label={t.common.name} />
      <Form.Item
        name="CACertificate"
        label={t.http.authorityPem}
        rules={[required, { pattern: /^\s*-----BEGIN CERTIFICATE-----/, message: t.http.pemRule }]}
      >
        <Input.TextArea className="mono" autoSize={{ minRows: 6, maxRows: 14 }} spellCheck={false} />
      </Form.Item>
    </FormButton>
  )
}
