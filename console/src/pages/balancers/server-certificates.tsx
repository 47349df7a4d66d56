import { Flex, Form, Input } from 'antd'
import { callOf } from '../../api/call.ts'
import { useCertificates, type Certificate } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { NameField, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { ValidUntil } from './valid-until.tsx'

interface Values {
  readonly ServerCertificateName?: string
  readonly ServerCertificate: string
  readonly PrivateKey: string
}

export function ServerCertificates() {
  const t = useText()
  const formats = useFormats()
  return (
    <>
      <p className="hint">{t.http.certificatesAbout}</p>
      <Flex style={{ marginBottom: 12 }}>
        <Upload />
      </Flex>
      <ResourceTable<Certificate>
        query={useCertificates()}
        label={t.http.servers}
        empty={t.http.noCertificates}
        rowKey={({ ServerCertificateId }) => ServerCertificateId}
        searchIn={(one) => [one.ServerCertificateId, one.ServerCertificateName, ...namesOf(one)]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <Copyable text={one.ServerCertificateId} />
                <div>{one.ServerCertificateName}</div>
              </>
            ),
          },
          { title: t.http.domains, render: (_, one) => namesOf(one).join(', ') || '-' },
          {
            title: t.http.expires,
            render: (_, one) => <ValidUntil atMs={one.ExpireTimeStamp} />,
          },
          {
            title: t.keys.fingerprint,
            render: (_, { Fingerprint }) => <span className="mono long">{Fingerprint}</span>,
          },
          { title: t.common.created, render: (_, one) => formats.time(one.CreateTimeStamp) },
          { title: t.common.actions, render: (_, one) => <Actions certificate={one} /> },
        ]}
      />
    </>
  )
}

function namesOf({ CommonName, SubjectAlternativeNames }: Certificate): readonly string[] {
  return [...new Set([CommonName, ...SubjectAlternativeNames.SubjectAlternativeName])].filter(Boolean)
}

function Actions({ certificate }: { readonly certificate: Certificate }) {
  const t = useText()
  const { ServerCertificateId, ServerCertificateName } = certificate
  const name = ServerCertificateName || ServerCertificateId
  return (
    <>
      <FormButton<{ readonly ServerCertificateName: string }, unknown>
        label={t.common.rename}
        type="link"
        initial={{ ServerCertificateName }}
        call={(values) => callOf('Slb', 'SetServerCertificateName', { ServerCertificateId, ...values })}
      >
        <NameField name="ServerCertificateName" label={t.common.name} required />
      </FormButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={name}
        call={callOf('Slb', 'DeleteServerCertificate', { ServerCertificateId })}
      >
        {t.http.deleteHint(name)}
      </ConfirmButton>
    </>
  )
}

function Upload() {
  const t = useText()
  const required = useRequired()
  const area = <Input.TextArea className="mono" autoSize={{ minRows: 6, maxRows: 14 }} spellCheck={false} />
  return (
    <FormButton<Values, unknown>
      label={t.http.upload}
      type="primary"
      initial={{}}
      call={(values) => callOf('Slb', 'UploadServerCertificate', values)}
    >
      <NameField name="ServerCertificateName" label={t.common.name} />
      <Form.Item
        name="ServerCertificate"
        label={t.http.pem}
        extra={t.http.pemHint}
        rules={[required, { pattern: /^\s*-----BEGIN CERTIFICATE-----/, message: t.http.pemRule }]}
      >
        {area}
      </Form.Item>
      <Form.Item
        name="PrivateKey"
        label={t.http.key}
        extra={t.http.keyHint}
        rules={[required, { pattern: /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/, message: t.http.keyRule }]}
      >
        {area}
      </Form.Item>
    </FormButton>
  )
}
