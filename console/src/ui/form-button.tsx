/** A button that opens a drawer with a form that makes one call. */
import { App, Drawer, Form } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Call } from '../api/call.ts'
import { useText } from '../i18n/language.tsx'
import { ActionButton } from './action-button.tsx'
import { ActionForm, type ActionFormProps } from './action-form.tsx'
import { useAskedForm } from './suggestion.ts'

interface Props<Values, Result> {
  readonly label: string
  /** By which an address opens it. */
  readonly name?: string
  readonly title?: string
  readonly type?: 'primary' | 'link' | 'default'
  readonly danger?: boolean
  readonly reason?: string | undefined
  readonly initial: Partial<Values>
  readonly call: (values: Values) => Call<Result> | undefined
  readonly submit?: string
  /** What an answer tells was not done; such an answer is no refusal of the call. */
  readonly failed?: (result: Result) => string | undefined
  readonly onDone?: (result: Result) => void
  readonly children: ReactNode
}

export function FormButton<Values extends object, Result>(props: Props<Values, Result>) {
  const { label, title = label, type = 'default', danger = false, reason, initial, call, children } = props
  const t = useText()
  const { message } = App.useApp()
  const asked = useAskedForm(props.name)
  const [pressed, setPressed] = useState(false)
  const open = pressed || asked.open
  const close = () => {
    setPressed(false)
    if (asked.open) asked.clear()
  }
  const done = (result: Result) => {
    close()
    const missed = props.failed?.(result)
    if (missed === undefined) void message.success(t.common.done(title))
    else void message.error(missed)
    props.onDone?.(result)
  }
  return (
    <>
      <ActionButton
        type={type}
        danger={danger}
        reason={reason}
        size={type === 'link' ? 'small' : 'middle'}
        aria-haspopup="dialog"
        onClick={() => setPressed(true)}
      >
        {label}
      </ActionButton>
      <Drawer title={title} open={open} onClose={close} size={560} destroyOnHidden>
        {open && (
          <Fresh
            initial={initial}
            call={call}
            submit={props.submit ?? t.common.confirm}
            onDone={done}
            onCancel={close}
          >
            {children}
          </Fresh>
        )}
      </Drawer>
    </>
  )
}

/** With a form of its own each time: what was entered before is not there any more. */
function Fresh<Values extends object, Result>(props: Omit<ActionFormProps<Values, Result>, 'form'>) {
  const [form] = Form.useForm<Values>()
  return <ActionForm form={form} {...props} />
}
