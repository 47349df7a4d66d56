import { Drawer } from 'antd'
import type { ReactNode } from 'react'

interface Props {
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The navigation where there is no room for it beside the page. */
export function NarrowNavigation({ open, onClose, children }: Props) {
  return (
    <Drawer placement="left" size={260} open={open} onClose={onClose} title="Postern">
      {children}
    </Drawer>
  )
}
