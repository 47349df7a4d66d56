/** The calls that the page in view is made of: they are the keys of its queries. */
import { CodeOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Typography } from 'antd'
import { useState } from 'react'
import type { Call } from '../api/call.ts'
import { useText } from '../i18n/language.tsx'
import { CallText } from './call-text.tsx'

export function CallPanel() {
  const t = useText()
  const client = useQueryClient()
  const [calls, setCalls] = useState<readonly Call[]>()
  const open = () => {
    const active = client.getQueryCache().findAll({ queryKey: ['call'], type: 'active' })
    setCalls(active.map(({ queryKey }) => queryKey[3] as Call))
  }
  return (
    <>
      <Button icon={<CodeOutlined />} onClick={open}>
        API
      </Button>
      <Drawer
        title={t.page.calls}
        open={calls !== undefined}
        onClose={() => setCalls(undefined)}
        size="large"
      >
        <Typography.Paragraph>{t.page.callsHint}</Typography.Paragraph>
        {calls?.map((call) => (
          <CallText key={JSON.stringify(call)} call={call} />
        ))}
      </Drawer>
    </>
  )
}
