import { Form, Input } from 'antd'
import { useText } from '../../i18n/language.tsx'

interface Props {
  readonly name: string
  readonly required?: boolean
}

/** A name as the Nlb product takes it: without the colon that other products allow. */
export function NlbNameField({ name, required = false }: Props) {
  const t = useText()
  return (
    <Form.Item
      name={name}
      label={t.common.name}
      extra={t.nlb.nameRule}
      rules={[
        { required, message: t.common.required },
        { pattern: /^[A-Za-z\p{Script=Han}][\w\p{Script=Han}.-]{1,127}$/u, message: t.nlb.nameRule },
      ]}
    >
      <Input maxLength={128} autoComplete="off" />
    </Form.Item>
  )
}
