/** A form that makes one call. It shows the call as it is filled in, and the server's refusal where the form is. */
import { Button, Collapse, Flex, Form, type FormInstance } from 'antd'
import type { ReactNode } from 'react'
import type { Call } from '../api/call.ts'
import { useChange } from '../api/queries.ts'
import { useText } from '../i18n/language.tsx'
import { CallText } from './call-text.tsx'
import { ErrorNote } from './error-note.tsx'
import { useSuggestion } from './suggestion.ts'
import { UnreadNote } from './unread-note.tsx'

export interface ActionFormProps<Values, Result> {
  readonly form: FormInstance<Values>
  readonly initial: Partial<Values>
  /** The call that these values make; undefined while they make none. */
  readonly call: (values: Values) => Call<Result> | undefined
  readonly submit: string
  readonly onDone: (result: Result) => void
  readonly onCancel?: () => void
  readonly children: ReactNode
}

export function ActionForm<Values extends object, Result>(props: ActionFormProps<Values, Result>) {
  const { form, initial, call, submit, onDone, onCancel, children } = props
  const t = useText()
  const change = useChange<Result>()
  const suggested = useSuggestion()
  const values = Form.useWatch((all: Values) => all, form) as Values | undefined
  const preview = values && call({ ...initial, ...values })
  const send = (entered: Values) => {
    const made = call({ ...initial, ...entered })
    if (made) change.mutate(made, { onSuccess: onDone })
  }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ ...initial, ...suggested }}
      onFinish={send}
      scrollToFirstError={{ focus: true }}
      style={{ maxWidth: 880 }}
    >
      {children}
      <UnreadNote />
      {change.isError && <ErrorNote error={change.error} />}
      <Flex gap={8} style={{ margin: '16px 0' }}>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {submit}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t.common.cancel}</Button>}
      </Flex>
      {preview && (
        <Collapse
          ghost
          size="small"
          items={[{ key: 'call', label: t.page.formCall, children: <CallText call={preview} /> }]}
        />
      )}
    </Form>
  )
}
