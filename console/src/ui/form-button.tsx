/** A button that opens a drawer with a form that makes one call. */
import { App, Drawer, Form } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Call } from '../api/call.ts'
import { useText } from '../i18n/language.tsx'
import { ActionButton } from './action-button.tsx'
import { ActionForm } from './action-form.tsx'

interface Props<Values, Result> {
  readonly label: string
  readonly title?: string
  readonly type?: 'primary' | 'link' | 'default'
  readonly danger?: boolean
  readonly reason?: string | undefined
  readonly initial: Partial<Values>
  readonly call: (values: Values) => Call<Result> | undefined
  readonly submit?: string
  readonly onDone?: (result: Result) => void
  readonly children: ReactNode
}

export function FormButton<Values extends object, Result>(props: Props<Values, Result>) {
  const { label, title = label, type = 'default', danger = false, reason, initial, call, children } = props
  const t = useText()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const done = (result: Result) => {
    setOpen(false)
    void message.success(t.common.done(title))
    props.onDone?.(result)
  }
  return (
    <>
      <ActionButton
        type={type}
        danger={danger}
        reason={reason}
        size={type === 'link' ? 'small' : 'middle'}
        onClick={() => setOpen(true)}
      >
        {label}
      </ActionButton>
      <Drawer title={title} open={open} onClose={() => setOpen(false)} size={560} destroyOnHidden>
        {open && (
          <ActionForm
            form={form}
            initial={initial}
            call={call}
            submit={props.submit ?? t.common.confirm}
            onDone={done}
            onCancel={() => setOpen(false)}
          >
            {children}
          </ActionForm>
        )}
      </Drawer>
    </>
  )
}
