/** The fields that HTTP and HTTPS listeners have beyond those of TCP. */
import { Checkbox, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { Link } from 'react-router'
import { useAuthorities, useCertificates } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { useRequired } from '../../ui/fields.tsx'
import type { ForwardedHeader } from './http-values.ts'
import type { ListenerValues } from './listener-values.ts'

export function RedirectFields({ redirect }: { readonly redirect: boolean }) {
  const t = useText()
  const required = useRequired()
  return (
    <>
      <Form.Item
        name={['http', 'redirect']}
        label={t.http.redirect}
        extra={t.http.redirectHint}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      {redirect && (
        <Form.Item name={['http', 'redirectPort']} label={t.http.redirectPort} rules={[required]}>
          <InputNumber min={1} max={65535} precision={0} />
        </Form.Item>
      )}
    </>
  )
}

export function TlsFields() {
  const t = useText()
  const paths = usePaths()
  const required = useRequired()
  const certificates = useCertificates()
  const authorities = useAuthorities()
  const options = (certificates.data ?? []).map((one) => ({
    value: one.ServerCertificateId,
    label: [one.ServerCertificateName, one.CommonName, one.ServerCertificateId].filter(Boolean).join(' · '),
  }))
  const policies = Object.entries(t.http.tlsPolicies).map(([value, label]) => ({ value, label }))
  return (
    <>
      <Form.Item
        name={['http', 'certificate']}
        label={t.http.certificate}
        extra={<Link to={paths.certificates}>{t.nav.certificates}</Link>}
        rules={[required]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          notFoundContent={t.http.noCertificate}
        />
      </Form.Item>
      <Form.Item name={['http', 'authority']} label={t.http.authority} extra={t.http.authorityHint}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={(authorities.data ?? []).map((one) => ({
            value: one.CACertificateId,
            label: [one.CACertificateName, one.CommonName, one.CACertificateId].filter(Boolean).join(' · '),
          }))}
          placeholder={t.http.everyClient}
          notFoundContent={t.http.noAuthority}
        />
      </Form.Item>
      <Form.Item name={['http', 'tls']} label={t.http.tls}>
        <Select options={policies} />
      </Form.Item>
      <Form.Item name={['http', 'http2']} label={t.http.http2} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  )
}

const headers: readonly ForwardedHeader[] = ['SLBIP', 'SLBID', 'proto', 'SLBPORT', 'ClientSrcPort']
const stickyKinds = ['off', 'insert', 'server'] as const

export function HttpFields() {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<ListenerValues>()
  const sticky = Form.useWatch(['http', 'sticky'], form)
  return (
    <>
      <Form.Item name={['http', 'sticky']} label={t.http.sticky} extra={t.http.stickyHint}>
        <Radio.Group
          optionType="button"
          options={stickyKinds.map((value) => ({ value, label: t.http.stickyKinds[value] }))}
        />
      </Form.Item>
      {sticky === 'insert' && (
        <Form.Item
          name={['http', 'cookieTimeout']}
          label={t.http.cookieTimeout}
          extra={t.http.cookieTimeoutHint}
          rules={[required]}
        >
          <InputNumber min={1} max={86_400} precision={0} suffix={t.balancer.seconds} />
        </Form.Item>
      )}
      {sticky === 'server' && (
        <Form.Item
          name={['http', 'cookie']}
          label={t.http.cookie}
          extra={t.http.cookieRule}
          rules={[required, { pattern: /^[a-zA-Z0-9_.-]{1,200}$/, message: t.http.cookieRule }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name={['http', 'forwarded']} label={t.http.forwarded} extra={t.http.forwardedHint}>
        <Checkbox.Group
          style={{ flexDirection: 'column' }}
          options={headers.map((value) => ({ value, label: t.http.forwardedHeaders[value] }))}
        />
      </Form.Item>
      <Form.Item name={['http', 'idleTimeout']} label={t.http.idleTimeout} extra="1 – 60" rules={[required]}>
        <InputNumber min={1} max={60} precision={0} suffix={t.balancer.seconds} />
      </Form.Item>
      <Form.Item
        name={['http', 'requestTimeout']}
        label={t.http.requestTimeout}
        extra="1 – 180"
        rules={[required]}
      >
        <InputNumber min={1} max={180} precision={0} suffix={t.balancer.seconds} />
      </Form.Item>
      <Form.Item name={['http', 'gzip']} label={t.http.gzip} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  )
}
