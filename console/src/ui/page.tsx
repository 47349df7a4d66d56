/** The frame of a page: where it is, what it is about, what can be done, and the calls it is made of. */
import { Breadcrumb, Flex } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { Link } from 'react-router'
import { CallPanel } from './call-panel.tsx'

interface Props {
  readonly title: string
  readonly about?: ReactNode
  /** The pages above this one, from the top. */
  readonly above?: readonly { readonly title: string; readonly to: string }[]
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, about, above = [], actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Postern`
  }, [title])
  return (
    <div className="page">
      {above.length > 0 && (
        <Breadcrumb
          items={[...above.map((page) => ({ title: <Link to={page.to}>{page.title}</Link> })), { title }]}
        />
      )}
      <Flex justify="space-between" align="center" wrap gap={8} style={{ margin: '8px 0 12px' }}>
        <h1 className="title">{title}</h1>
        <Flex gap={8} wrap>
          {actions}
          <CallPanel />
        </Flex>
      </Flex>
      {about && <p className="hint">{about}</p>}
      {children}
    </div>
  )
}
