import { Form, Input } from 'antd'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { NameField, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

interface Values {
  readonly KeyPairName: string
  readonly PublicKeyBody: string
}

/** Takes over the public half of a key pair that was made elsewhere. */
export function ImportKeyPair() {
  const t = useText()
  const required = useRequired()
  return (
    <FormButton<Values, unknown>
      label={t.keys.import}
      initial={{}}
      call={({ KeyPairName, PublicKeyBody }) =>
        callOf('Ecs', 'ImportKeyPair', { KeyPairName, PublicKeyBody: (PublicKeyBody ?? '').trim() })
      }
    >
      <NameField name="KeyPairName" label={t.common.name} required />
      <Form.Item
        name="PublicKeyBody"
        label={t.keys.publicKey}
        extra={t.keys.publicKeyHint}
        rules={[
          required,
          { pattern: /^\s*(ssh-|ecdsa-)[\w-]+ [A-Za-z0-9+/=]+/, message: t.keys.publicKeyRule },
        ]}
      >
        <Input.TextArea className="mono" autoSize={{ minRows: 4, maxRows: 10 }} maxLength={4096} />
      </Form.Item>
    </FormButton>
  )
}
