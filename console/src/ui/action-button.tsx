import { Button, Tooltip, type ButtonProps } from 'antd'

interface Props extends Pick<
  ButtonProps,
  'type' | 'danger' | 'size' | 'icon' | 'loading' | 'onClick' | 'children'
> {
  /** Why it cannot be pressed now; it can when there is none. */
  readonly reason?: string | undefined
  /** Says that pressing it opens something on top of the page. */
  readonly 'aria-haspopup'?: 'dialog'
}

/** A disabled button stays within reach of the keyboard and says why it is disabled. */
export function ActionButton({ reason, onClick, children, ...rest }: Props) {
  if (reason === undefined) {
    return (
      <Button {...rest} onClick={onClick}>
        {children}
      </Button>
    )
  }
  return (
    <Tooltip title={reason} trigger={['hover', 'focus']}>
      <Button {...rest} danger={false} aria-disabled="true" className="barred">
        {children}
      </Button>
    </Tooltip>
  )
}
