/** The calls that the page in view is made of: they are the keys of its queries. */
import { CodeOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Call } from '../api/call.ts'

const CallDrawer = lazy(async () => ({ default: (await import('./call-drawer.tsx')).CallDrawer }))

export function CallPanel() {
  const client = useQueryClient()
  const [opened, setOpened] = useState(false)
  const [calls, setCalls] = useState<readonly Call[]>()
  const open = () => {
    const active = client.getQueryCache().findAll({ queryKey: ['call'], type: 'active' })
    setOpened(true)
    setCalls(active.map(({ queryKey }) => queryKey[3] as Call))
  }
  return (
    <>
      <Button icon={<CodeOutlined />} aria-haspopup="dialog" onClick={open}>
        API
      </Button>
      {opened && (
        <Suspense>
          <CallDrawer calls={calls} onClose={() => setCalls(undefined)} />
        </Suspense>
      )}
    </>
  )
}
