import { Form, Input } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'

interface Props {
  readonly name: string
  readonly label: string
  readonly hint: string
}

/** A document that is written as JSON. What it must hold the server says. */
export function JsonField({ name, label, hint }: Props) {
  const t = useText()
  const required = useRequired()
  const isJson = (_: unknown, value: string | undefined) =>
    !value || isJsonObject(value) ? Promise.resolve() : Promise.reject(new Error(t.ram.documentRule))
  return (
    <Form.Item name={name} label={label} extra={hint} rules={[required, { validator: isJson }]}>
      <Input.TextArea className="mono" autoSize={{ minRows: 10, maxRows: 24 }} spellCheck={false} />
    </Form.Item>
  )
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** Indented, as people read it; what is no JSON stays as it is. */
export function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), undefined, 2)
  } catch {
    return document
  }
}
