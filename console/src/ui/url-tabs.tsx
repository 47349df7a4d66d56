import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'

interface Tab {
  readonly key: string
  readonly label: string
  readonly children: ReactNode
}

/** Tabs of which the open one is in the URL. */
export function UrlTabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const [params, setParams] = useSearchParams()
  const first = tabs[0]?.key ?? ''
  const open = tabs.some(({ key }) => key === params.get('tab')) ? (params.get('tab') ?? first) : first
  return (
    <Tabs
      activeKey={open}
      destroyOnHidden
      onChange={(key) => setParams(key === first ? {} : { tab: key }, { replace: true })}
      items={[...tabs]}
    />
  )
}
