/** A button for a call that cannot be undone: it asks first, and for deletions wants the name typed. */
import { App, Input, Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Call } from '../api/call.ts'
import { useChange } from '../api/queries.ts'
import { useText } from '../i18n/language.tsx'
import { ActionButton } from './action-button.tsx'
import { CallText } from './call-text.tsx'
import { ErrorNote } from './error-note.tsx'

interface Props<Result> {
  readonly label: string
  readonly type?: 'link' | 'default' | 'primary'
  readonly danger?: boolean
  readonly reason?: string | undefined
  readonly call: Call<Result>
  /** What it does, and to what. */
  readonly children: ReactNode
  /** Has to be typed before the call is made. */
  readonly name?: string
  /** What an answer tells was not done; such an answer is no refusal of the call. */
  readonly failed?: (result: Result) => string | undefined
  readonly onDone?: () => void
}

export function ConfirmButton<Result>(props: Props<Result>) {
  const { label, type = 'link', danger = false, reason, call, children, name, failed, onDone } = props
  const t = useText()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const change = useChange<Result>()
  const close = () => {
    setOpen(false)
    setTyped('')
    change.reset()
  }
  const run = () =>
    change.mutate(call, {
      onSuccess: (result) => {
        close()
        const missed = failed?.(result)
        if (missed === undefined) void message.success(t.common.done(label))
        else void message.error(missed)
        onDone?.()
      },
    })
  return (
    <>
      <ActionButton
        type={type}
        danger={danger}
        reason={reason}
        size={type === 'link' ? 'small' : 'middle'}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {label}
      </ActionButton>
      <Modal
        title={label}
        open={open}
        onCancel={close}
        onOk={run}
        okText={label}
        cancelText={t.common.cancel}
        confirmLoading={change.isPending}
        okButtonProps={{ danger, disabled: name !== undefined && typed !== name }}
        destroyOnHidden
      >
        <p>{children}</p>
        {name !== undefined && (
          <label>
            {t.common.typeName(name)}
            <Input
              value={typed}
              autoComplete="off"
              onChange={({ target }) => setTyped(target.value)}
              onPressEnter={() => typed === name && run()}
            />
          </label>
        )}
        {change.isError && <ErrorNote error={change.error} />}
        <details style={{ marginTop: 12 }}>
          <summary>{t.page.formCall}</summary>
          <CallText call={call} />
        </details>
      </Modal>
    </>
  )
}
